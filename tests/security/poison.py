"""Hostile words in every text column of a world, whatever the forms would have let through."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

from django.apps import apps
from django.db import models

from clauses.models import Clause, Erratum, Plan, Provision

PAYLOADS = (
    "<script>xss(1)</script>",
    '"><img src=x onerror=xss(2)>',
    "'><svg/onload=xss(3)>",
    "</textarea><script>xss(4)</script>",
    "</title><svg onload=xss(5)>",
    '" autofocus onfocus=xss(6) x="',
    "' onmouseover='xss(7)",
    "</script><img src onerror=xss(8)>",
    '<a href="javascript:xss(9)">x</a>',
    "&lt;b onx=xss(10)&gt;",
    "<!--xss(11)--><b onx=xss(11)>",
    "<b onx>",
    "\"onx='<b>",
)
SHORTEST = "<b onx>"
APPS = (
    "organizations",
    "notices",
    "documents",
    "clauses",
    "responsibilities",
    "inspections",
    "assessments",
)
# What addresses, periods, checks and sign-in are made of: no free text.
STRUCTURE = {
    "batch",
    "code",
    "national_code",
    "password",
    "period",
    "query",
    "seen_sha256",
    "snapshot",
    "snapshot_sha256",
    "result_sha256",
    "refs",
    "content_sha256",
    "sha256",
    "confirmed_sha256",
    "quarter",
    "source_sha256",
    "source_text",
    "submit_token",
    "username",
    "history_type",
    "number",
    "kind",
    "subject",
    "rule",
    "window",
    "run",
    "url",
    # 公文的存放位置和签发内容；内容里的敌意文字见 tests/documents。
    "content",
    "wording",
    "path",
}
# Lists of pairs: a unit, and why it was left out.
PAIRS = {"left_out"}
SLICES = {Clause: "text", Provision: "text", Erratum: "original"}


def poison() -> set[str]:
    """Write a payload into every free text of every row, histories included; return the columns."""
    written: set[str] = set()
    payloads = cycle(PAYLOADS)
    for model in apps.get_models():
        if model._meta.app_label in APPS:
            columns = list(_free_texts(model))
            for row in models.QuerySet(model):
                words = {column.name: _fit(column, payloads, row.pk) for column in columns}
                models.QuerySet(model).filter(pk=row.pk).update(**words)
            written |= {f"{model._meta.object_name}.{column.name}" for column in columns}
    for plan in Plan.objects.all():
        _poison_text(plan)
    return written


def _free_texts(model: type[models.Model]) -> Iterator[models.Field]:
    sliced = SLICES.get(model)
    for column in model._meta.concrete_fields:
        is_text = isinstance(column, (models.CharField, models.TextField, models.JSONField))
        if is_text and not column.choices and column.name not in {*STRUCTURE, sliced}:
            yield column


def _fit(column: models.Field, payloads: Iterator[str], pk: Any) -> Any:
    if isinstance(column, models.JSONField):
        words = next(payloads)
        return [[words, words]] if column.name in PAIRS else [words]
    room = column.max_length or 1000
    fitting = next(p for p in payloads if len(p) + 4 <= room or p == SHORTEST)
    return f"{fitting}{pk}"[:room]


def _poison_text(plan: Plan) -> None:
    """Overwrite the sentences in place, so that every offset still holds."""
    text = plan.source_text
    for sentence in plan.provisions.all():
        length = sentence.end - sentence.start
        payload = next(p for p in (*PAYLOADS[::-1], SHORTEST) if len(p) <= length)
        text = text[: sentence.start] + payload.ljust(length, "x") + text[sentence.end :]
    models.QuerySet(Plan).filter(pk=plan.pk).update(source_text=text)
    for model, column in SLICES.items():
        for row in model._default_manager.filter(plan=plan):
            models.QuerySet(model).filter(pk=row.pk).update(**{column: text[row.start : row.end]})

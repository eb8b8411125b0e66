"""Publishing an edition, withdrawing it, and opening or closing columns."""

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction

from assessments.rules.canonical import canonical_json, fingerprint
from clauses.models import Plan
from common.clock import day_of
from common.errors import DomainError, require
from common.tracked import save_with_history
from organizations.access import access_of
from organizations.models import User
from qinnan_safety.models import OpenField, Publication
from qinnan_safety.publication.fields import FIELDS, open_names
from qinnan_safety.publication.snapshot import take_snapshot


def open_now() -> frozenset[str]:
    """Return the columns that the next edition will show."""
    return open_names(dict(OpenField.objects.values_list("name", "is_open")))


def prepare(actor: User, *, today: date) -> tuple[dict[str, Any], str]:
    """Return the content that would be published now, and its fingerprint."""
    content = take_snapshot(access_of(actor, today=today), open_now(), today=today)
    return content, fingerprint(canonical_json(content))


def publish(*, seen_sha256: str, reason: str, actor: User, at: datetime) -> Publication:
    """Freeze what the office has just seen as the next edition.

    Raises: NotAllowed; DomainError without a reason, or when the figures moved meanwhile.
    """
    today = day_of(at)
    require(access_of(actor, today=today).is_office)
    if not reason.strip():
        raise DomainError("请写明公布的理由，如“第三季度例行公布”。")
    with transaction.atomic():
        list(Plan.objects.select_for_update(of=("self",)).values("pk"))  # one edition at a time
        content, sha256 = prepare(actor, today=today)
        if sha256 != seen_sha256:
            raise DomainError("您看过对照之后台账又有变化，没有公布。请看过新的对照再确认。")
        last = Publication.objects.order_by("-number").first()
        edition = Publication(
            number=last.number + 1 if last else 1,
            period=content["period"],
            as_of=today,
            content=canonical_json(content),
            sha256=sha256,
            reason=reason.strip(),
            published_by=actor,
            published_at=at,
        )
        save_with_history(edition, actor=actor, reason=f"公布：{edition.reason}", at=at)
    return edition


def withdraw(edition: Publication, *, reason: str, actor: User, at: datetime) -> Publication:
    """Take an edition back; its address stays and says so."""
    require(access_of(actor, today=day_of(at)).is_office)
    if not reason.strip():
        raise DomainError("撤回要写明理由，理由会在公开页上显示。")
    with transaction.atomic():
        edition = Publication.objects.select_for_update().get(pk=edition.pk)
        if edition.is_withdrawn:
            raise DomainError("这一期已经撤回。")
        edition.withdrawn_at, edition.withdrawn_by = at, actor
        edition.withdrawn_reason = reason.strip()
        save_with_history(edition, actor=actor, reason=f"撤回：{reason.strip()}", at=at)
    return edition


def set_openness(opened: Collection[str], *, reason: str, actor: User, at: datetime) -> int:
    """Open exactly the columns named, besides those always open. Returns: columns changed."""
    require(access_of(actor, today=day_of(at)).is_office)
    if not reason.strip():
        raise DomainError("改动公开的栏目要写明理由。")
    with transaction.atomic():
        before, stored = open_now(), {row.name: row for row in OpenField.objects.all()}
        moved = [f for f in FIELDS if not f.is_fixed and (f.name in opened) != (f.name in before)]
        for field in moved:
            row = stored.get(field.name) or OpenField(name=field.name)
            row.is_open = field.name in opened
            save_with_history(row, actor=actor, reason=reason.strip(), at=at)
    if not moved:
        raise DomainError("公开的栏目没有改动，没有保存。")
    return len(moved)


def content_of(edition: Publication) -> dict[str, Any]:
    """Return the frozen content of an edition."""
    found: dict[str, Any] = json.loads(edition.content)
    return found

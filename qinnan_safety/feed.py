"""What just happened in the ledger: the last acts of people, one line each, from the history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.urls import reverse

from clauses.models import Plan
from organizations.permissions import SYSTEM_USERNAME
from responsibilities.enums import ReportKind, ReviewDecision
from responsibilities.models import Obligation, ProgressReport, Review

SHOWN = 8
# 一次办理可以改动很多行，读到这么多行就够归并出最近几次。
READ = 300


@dataclass(frozen=True)
class Happening:
    """One act: who, what, when, and where to read on."""

    at: datetime
    actor: str
    text: str
    url: str = ""


def happenings(plan: Plan, today: date) -> list[Happening]:
    """Return the last acts on the plan's rows, newest first: three queries."""
    found = [*_edits(plan), *_reports(plan), *_reviews(plan)]
    return sorted(found, key=lambda item: item.at, reverse=True)[:SHOWN]


def _edits(plan: Plan) -> Iterator[Happening]:
    """Acts of people on rows; what one person did at one instant is one act."""
    rows = (
        Obligation.history.filter(plan_id=plan.pk)
        .exclude(history_user__username=SYSTEM_USERNAME)
        .order_by("-history_date", "-history_id")
        .values(
            "history_date",
            "history_change_reason",
            "code",
            "title",
            actor=F("history_user__full_name"),
        )[:READ]
    )
    acts: dict[tuple[datetime, str], list[dict[str, Any]]] = {}
    for row in rows:
        acts.setdefault((row["history_date"], row["actor"] or "（未记录）"), []).append(row)
    for (at, actor), members in acts.items():
        said = members[0]["history_change_reason"] or "修改"
        codes = sorted({member["code"] for member in members})
        if len(codes) == 1:
            text = f"{codes[0]} {members[0]['title']}：{said}"
            yield Happening(at, actor, text, row_url(plan, codes[0]))
        else:
            count = f"{READ} 项以上" if len(members) == READ else f"{len(codes)} 项"
            yield Happening(at, actor, f"{said}，{count}", "")


def _reports(plan: Plan) -> Iterator[Happening]:
    reports = (
        ProgressReport.history.filter(history_type="+", task__obligation__plan_id=plan.pk)
        .order_by("-history_date", "-history_id")
        .values(
            "history_date",
            "kind",
            unit=F("task__unit__short_name"),
            code=F("task__obligation__code"),
            title=F("task__obligation__title"),
        )[:SHOWN]
    )
    for row in reports:
        verb = "申请办结" if row["kind"] == ReportKind.CLOSING else "报送进展"
        text = f"{verb}：{row['code']} {row['title']}"
        yield Happening(row["history_date"], row["unit"], text, row_url(plan, row["code"]))


def _reviews(plan: Plan) -> Iterator[Happening]:
    task = "report__task__"
    reviews = (
        Review.history.filter(history_type="+", **{f"{task}obligation__plan_id": plan.pk})
        .order_by("-history_date", "-history_id")
        .values(
            "history_date",
            "decision",
            actor=F("history_user__full_name"),
            unit=F(f"{task}unit__short_name"),
            code=F(f"{task}obligation__code"),
        )[:SHOWN]
    )
    for row in reviews:
        decision = ReviewDecision(row["decision"]).label
        text = f"核验 {row['code']} {row['unit']}：{decision}"
        yield Happening(row["history_date"], row["actor"] or "", text, row_url(plan, row["code"]))


def row_url(plan: Plan, code: str) -> str:
    return reverse("responsibilities:obligation_detail", args=[plan.code, code])

"""What just happened in the ledger: the last acts of people, one line each, from the history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef
from django.urls import reverse

from clauses.models import Plan
from common.subrows import Subrows, instant
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


def feed_of_plan() -> dict[str, Subrows]:
    """What :func:`happenings` tells of a plan, to be read along with it."""
    return {"feed_edits": _edits(), "feed_reports": _reports(), "feed_reviews": _reviews()}


def happenings(plan: Any) -> list[Happening]:
    """Return the last acts on the rows of a plan read with :func:`feed_of_plan`, newest first."""
    found = [
        *(_edit(plan, act) for act in plan.feed_edits),
        *(_report(plan, act) for act in plan.feed_reports),
        *(_review(plan, act) for act in plan.feed_reviews),
    ]
    return sorted(found, key=lambda item: item.at, reverse=True)[:SHOWN]


def _edits() -> Subrows:
    """Acts of people on rows; what one person did at one instant is one act."""
    newest = (
        Obligation.history.filter(plan_id=OuterRef(OuterRef("pk")))
        .exclude(history_user__username=SYSTEM_USERNAME)
        .order_by("-history_date", "-history_id")
    )
    acts = (
        Obligation.history.filter(history_id__in=newest.values("history_id")[:READ])
        .values("history_date", "history_user")
        .annotate(
            actor=Min("history_user__full_name"),
            said=Max("history_change_reason"),
            changes=Count("history_id"),
            rows=Count("code", distinct=True),
            first=Min("code"),
            named=Max("title"),
        )
    )
    told = ("history_date", "actor", "said", "changes", "rows", "first", "named")
    return Subrows(acts.order_by("-history_date")[:SHOWN], *told)


def _edit(plan: Plan, act: dict[str, Any]) -> Happening:
    said = act["said"] or "修改"
    text, url = f"{act['first']} {act['named']}：{said}", row_url(plan, act["first"])
    if act["rows"] > 1:
        count = f"{READ} 项以上" if act["changes"] == READ else f"{act['rows']} 项"
        text, url = f"{said}，{count}", ""
    return Happening(instant(act["history_date"]), act["actor"] or "（未记录）", text, url)


def _reports() -> Subrows:
    reports = ProgressReport.history.filter(
        history_type="+", task__obligation__plan_id=OuterRef("pk")
    )
    return Subrows(
        reports.order_by("-history_date", "-history_id")[:SHOWN],
        "history_date",
        "kind",
        by=F("task__unit__short_name"),
        code=F("task__obligation__code"),
        title=F("task__obligation__title"),
    )


def _report(plan: Plan, act: dict[str, Any]) -> Happening:
    verb = "申请办结" if act["kind"] == ReportKind.CLOSING else "报送进展"
    text = f"{verb}：{act['code']} {act['title']}"
    return Happening(instant(act["history_date"]), act["by"], text, row_url(plan, act["code"]))


def _reviews() -> Subrows:
    task = "report__task__"
    reviews = Review.history.filter(
        history_type="+", **{f"{task}obligation__plan_id": OuterRef("pk")}
    )
    return Subrows(
        reviews.order_by("-history_date", "-history_id")[:SHOWN],
        "history_date",
        "decision",
        actor=F("history_user__full_name"),
        of=F(f"{task}unit__short_name"),
        code=F(f"{task}obligation__code"),
    )


def _review(plan: Plan, act: dict[str, Any]) -> Happening:
    text = f"核验 {act['code']} {act['of']}：{ReviewDecision(act['decision']).label}"
    url = row_url(plan, act["code"])
    return Happening(instant(act["history_date"]), act["actor"] or "", text, url)


def row_url(plan: Plan, code: str) -> str:
    return reverse("responsibilities:obligation_detail", args=[plan.code, code])

"""Demonstration: an accident with the tasks it opens, and matters put before the leaders."""

from datetime import timedelta

from clauses.models import Plan
from common.clock import morning_of
from organizations.models import Unit, User
from qinnan_safety.demo import Story
from responsibilities.enums import DeadlineKind, EventKind, ObligationState
from responsibilities.models import Task
from responsibilities.services.coordination import raise_matter
from responsibilities.services.events import Happening, months_later, register_event

MATTERS = {
    "04-01": ("（演示）三个部门对监管边界意见不一，会签三次未果。", "分管副区长召集一次专题会。"),
    "23-04": ("（演示）搬迁补偿资金没有落实，两家企业没有签约。", "月底前明确资金来源。"),
}


def add_acts(plan: Plan, office: User, story: Story) -> None:
    """Register an accident of the past fortnight and raise what is stuck."""
    _accident(plan, office, story)
    late = Task.objects.overdue(today=story.today).filter(obligation__plan=plan)
    at = morning_of(story.today - timedelta(days=3))
    for task in late.filter(obligation__code__in=MATTERS).order_by("due_on", "pk"):
        matter, proposal = MATTERS[task.obligation.code]
        raise_matter(task, matter=matter, proposal=proposal, actor=office, at=at)


def _accident(plan: Plan, office: User, story: Story) -> None:
    day = story.today - timedelta(days=12)
    rows = plan.obligations.filter(
        deadline_kind=DeadlineKind.EVENT,
        state=ObligationState.DISPATCHED,
        event__contains="发生一般以上",
    )
    happening = Happening(
        kind=EventKind.ACCIDENT,
        title="（演示）某工地物体打击事故",
        happened_on=day,
        document_no="（演示）事故快报第1号",
        unit=Unit.objects.filter(code="shabu").first(),
        note="（演示）一般事故，死亡 1 人。",
    )
    dues = {row: months_later(day, row.event_months or 1) for row in rows}
    register_event(plan, happening, dues, actor=office, at=morning_of(day + timedelta(days=1)))

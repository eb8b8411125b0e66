"""Demonstration inspections: what heads led in each quarter, made by the product's own services."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from clauses.models import Plan
from common.clock import morning_of
from inspections.content import FindingLine, InspectionContent
from inspections.enums import Handling, InspectionMethod, LeaderKind
from inspections.expected import inspection_tasks
from inspections.models import Inspection
from inspections.services.confirming import confirm_inspection
from inspections.services.recording import prepare_inspection, submit_inspection
from organizations.enums import PostKind
from organizations.models import Appointment, Unit, User
from organizations.services.people import appoint, create_user, ensure_post, get_system_user
from qinnan_safety.demo_dice import dice
from responsibilities.models import Task

CHECKED = "（演示）安全生产责任制落实情况、现场作业安全措施、应急预案和演练记录。"
PLACES = "（演示）沙埠镇临水临崖路段施工点\n（演示）区汽车客运站\n（演示）危货运输企业停车场"
PROBLEMS = (
    ("（演示）施工点临边防护缺失约 6 米", Handling.BY_DATE),
    ("（演示）东侧疏散通道堆放货物", Handling.ON_THE_SPOT),
    ("（演示）消防水压不足", Handling.BY_DATE),
)
# 演示账号的单位留给人试：检查等负责人确认，隐患等人复查。
LEFT_WAITING = frozenset({"zjj"})


@dataclass(frozen=True)
class Visit:
    """When an inspection was made, and when the head confirmed it, if at all."""

    inspected_on: date
    confirmed_on: date | None

    @property
    def last_day(self) -> date:
        return self.confirmed_on or self.inspected_on


def inspect_quarters(
    plan: Plan, liaisons: Mapping[int, User], today: date, *, until: date | None = None
) -> None:
    """Make the inspections up to ``today``, or the part that is over before ``until``."""
    done = set(Inspection.objects.values_list("unit", "quarter"))
    owed = inspection_tasks().open().filter(obligation__plan=plan).with_units().order_by("pk")
    for task in owed:
        visit = _visit(task, today)
        if visit is None or (task.unit_id, task.period) in done:
            continue
        if until is None or visit.last_day < until:
            _inspect(task, visit, liaisons[task.unit_id])


def _visit(task: Task, today: date) -> Visit | None:
    """Decide by the codes alone: nearly all in time, some late, one in twenty missing."""
    if task.starts_on is None or task.due_on is None:
        return None
    roll = dice("inspection", task.unit.code, task.period)
    begins = max(task.starts_on, task.unit.valid_from or task.starts_on)
    if begins > task.due_on:
        return None
    inspected = begins + timedelta(days=25 + roll % 50)
    if inspected > task.due_on:
        inspected = task.due_on
    is_now = task.due_on >= today
    if inspected > today - timedelta(days=3 if is_now else 0) or roll % 20 == 7:
        return None
    if is_now and (roll % 6 == 1 or task.unit.code in LEFT_WAITING):
        return Visit(inspected, None)
    confirmed = task.due_on + timedelta(days=4) if roll % 12 == 3 else inspected + timedelta(days=2)
    return Visit(inspected, min(confirmed, today))


def _inspect(task: Task, visit: Visit, liaison: User) -> None:
    head = head_of(task.unit, visit.inspected_on)
    inspection = prepare_inspection(
        task.unit,
        _words(task, visit, head),
        token=f"demo-{task.pk}",
        actor=liaison,
        at=morning_of(visit.inspected_on, 16),
    )
    inspection = submit_inspection(
        inspection,
        version=inspection.version,
        actor=liaison,
        at=morning_of(visit.inspected_on, 17),
    )
    if visit.confirmed_on is not None:
        at = max(morning_of(visit.confirmed_on, 9), morning_of(visit.inspected_on, 18))
        confirm_inspection(
            inspection,
            seen_sha256=inspection.content_sha256,
            declared=True,
            authenticated_at=at,
            actor=head,
            at=at,
        )


def head_of(unit: Unit, day: date) -> User:
    """Return who heads the unit; units without an account get a silent demonstration one."""
    system, at = get_system_user(), morning_of(day, 1)
    held = Appointment.objects.filter(post__unit=unit, post__kind=PostKind.HEAD).with_people()
    if (standing := held.first()) is not None:
        return standing.user
    post = ensure_post(unit, PostKind.HEAD, title="主要负责人", actor=system, at=at)
    user = create_user(
        username=f"demo-head-{unit.code}",
        full_name=f"{unit.short_name}负责人",
        password=None,
        is_demo=True,
        actor=system,
        at=at,
    )
    since = unit.valid_from or date(day.year - 1, 12, 1)
    return appoint(user, post, starts_on=since, actor=system, at=at).user


def _words(task: Task, visit: Visit, head: User) -> InspectionContent:
    count = dice("found", task.unit.code, task.period) % (len(PROBLEMS) + 1)
    if task.unit.code in LEFT_WAITING:
        count = len(PROBLEMS)
    return InspectionContent(
        inspected_on=visit.inspected_on,
        leader_kind=LeaderKind.HEAD,
        leader_name=str(head),
        team="（演示）分管负责人等 4 人",
        field="、".join(str(sector) for sector in task.unit.sectors[:2])[:60] or "本行业领域",
        method=InspectionMethod.UNANNOUNCED,
        places=PLACES,
        checked=CHECKED,
        findings=tuple(
            FindingLine(
                problem,
                handling,
                visit.inspected_on + timedelta(days=15) if handling == Handling.BY_DATE else None,
            )
            for problem, handling in PROBLEMS[:count]
        ),
    )

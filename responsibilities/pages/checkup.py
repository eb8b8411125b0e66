"""体检: what in the ledger does not hold together, each with the place where it is put right.

Every check is one question to the database; only the first findings are fetched, all are counted.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Trim
from django.urls import reverse

from clauses.models import Plan
from common.clock import morning_of
from common.templatetags.display import day
from common.workdays import minus_working_days
from organizations.enums import PostKind
from organizations.models import Appointment
from responsibilities.enums import ExtensionState, FulfilledBy, TaskState
from responsibilities.models import (
    Extension,
    Obligation,
    ObligationSource,
    ProgressReport,
    Task,
    TaskQuerySet,
)
from responsibilities.rules import RECEIPT_WORKDAYS
from responsibilities.services.dispatch import PROBLEM_WORDS, ProblemKind, find_problems

SHOWN = 10  # 每一项体检先列出的条数
REVIEW_WORKDAYS = 5  # 报来几个工作日还没核验算积压


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, in words, and the page where it is put right."""

    text: str
    note: str
    url: str
    code: str = ""


@dataclass(frozen=True)
class Check:
    """One question of the check-up and what it found."""

    key: str
    name: str
    remedy: str
    count: int
    findings: Sequence[Finding]

    @property
    def more(self) -> int:
        return self.count - len(self.findings)


@dataclass(frozen=True)
class Checkup:
    """All checks of one plan on one day."""

    plan: Plan
    checks: Sequence[Check]

    @property
    def failed(self) -> list[Check]:
        return [check for check in self.checks if check.count]

    @property
    def passed(self) -> list[Check]:
        return [check for check in self.checks if not check.count]

    @property
    def total(self) -> int:
        return sum(check.count for check in self.checks)


def checkup(plan: Plan, today: date, most: int | None = SHOWN) -> Checkup:
    """Ask every question about ``plan`` as it stands on ``today``.

    Each lists its first ``most`` findings, or all of them.
    Source: 方案(三十三)“按照责任清单和时间表,定期检查、全程跟踪”。
    """
    return Checkup(plan, [ask(plan, today, most) for ask in (*CHECKS, *_more.values())])


def _task_check(
    words: tuple[str, str, str], tasks: TaskQuerySet, most: int | None, page: str = ""
) -> Check:
    """Turn tasks into a check whose findings lead to the row of each task, or to its ``page``."""
    shown = tasks.with_obligations().order_by("due_on", "obligation__code", "pk")[:most]
    findings = [
        Finding(
            task.obligation.title,
            _whose(task),
            reverse(f"responsibilities:{page}", args=[task.pk])
            if page
            else task.get_absolute_url(),
            task.obligation.code,
        )
        for task in shown
    ]
    key, name, remedy = words
    return Check(key, name, remedy, tasks.count(), findings)


def _whose(task: Task) -> str:
    due = f"{task.due_on.isoformat()} 到期" if task.due_on else "长期坚持"
    return " · ".join(filter(None, (task.unit.short_name, task.period_label, due)))


def _of_plan(plan: Plan) -> TaskQuerySet:
    return Task.objects.filter(obligation__plan=plan)


def closed_without_proof(plan: Plan, today: date, most: int | None) -> Check:
    """Closed tasks that no accepted report proves."""
    proofs = ProgressReport.objects.filter(task=OuterRef("pk")).proving()
    tasks = _of_plan(plan).filter(
        ~Exists(proofs),
        state=TaskState.CLOSED,
        obligation__fulfilled_by=FulfilledBy.REPORT,
    )
    remedy = "佐证材料已作废、也没有文号：请重新打开，由责任单位补报后再核验。"
    return _task_check(("unproved", "已办结但没有佐证", remedy), tasks, most, page="task_reopen")


def overdue_unreviewed(plan: Plan, today: date, most: int | None) -> Check:
    """Reports past the due date, or older than some working days, that nobody has reviewed."""
    old = morning_of(minus_working_days(today, REVIEW_WORKDAYS), 0)
    late = Q(task__due_on__lt=today) | Q(submitted_at__lt=old)
    waiting = ProgressReport.objects.awaiting_review().filter(late, task__obligation__plan=plan)
    shown = waiting.with_people().order_by("submitted_at", "pk")[:most]
    findings = [
        Finding(
            report.task.obligation.title,
            f"{report.task.unit.short_name} · {day(report.submitted_at)}报来",
            reverse("responsibilities:report_review", args=[report.pk]),
            report.task.obligation.code,
        )
        for report in shown
    ]
    remedy = "单位已经报来，等的是区安委办：请逐条核验。"
    name = f"已到期或报来超过 {REVIEW_WORKDAYS} 个工作日还没核验"
    return Check("unreviewed", name, remedy, waiting.count(), findings)


def late_extensions(plan: Plan, today: date, most: int | None) -> Check:
    """Requests for more time still undecided after the due date."""
    asked = Extension.objects.filter(
        state=ExtensionState.REQUESTED, task__obligation__plan=plan, previous_due_on__lt=today
    )
    findings = [
        Finding(
            item.task.obligation.title,
            f"{item.task.unit.short_name} · 申请延至 {item.asked_due_on.isoformat()}",
            reverse("responsibilities:extension_decide", args=[item.pk]),
            item.task.obligation.code,
        )
        for item in asked.with_tasks().order_by("requested_at", "pk")[:most]
    ]
    remedy = "申请在到期前提出，到期后还没有批：请给出确定的新日期或写明不同意的理由。"
    return Check("extensions", "延期申请到期未批", remedy, asked.count(), findings)


def not_received(plan: Plan, today: date, most: int | None) -> Check:
    """Tasks whose units have not received them some working days after they began."""
    day = minus_working_days(today, RECEIPT_WORKDAYS)
    tasks: Any = _of_plan(plan).filter(state=TaskState.AWAITING_RECEIPT).started_by(day)
    tasks = tasks.with_handed_at().filter(handed_at__lt=morning_of(day, 0))
    remedy = "请电话告知联络员签收；联络员有变动的，到单位人员里登记交接。"
    name = f"下发超过 {RECEIPT_WORKDAYS} 个工作日没有签收"
    return _task_check(("unreceived", name, remedy), tasks, most)


def gone_units(plan: Plan, today: date, most: int | None) -> Check:
    """Open tasks that still lie with a unit that no longer exists."""
    tasks = _of_plan(plan).open().filter(unit__valid_to__lt=today)
    remedy = "请在单位页登记承接单位；登记后任务自动转交。"
    return _task_check(("gone", "责任单位已撤销，任务没有人接", remedy), tasks, most)


def missing_lead(plan: Plan, today: date, most: int | None) -> Check:
    return _row_check(plan, ProblemKind.NO_LEAD, "请给任务定一个牵头单位。", most)


def many_leads(plan: Plan, today: date, most: int | None) -> Check:
    return _row_check(plan, ProblemKind.MANY_LEADS, "请只留一个牵头，其余改为配合。", most)


def _row_check(plan: Plan, kind: ProblemKind, remedy: str, most: int | None) -> Check:
    rows = Obligation.objects.of_plan(plan).live()
    found = [problem for problem in find_problems(plan, rows) if problem.kind == kind]
    codes = found[0].codes if found else ()
    titles = dict(rows.filter(code__in=codes[:most]).values_list("code", "title"))
    findings = [
        Finding(
            titles[code],
            "到责任单位页修改",
            reverse("responsibilities:obligation_units", args=[plan.code, code]),
            code,
        )
        for code in codes[:most]
    ]
    return Check(kind.value, PROBLEM_WORDS[kind], remedy, len(codes), findings)


def duplicate_rows(plan: Plan, today: date, most: int | None) -> Check:
    """Rows that say the same: one title twice, or the very same stretch of the text twice."""
    rows = Obligation.objects.of_plan(plan).live()
    same_title = rows.annotate(named=Trim("title")).order_by().values("named")
    titles = {r["named"] for r in same_title.annotate(n=Count("pk")).filter(n__gt=1)}
    sources = ObligationSource.objects.filter(obligation__in=rows).order_by()
    spans = sources.values("provision", "start", "end")
    twice = {r["provision"] for r in spans.annotate(n=Count("pk")).filter(n__gt=1)}
    groups: dict[tuple[object, ...], list[Obligation]] = defaultdict(list)
    for row in rows.filter(title__in=titles).with_plan():
        groups[("title", row.title.strip())].append(row)
    shared = sources.filter(provision__in=twice).select_related("obligation__plan")
    for source in shared.defer("obligation__plan__source_text").order_by("pk"):
        groups[(source.provision_id, source.start, source.end)].append(source.obligation)
    pairs = {tuple(sorted({r.code for r in group})): group for group in groups.values()}
    doubled = {codes: group for codes, group in pairs.items() if len(codes) > 1}
    findings = [
        Finding(
            doubled[codes][0].title,
            f"编号 {'、'.join(codes)}",
            doubled[codes][0].get_absolute_url(),
        )
        for codes in sorted(doubled)[:most]
    ]
    remedy = "同一件事不向两处要：请合并，或写清两项各办什么。"
    return Check("duplicates", "重复的任务", remedy, len(doubled), findings)


def empty_posts(plan: Plan, today: date, most: int | None) -> Check:
    """Units that owe work and have nobody to report it, or nobody to sign for it."""
    owed = _of_plan(plan).open().order_by()
    units = owed.filter(Q(unit__valid_to=None) | Q(unit__valid_to__gte=today)).values_list(
        "unit__code", "unit__short_name", "unit__order"
    )
    held = Appointment.objects.on(today).filter(user__is_active=True)
    kinds = dict[str, set[str]]()
    for code, kind in held.values_list("post__unit__code", "post__kind"):
        kinds.setdefault(code, set()).add(kind)
    wanted = (PostKind.LIAISON, PostKind.HEAD)
    lacking = [
        (code, name, [kind.label for kind in wanted if kind not in kinds.get(code, set())])
        for code, name, _order in sorted(set(units), key=lambda unit: unit[2])
    ]
    bare = [entry for entry in lacking if entry[2]]
    findings = [
        Finding(
            name, f"没有在任的{'、'.join(posts)}", reverse("organizations:unit_detail", args=[code])
        )
        for code, name, posts in bare[:most]
    ]
    remedy = "请在单位页登记岗位和任职人；没有人，任务和提醒就送不到。"
    return Check("posts", "有任务的单位缺联络员或主要负责人", remedy, len(bare), findings)


Ask = Callable[[Plan, date, int | None], Check]
CHECKS: tuple[Ask, ...] = (
    overdue_unreviewed,
    late_extensions,
    closed_without_proof,
    missing_lead,
    many_leads,
    duplicate_rows,
    gone_units,
    empty_posts,
    not_received,
)
_more: dict[str, Ask] = {}


def register_check(name: str, ask: Ask) -> None:
    """Let an app above ask one more question; registering the same name again replaces it."""
    _more[name] = ask


__all__ = ["CHECKS", "SHOWN", "Check", "Checkup", "Finding", "checkup", "register_check"]

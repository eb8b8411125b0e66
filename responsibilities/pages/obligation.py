"""The page of one row of the ledger: text, units, deadline, work by unit and period, progress."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import Count, Exists, OuterRef, Window

from clauses.models import Clause
from organizations.access import Access
from responsibilities.chasing import CHASEABLE_STATES
from responsibilities.enums import (
    AssignmentRole,
    ExtensionState,
    ObligationState,
    ReportState,
    TaskState,
)
from responsibilities.fulfilment import way_of
from responsibilities.milestones import RowStep, RowSteps, Steps, steps_of
from responsibilities.models import (
    Milestone,
    Obligation,
    ProgressReport,
    Remark,
    Task,
)
from responsibilities.models.obligation import ObligationQuerySet
from responsibilities.models.progress import ProgressReportQuerySet
from responsibilities.pages.obligation_text import Passage, passages, sentences_around
from responsibilities.pages.obligation_work import Work, tasks_of_row, work_of_row
from responsibilities.pages.owners import OwnerGroup, RoleOwners, held_units, owner_groups
from responsibilities.pages.remarks import may_remark, remarks_of
from responsibilities.pages.rows import Tag
from responsibilities.pages.timeline import Recent, recent_acts
from responsibilities.rules import Lamp

# 进展先列最近几条。
REPORTS = 8


@dataclass(frozen=True)
class Asked:
    """What the address asks to see in full: one period of the work, or all progress."""

    period: str = ""
    all_progress: bool = False


PLAIN = Asked()


@dataclass(frozen=True)
class ObligationPage:
    """Everything that the page of a row shows to one person on one day."""

    row: Obligation
    lamp: Lamp
    tags: tuple[Tag, ...]
    passages: list[Passage]
    groups: tuple[OwnerGroup, ...]
    work: Work
    reports: list[ProgressReport]
    report_count: int
    recent: Recent
    related: tuple[tuple[Obligation, Lamp], ...]
    steps: RowSteps
    remarks: list[Remark]
    may_remark: bool
    may_reopen: bool

    @property
    def roles(self) -> list[RoleOwners]:
        found = {role: tuple(g for g in self.groups if g.role == role) for role in AssignmentRole}
        return [RoleOwners(role, groups) for role, groups in found.items() if groups]

    @property
    def quotes(self) -> list[str]:
        """The words of the plan that the row comes from."""
        return [passage.quote for passage in self.passages]

    @property
    def clause_url(self) -> str:
        return f"{self.row.plan.get_absolute_url()}#c{self.row.clause.number:02d}"

    @property
    def can_chase(self) -> bool:
        return any(line.task.state in CHASEABLE_STATES for line in self.work.lines)

    @property
    def is_draft(self) -> bool:
        return self.row.state == ObligationState.DRAFT

    @property
    def is_void(self) -> bool:
        return self.row.state == ObligationState.VOID


def obligation_page(
    plan: str, code: str, *, access: Access, today: date, asked: Asked = PLAIN
) -> ObligationPage | None:
    """Build the page, or None for a row that is not there or not this person's to see.

    Six statements, one more when progress was reported, two where the row has milestones, one
    where units that assist said something, however many units and periods.
    """
    rows = _rows_of_clause(plan, code, access)
    row = next((row for row in rows if row.code == code), None)
    if row is None:
        return None
    held = held_units(row, today)
    tasks = tasks_of_row(row, access)
    leads = [item for item in held if item.role == AssignmentRole.LEAD]
    steps = _steps(row, tasks)
    work = work_of_row(row, tasks, leads, today, asked.period, steps)
    reports, report_count = _reports(row, tasks, access, asked)
    units = {item.unit_id: item.unit for item in held} | {task.unit_id: task.unit for task in tasks}
    return ObligationPage(
        row=row,
        lamp=_lamp(row, today),
        tags=_tags(row, work),
        passages=passages(sentences_around(row)),
        groups=owner_groups(held, access),
        work=work,
        reports=reports,
        report_count=report_count,
        recent=recent_acts(row, access, units),
        related=_related(row, rows, today),
        steps=_row_steps(row, work, steps),
        remarks=remarks_of(row, access),
        may_remark=may_remark(row, held, access),
        may_reopen=access.is_office and _is_reported_on(row),
    )


def _is_reported_on(row: Obligation) -> bool:
    """Whether reports close the tasks of the row, so that the office may open them again."""
    return row.state == ObligationState.DISPATCHED and way_of(row) is None


def _related(
    row: Obligation, rows: Iterable[Obligation], today: date
) -> tuple[tuple[Obligation, Lamp], ...]:
    """Return the other rows of the clause that still stand, with their lamps."""
    return tuple(
        (other, _lamp(other, today))
        for other in rows
        if other.pk != row.pk and other.state != ObligationState.VOID
    )


def _lamp(row: Obligation, today: date) -> Lamp:
    lamp = row.lamp_on(today)
    return Lamp(lamp.kind, "已撤销") if row.state == ObligationState.VOID else lamp


def _rows_of_clause(plan: str, code: str, access: Access) -> list[Obligation]:
    """Return the row and its neighbours in the clause: one query for the page and 相关任务."""
    clauses = Clause.objects.filter(plan__code=plan, obligations__code=code)
    rows = _told_rows().visible_to(access).with_row_dates(access)
    return list(rows.filter(plan__code=plan, clause__in=clauses).order_by("code"))


@cache
def _told_rows() -> ObligationQuerySet:
    """The rows as their pages show them; kept is the question, put together once."""
    steps = Milestone.objects.standing().filter(obligation=OuterRef("pk"))
    remarks = Remark.objects.filter(obligation=OuterRef("pk"))
    rows = Obligation.objects.with_plan().select_related("dispatched_by")
    return rows.annotate(has_steps=Exists(steps), has_remarks=Exists(remarks))


def _steps(row: Obligation, tasks: Iterable[Task]) -> Mapping[int, Steps]:
    return steps_of(tasks) if getattr(row, "has_steps", False) else {}


def _row_steps(row: Obligation, work: Work, steps: Mapping[int, Steps]) -> RowSteps:
    """Return the milestones with what this period's tasks have reached of them."""
    if not getattr(row, "has_steps", False):
        return RowSteps()
    if shown := [steps[line.task.pk] for line in (work.current or work).lines]:
        return RowSteps.of_tasks(shown)
    return RowSteps(tuple(RowStep(item) for item in row.milestones.standing()))


def _reports(
    row: Obligation, tasks: Iterable[Task], access: Access, asked: Asked
) -> tuple[list[ProgressReport], int]:
    """Return the newest accepted progress on the row, and how much there is in all."""
    if not any(task.last_reported_on for task in tasks):
        return [], 0
    found = _told_reports().visible_to(access).filter(task__obligation=row)
    reports = list(found if asked.all_progress else found[:REPORTS])
    return list(reports), getattr(reports[0], "all", 0) if reports else 0


@cache
def _told_reports() -> ProgressReportQuerySet:
    """Accepted progress as the page shows it; kept is the question, put together once."""
    accepted = ProgressReport.objects.filter(state=ReportState.ACCEPTED).with_evidence()
    told = accepted.select_related("author", "task__unit", "review__reviewer")
    return told.annotate(all=Window(Count("pk")))


def _tags(row: Obligation, work: Work) -> tuple[Tag, ...]:
    """Return what is not as it should be, in the order in which it wants attention."""
    lines = work.lines
    states = [line.task.state for line in lines]
    counted = (
        (TaskState.RETURNED.label, states.count(TaskState.RETURNED), "red"),
        (TaskState.UNDER_REVIEW.label, states.count(TaskState.UNDER_REVIEW), "blue"),
        (ExtensionState.REQUESTED.label, sum(line.is_waiting_for_time for line in lines), "amber"),
        ("已延期", len(work.extended), ""),
    )
    tags = [
        Tag(label if len(lines) == 1 else f"{label} {count}", tone)
        for label, count, tone in counted
        if count
    ]
    if row.deadline_kind == "undecided" and row.state != ObligationState.VOID:
        tags.insert(0, Tag("时限待明确", "amber"))
    return tuple(tags)

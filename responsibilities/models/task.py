"""Task (办理件): what one unit owes for one obligation in one period."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from common.days import full_day
from common.errors import ensure_transition
from common.tracked import TrackedQuerySet, history
from organizations.models import Unit
from responsibilities.enums import OPEN_TASK_STATES, TASK_TRANSITIONS, DeadlineKind, TaskState
from responsibilities.fulfilment import Way, way_of
from responsibilities.models.event import Event
from responsibilities.models.obligation import Obligation
from responsibilities.periods import period_label
from responsibilities.rules import Lamp, LampFacts, lamp, thresholds_of

if TYPE_CHECKING:
    from organizations.access import Access


class TaskQuerySet(TrackedQuerySet["Task"]):
    def visible_to(self, access: "Access") -> "TaskQuerySet":
        """Everything for the office, leaders and auditors; a unit's own dispatched tasks else."""
        if access.sees_all:
            return self
        return self.filter(unit__in=access.unit_ids).exclude(state=TaskState.UNDISPATCHED)

    def open(self) -> "TaskQuerySet":
        return self.filter(state__in=OPEN_TASK_STATES)

    def locked(self) -> "TaskQuerySet":
        """The tasks held for this transaction; whoever changes several locks their rows before."""
        return self.select_for_update(of=("self",)).order_by("pk")

    def overdue(self, *, today: date) -> "TaskQuerySet":
        """Open tasks past their date; a task without a date (NULL) is never overdue."""
        return self.open().filter(due_on__lt=today)

    def started_by(self, day: date) -> "TaskQuerySet":
        """Tasks whose period has begun by ``day``; once-off tasks have always begun."""
        return self.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=day))

    def with_handed_at(self) -> "TaskQuerySet":
        """Annotate when each task came to the unit that has it: by dispatch, by a change of lead,
        from the unit before it, or back after it was void."""
        rows = Task.history.filter(id=OuterRef("pk")).order_by("history_id")
        not_theirs = rows.filter(~Q(unit=OuterRef("unit")) | Q(state=TaskState.VOID))
        latest = not_theirs.order_by("-history_id").values("history_id")[:1]
        since = rows.filter(history_id__gt=OuterRef("handed_after")).values("history_date")[:1]
        return self.annotate(handed_after=Coalesce(Subquery(latest), Value(0))).annotate(
            handed_at=Subquery(since)
        )

    def with_units(self) -> "TaskQuerySet":
        return self.select_related("unit")

    def with_obligations(self) -> "TaskQuerySet":
        return self.select_related("unit", "obligation__clause", "obligation__plan").defer(
            "obligation__plan__source_text"
        )


class Task(models.Model):
    """办理件：一个单位为一项任务在一个期次里应办的事。"""

    obligation = models.ForeignKey(
        Obligation,
        verbose_name="任务",
        on_delete=models.PROTECT,
        related_name="tasks",
        db_index=False,
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name="责任单位",
        on_delete=models.PROTECT,
        related_name="tasks",
        db_index=False,
    )
    event = models.ForeignKey(
        Event,
        verbose_name="由哪件事引起",
        on_delete=models.PROTECT,
        related_name="tasks",
        null=True,
        blank=True,
    )
    period = models.CharField("期次", max_length=8, blank=True, default="")
    starts_on = models.DateField("期次起始日", null=True, blank=True)
    due_on = models.DateField("到期日", null=True, blank=True)
    original_due_on = models.DateField("原到期日", null=True, blank=True)
    state = models.CharField(
        "办理状态", max_length=20, choices=TaskState, default=TaskState.UNDISPATCHED
    )
    received_at = models.DateTimeField("签收时间", null=True, blank=True)
    received_by = models.ForeignKey(
        "organizations.User",
        verbose_name="签收人",
        on_delete=models.PROTECT,
        related_name="received_tasks",
        null=True,
        blank=True,
    )
    last_reported_on = models.DateField("最近报进展日期", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    closed_by = models.ForeignKey(
        "organizations.User",
        verbose_name="办结人",
        on_delete=models.PROTECT,
        related_name="closed_tasks",
        null=True,
        blank=True,
    )
    reopened = models.PositiveSmallIntegerField("重新打开次数", default=0)
    version = models.PositiveIntegerField("版本", default=1)

    objects = TaskQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "办理件"
        verbose_name_plural = "办理件"
        ordering = ["obligation__code", "period", "unit__order", "pk"]
        indexes = [
            models.Index(fields=["unit", "state", "due_on", "id"], name="responsib_task_unit"),
            models.Index(fields=["state", "due_on", "id"], name="responsib_task_due"),
            models.Index(
                fields=["obligation", "state", "due_on"], name="responsib_task_obligation"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="responsibilities_task_once",
                fields=["obligation", "unit", "period"],
                violation_error_message="该单位在这一期次已有同一办理件。",
            ),
            models.CheckConstraint(
                name="responsibilities_task_state",
                condition=Q(state__in=TaskState.values),
                violation_error_message="办理状态不在规定范围内。",
            ),
            models.CheckConstraint(
                name="responsibilities_task_closed_pair",
                condition=Q(
                    state=TaskState.CLOSED,
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    closed_on__isnull=False,
                )
                | (
                    ~Q(state=TaskState.CLOSED)
                    & Q(closed_at__isnull=True, closed_by__isnull=True, closed_on__isnull=True)
                ),
                violation_error_message="已办结的办理件应有办结日期和办结人，未办结的不应有。",
            ),
            models.CheckConstraint(
                name="responsibilities_task_received_pair",
                condition=Q(received_at__isnull=True, received_by__isnull=True)
                | Q(received_at__isnull=False, received_by__isnull=False),
                violation_error_message="签收时间和签收人应同时填写。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation.code} {self.unit} {self.period_label}".strip()

    def get_absolute_url(self) -> str:
        return reverse(
            "responsibilities:obligation_detail",
            args=[self.obligation.plan.code, self.obligation.code],
        )

    @property
    def period_label(self) -> str:
        return period_label(self.period)

    @property
    def other_way(self) -> Way | None:
        """Where the task is worked on when no report fulfils it."""
        return way_of(self.obligation)

    @property
    def is_late(self) -> bool:
        """Whether the task was closed after its date; the mark stays for good."""
        return (
            self.closed_on is not None and self.due_on is not None and self.closed_on > self.due_on
        )

    @property
    def is_extended(self) -> bool:
        """Whether the task is due later than it once was."""
        return bool(self.due_on and self.original_due_on and self.due_on > self.original_due_on)

    @property
    def last_word(self) -> date | None:
        """Since when nothing was told of the task, equal to the expression of that name."""
        return max(filter(None, (self.last_reported_on, self.starts_on)), default=None)

    def is_overdue_on(self, today: date) -> bool:
        return self.state in OPEN_TASK_STATES and self.due_on is not None and self.due_on < today

    def why_too_early(self, today: date) -> str:
        """Return why nothing is reported yet, as a sentence; empty once the period has begun."""
        if self.starts_on is None or self.starts_on <= today:
            return ""
        begins = full_day(self.starts_on)
        if not self.period:
            return f"这件任务还没有开始，{begins}起报。"
        return f"{self.period_label}还没有开始，{begins}起报；现在办的事，报到本期。"

    def move_to(
        self,
        target: TaskState,
        table: Mapping[TaskState, frozenset[TaskState]] = TASK_TRANSITIONS,
    ) -> None:
        """Take a step of the state table, and a new version; nothing else changes the state.

        A task that was closed or received is so no more once it is open, or awaits receipt, again.
        Raises: TransitionNotAllowed when the table has no such step.
        """
        ensure_transition(TaskState(self.state), target, table)
        self.state, self.version = target, self.version + 1
        if target == TaskState.AWAITING_RECEIPT:
            self.received_at = self.received_by = None
        if target != TaskState.CLOSED:
            self.closed_on = self.closed_at = self.closed_by = None

    def count_from(self, today: date) -> None:
        """Let work without a date begin anew with the unit that gets it: its silence before is
        not that unit's."""
        if self.due_on is None:
            self.starts_on = max(self.starts_on or today, today)

    def redate(self, due_on: date | None) -> None:
        """Take the date of a new deadline; a later one leaves the former date to be seen."""
        former, self.due_on = self.original_due_on, due_on
        if former is None or (due_on is not None and due_on < former):
            self.original_due_on = due_on

    def lamp_on(self, today: date) -> Lamp:
        """Return the task's lamp on ``today``."""
        periodic = self.obligation.deadline_kind == DeadlineKind.PERIODIC
        return lamp(
            LampFacts(
                is_draft=self.state == TaskState.UNDISPATCHED,
                is_closed=self.state == TaskState.CLOSED,
                due_on=self.due_on,
                is_periodic=periodic,
                quiet_since=None if self.due_on else self.last_word,
                starts_on=self.starts_on if periodic else None,
            ),
            today=today,
            thresholds=thresholds_of(self.obligation.plan),
        )

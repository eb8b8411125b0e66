"""Obligation (任务, a row of the ledger), the sentences it comes from, the units it rests on."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from clauses.models import Clause, Plan, Provision
from common.tracked import TrackedQuerySet, history
from organizations.models import Unit, UnitAlias
from responsibilities.enums import (
    AssignmentRole,
    DeadlineKind,
    Frequency,
    FulfilledBy,
    FulfilmentMode,
    LampKind,
    ObligationState,
    TaskState,
)
from responsibilities.models.lamp_dates import last_word, silent_before, soon_by
from responsibilities.rules import Lamp, LampFacts, deadline_words, lamp, thresholds_of

if TYPE_CHECKING:
    from organizations.access import Access

# 汇总列由办理件推出，随办理件在同一事务内改写，不入历史。
ROLLUP_FIELDS = ("open_due_on", "quiet_since", "open_count", "task_count")


class ObligationQuerySet(TrackedQuerySet["Obligation"]):
    def visible_to(self, access: "Access") -> "ObligationQuerySet":
        """Every row for those who see all; for a unit the dispatched rows that it is in."""
        if access.sees_all:
            return self
        own = Assignment.objects.filter(obligation=OuterRef("pk"), unit__in=access.unit_ids)
        return self.filter(models.Exists(own), state=ObligationState.DISPATCHED)

    def live(self) -> "ObligationQuerySet":
        return self.exclude(state=ObligationState.VOID)

    def coded(self, code: str, *, plan: str = "") -> "ObligationQuerySet":
        """Rows of that code, in one plan or in all of them."""
        return self.filter(code=code, plan__code=plan) if plan else self.filter(code=code)

    def drafts(self) -> "ObligationQuerySet":
        return self.filter(state=ObligationState.DRAFT)

    def of_plan(self, plan: Plan) -> "ObligationQuerySet":
        return self.filter(plan=plan)

    def with_row_dates(self, access: "Access") -> "ObligationQuerySet":
        """Annotate what the lamp of each row rests on, as the person sees it.

        The office sees the row's own roll-up; a unit that owes tasks sees only its own, so
        another unit's lateness never shows through; a unit that only assists sees the row's.
        """
        if access.sees_all:
            return self.annotate(
                row_due_on=F("open_due_on"), row_quiet=F("quiet_since"), row_open=F("open_count")
            )
        from responsibilities.models.task import Task

        mine = Task.objects.visible_to(access).filter(obligation=OuterRef("pk"))
        owed = mine.open().order_by().values("obligation")
        quiet = models.Min(last_word(), filter=Q(due_on=None))
        due, since, count = (
            Subquery(owed.annotate(rolled=rolled).values("rolled"))
            for rolled in (models.Min("due_on"), quiet, models.Count("pk"))
        )
        # 已撤销的办理件不算自己的：不再牵头的单位按配合单位看。
        held = mine.exclude(state=TaskState.VOID)
        return self.annotate(has_own=models.Exists(held)).annotate(
            row_due_on=Case(When(has_own=True, then=due), default=F("open_due_on")),
            row_quiet=Case(When(has_own=True, then=since), default=F("quiet_since")),
            row_open=Case(
                When(has_own=True, then=Coalesce(count, 0)),
                default=F("open_count"),
                output_field=models.IntegerField(),
            ),
        )

    def with_lamp(self, *, today: date, plan: Plan | None = None) -> "ObligationQuerySet":
        """Annotate ``lamp_kind`` for filters, groups and counts; equal to ``lamp_on`` by test.

        Needs :meth:`with_row_dates`. A NULL date is never late: comparisons with NULL are false.
        The thresholds are those of ``plan``; rows of several plans cost a query for theirs.
        """
        plans = [plan] if plan else list(Plan.objects.without_text())
        soon, silent = soon_by(plans, today), silent_before(plans, today)
        return self.annotate(
            lamp_kind=Case(
                When(
                    Q(state=ObligationState.DISPATCHED, task_count__gt=0, row_open=0),
                    then=Value(LampKind.CLOSED),
                ),
                When(~Q(state=ObligationState.DISPATCHED), then=Value(LampKind.NOT_STARTED)),
                When(row_due_on__lt=today, then=Value(LampKind.OVERDUE)),
                When(starts_on__gt=today, then=Value(LampKind.NOT_STARTED)),
                When(row_due_on__lte=soon, then=Value(LampKind.DUE_SOON)),
                When(
                    Q(row_due_on__isnull=True) & Q(row_quiet__lt=silent),
                    then=Value(LampKind.DUE_SOON),
                ),
                default=Value(LampKind.NORMAL),
                output_field=models.CharField(max_length=12),
            )
        )

    def search(self, words: str) -> "ObligationQuerySet":
        """Rows whose code, title, measure or source sentence holds ``words``."""
        sources = ObligationSource.objects.filter(
            obligation=OuterRef("pk"), provision__text__icontains=words
        )
        return self.filter(
            Q(code__istartswith=words)
            | Q(title__icontains=words)
            | Q(measure__icontains=words)
            | models.Exists(sources)
        )

    def with_assignments(self) -> "ObligationQuerySet":
        """Fetch the units of the rows and the phrases they come from along with the rows."""
        return self.prefetch_related("assignments__unit", "assignments__alias")

    def newest_plan_first(self) -> "ObligationQuerySet":
        """Order by plan, the newest first, and by code within it."""
        published = F("plan__published_on").desc(nulls_last=True)
        return self.order_by(published, "-plan_id", "code")

    def with_plan(self) -> "ObligationQuerySet":
        return self.select_related("clause", "plan").defer("plan__source_text", "clause__text")


class Obligation(models.Model):
    """任务：台账的一行，一件由一个牵头者可以办成并证明的事。"""

    plan = models.ForeignKey(
        Plan, verbose_name="方案", on_delete=models.PROTECT, related_name="obligations"
    )
    clause = models.ForeignKey(
        Clause, verbose_name="条款", on_delete=models.PROTECT, related_name="obligations"
    )
    code = models.CharField("编号", max_length=12)
    title = models.CharField("重点任务", max_length=60)
    measure = models.TextField("具体措施", blank=True)
    expected_result = models.CharField("成果形式", max_length=200, blank=True)
    bearers = models.JSONField("义务主体", default=list, blank=True)
    mode = models.CharField(
        "落实方式", max_length=10, choices=FulfilmentMode, default=FulfilmentMode.JOINT
    )
    fulfilled_by = models.CharField(
        "办结方式", max_length=12, choices=FulfilledBy, default=FulfilledBy.REPORT
    )
    lead_basis = models.CharField("牵头依据", max_length=200, blank=True)
    deadline_kind = models.CharField(
        "时限类型", max_length=12, choices=DeadlineKind, default=DeadlineKind.UNDECIDED
    )
    due_on = models.DateField("到期日", null=True, blank=True)
    deadline_text = models.CharField("完成时限（原文）", max_length=80, blank=True)
    frequency = models.CharField("周期", max_length=24, choices=Frequency, blank=True, default="")
    frequency_text = models.CharField("周期（原文）", max_length=80, blank=True)
    times_per_period = models.PositiveSmallIntegerField("每期次数", default=1)
    event = models.CharField("触发事件", max_length=120, blank=True)
    event_months = models.PositiveSmallIntegerField("事件后办结月数", null=True, blank=True)
    decision_basis = models.CharField("时限决定依据", max_length=200, blank=True)
    note = models.CharField("备注", max_length=300, blank=True)
    state = models.CharField(
        "下发状态", max_length=12, choices=ObligationState, default=ObligationState.DRAFT
    )
    starts_on = models.DateField("起算日期", null=True, blank=True)
    dispatched_at = models.DateTimeField("下发时间", null=True, blank=True)
    dispatched_by = models.ForeignKey(
        "organizations.User",
        verbose_name="下发人",
        on_delete=models.PROTECT,
        related_name="dispatched_obligations",
        null=True,
        blank=True,
    )
    version = models.PositiveIntegerField("版本", default=1)
    open_due_on = models.DateField("最早未办到期日", null=True, blank=True, editable=False)
    quiet_since = models.DateField("未更新起始日", null=True, blank=True, editable=False)
    open_count = models.PositiveIntegerField("未办办理件数", default=0, editable=False)
    task_count = models.PositiveIntegerField("办理件数", default=0, editable=False)

    objects = ObligationQuerySet.as_manager()
    history = history(excluded_fields=list(ROLLUP_FIELDS))

    class Meta:
        verbose_name = "任务"
        verbose_name_plural = "任务"
        ordering = ["plan", "code"]
        indexes = [
            models.Index(fields=["plan", "open_due_on", "code"], name="responsib_obligation_due"),
            models.Index(fields=["plan", "clause", "code"], name="responsib_obligation_clause"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="responsibilities_obligation_code",
                fields=["plan", "code"],
                violation_error_message="这一编号已被使用，请换一个编号。",
            ),
            models.CheckConstraint(
                name="responsibilities_obligation_mode",
                condition=Q(mode__in=FulfilmentMode.values),
                violation_error_message="落实方式不在规定范围内，请从列表中选择。",
            ),
            models.CheckConstraint(
                name="responsibilities_obligation_fulfilled_by",
                condition=Q(fulfilled_by__in=FulfilledBy.values),
                violation_error_message="办结方式不在规定范围内，请从列表中选择。",
            ),
            models.CheckConstraint(
                name="responsibilities_obligation_deadline_kind",
                condition=Q(deadline_kind__in=DeadlineKind.values),
                violation_error_message="时限类型不在规定范围内，请从列表中选择。",
            ),
            models.CheckConstraint(
                name="responsibilities_obligation_frequency",
                condition=Q(frequency__in=["", *Frequency.values]),
                violation_error_message="周期不在规定范围内，请从列表中选择。",
            ),
            models.CheckConstraint(
                name="responsibilities_obligation_state",
                condition=Q(state__in=ObligationState.values),
                violation_error_message="下发状态不在规定范围内。",
            ),
            models.CheckConstraint(
                name="responsibilities_obligation_due",
                condition=Q(
                    deadline_kind__in=[DeadlineKind.FIXED, DeadlineKind.PERIOD_END],
                    due_on__isnull=False,
                )
                | (
                    ~Q(deadline_kind__in=[DeadlineKind.FIXED, DeadlineKind.PERIOD_END])
                    & Q(due_on__isnull=True)
                ),
                violation_error_message=(
                    "固定日期或年（季、月）底前的任务要填写到期日，其他类型不填到期日。"
                ),
            ),
            models.CheckConstraint(
                name="responsibilities_obligation_dispatched_pair",
                condition=Q(state=ObligationState.DRAFT, dispatched_at__isnull=True)
                | Q(state=ObligationState.VOID)
                | Q(
                    state=ObligationState.DISPATCHED,
                    dispatched_at__isnull=False,
                    dispatched_by__isnull=False,
                    starts_on__isnull=False,
                ),
                violation_error_message="已下发的任务应有下发时间、下发人和起算日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("responsibilities:obligation_detail", args=[self.plan.code, self.code])

    @property
    def is_periodic(self) -> bool:
        return self.deadline_kind == DeadlineKind.PERIODIC

    @property
    def deadline_in_words(self) -> str:
        """When the row is due, in a few words: its date, its interval, or its kind."""
        kind = DeadlineKind(self.deadline_kind)
        return deadline_words(kind=kind, due_on=self.due_on, frequency=self.frequency)

    def lamp_on(self, today: date) -> Lamp:
        """Return the row's lamp on ``today``; needs the annotations of ``with_row_dates``."""
        dispatched = self.state == ObligationState.DISPATCHED
        facts = LampFacts(
            is_draft=not dispatched,
            is_closed=dispatched and self.task_count > 0 and not getattr(self, "row_open", 0),
            due_on=getattr(self, "row_due_on", None),
            is_periodic=self.is_periodic,
            quiet_since=getattr(self, "row_quiet", None),
            starts_on=self.starts_on,
        )
        return lamp(facts, today=today, thresholds=thresholds_of(self.plan))


class ObligationSource(models.Model):
    """任务的条文出处：一句或一句中的一段，任务与句是多对多。"""

    obligation = models.ForeignKey(
        Obligation, verbose_name="任务", on_delete=models.PROTECT, related_name="sources"
    )
    provision = models.ForeignKey(
        Provision, verbose_name="句", on_delete=models.PROTECT, related_name="obligation_sources"
    )
    start = models.PositiveIntegerField("起点")
    end = models.PositiveIntegerField("终点")

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "条文出处"
        verbose_name_plural = "条文出处"
        ordering = ["start", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="responsibilities_source_once",
                fields=["obligation", "provision", "start"],
                violation_error_message="这一句已经是该任务的出处。",
            ),
            models.CheckConstraint(
                name="responsibilities_source_span",
                condition=Q(start__lt=F("end")),
                violation_error_message="所选文字的终点应在起点之后。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id}:{self.provision_id}"

    @property
    def text(self) -> str:
        """The exact stretch of the plan, read from its sentence."""
        shift = self.provision.start
        return self.provision.text[self.start - shift : self.end - shift]


class Assignment(models.Model):
    """责任单位：一个单位在一项任务中的角色，以及它因哪个称谓而来。"""

    obligation = models.ForeignKey(
        Obligation, verbose_name="任务", on_delete=models.PROTECT, related_name="assignments"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="assignments"
    )
    role = models.CharField("角色", max_length=10, choices=AssignmentRole)
    alias = models.ForeignKey(
        UnitAlias,
        verbose_name="条文称谓",
        on_delete=models.PROTECT,
        related_name="assignments",
        null=True,
        blank=True,
    )
    is_sole_lead = models.BooleanField("唯一牵头", default=False)
    joined_on = models.DateField("下发后加入的日期", null=True, blank=True)

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "责任单位"
        verbose_name_plural = "责任单位"
        ordering = ["role", "unit__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="responsibilities_assignment_once",
                fields=["obligation", "unit"],
                violation_error_message="该单位在这项任务中已有角色。",
            ),
            models.UniqueConstraint(
                name="responsibilities_assignment_sole_lead",
                fields=["obligation"],
                condition=Q(is_sole_lead=True),
                violation_error_message="共同完成的任务只能有一个牵头单位。",
            ),
            models.CheckConstraint(
                name="responsibilities_assignment_role",
                condition=Q(role__in=AssignmentRole.values),
                violation_error_message="角色不在规定范围内，请从列表中选择。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}：{self.unit}"


__all__ = ["Assignment", "Obligation", "ObligationQuerySet", "ObligationSource"]

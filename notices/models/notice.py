"""Notice (提醒): who must know what, why, for which due date, and what became of it.

A notice is no record that anybody edits, so it carries stamps instead of a history: each state
has its time, and a state changes only by a conditional update from the one before.
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from notices.enums import DELIVERED_STATES, LADDER, NoticeState
from notices.rules import SIGNATURE, TEXT_LIMIT, rule_label

if TYPE_CHECKING:
    from organizations.access import Access


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, access: "Access") -> "NoticeQuerySet":
        """What reached the person; other people's notices are theirs alone."""
        return self.filter(recipient=access.user, state__in=DELIVERED_STATES)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(state=NoticeState.SENT)

    def given(self) -> "NoticeQuerySet":
        """What the planner goes by: everything but what the platform itself called off."""
        return self.exclude(state=NoticeState.CANCELLED, decided_by=None)

    def called_off(self) -> "NoticeQuerySet":
        """What the platform called off; it is given after all when it applies again."""
        return self.filter(state=NoticeState.CANCELLED, decided_by=None)

    def move(
        self, keys: Iterable[int], sources: Iterable[NoticeState], to: NoticeState, **stamps: Any
    ) -> int:
        """Move the rows ``keys`` that are still in one of ``sources``; whoever is first wins.

        Returns: how many this call moved.
        """
        return self.filter(pk__in=list(keys), state__in=list(sources)).update(state=to, **stamps)

    def move_all(self, to: NoticeState, **stamps: Any) -> int:
        """Move every row of the query that is still as the query says."""
        return self.update(state=to, **stamps)

    def add_all(self, rows: Iterable["Notice"]) -> list["Notice"]:
        """Insert rows that cannot be there yet, for each act is its own. Returns: the rows."""
        return self.bulk_create(rows, batch_size=500)

    def add_missing(self, rows: Iterable["Notice"]) -> None:
        """Insert the rows that are not there yet; the unique key decides, not a look before."""
        self.bulk_create(rows, batch_size=500, ignore_conflicts=True)


class Notice(models.Model):
    """提醒：为哪件事、哪个到期日、按哪条规则告诉谁。"""

    recipient = models.ForeignKey(
        "organizations.User",
        verbose_name="收件人",
        on_delete=models.PROTECT,
        related_name="notices",
        db_index=False,
    )
    unit = models.ForeignKey(
        "organizations.Unit",
        verbose_name="有关单位",
        on_delete=models.PROTECT,
        related_name="notices",
        null=True,
        blank=True,
    )
    kind = models.CharField("类别", max_length=24)
    subject = models.CharField("事项", max_length=60)
    rule = models.CharField("规则", max_length=24)
    window = models.CharField("到期日或期次", max_length=32)
    attempt = models.PositiveSmallIntegerField("第几次安排", default=1)
    text = models.CharField("内容", max_length=TEXT_LIMIT)
    url = models.CharField("链接", max_length=200)
    state = models.CharField(
        "状态", max_length=12, choices=NoticeState, default=NoticeState.PLANNED
    )
    run = models.CharField("批次", max_length=32)
    planned_on = models.DateField("安排日期")
    planned_at = models.DateTimeField("安排时间")
    posted_by = models.ForeignKey(
        "organizations.User",
        verbose_name="催办人",
        on_delete=models.PROTECT,
        related_name="posted_notices",
        null=True,
        blank=True,
        db_index=False,
    )
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    acknowledged_at = models.DateTimeField("收悉时间", null=True, blank=True)
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)
    reason = models.CharField("取消或暂缓的理由", max_length=100, blank=True)
    decided_by = models.ForeignKey(
        "organizations.User",
        verbose_name="放行或取消的人",
        on_delete=models.PROTECT,
        related_name="decided_notices",
        null=True,
        blank=True,
        db_index=False,
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "提醒"
        verbose_name_plural = "提醒"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["recipient", "state", "-id"], name="notices_notice_recipient"),
            models.Index(fields=["subject", "window"], name="notices_notice_subject"),
            models.Index(
                fields=["id"],
                condition=Q(state__in=["planned", "held"]),
                name="notices_notice_waiting",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="notices_notice_once",
                fields=["recipient", "kind", "subject", "rule", "window", "attempt"],
                violation_error_message="同一事项、同一规则已提醒过这个人。",
            ),
            models.CheckConstraint(
                name="notices_notice_state",
                condition=Q(state__in=NoticeState.values),
                violation_error_message="提醒状态不在规定范围内。",
            ),
            models.CheckConstraint(
                name="notices_notice_sent",
                condition=~Q(state__in=["sent", "read", "acknowledged"]) | Q(sent_at__isnull=False),
                violation_error_message="已发出的提醒应有发出时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def words(self) -> str:
        """The text without the sender's name, for pages that say whose they are."""
        return self.text.removeprefix(SIGNATURE)

    @property
    def is_chase(self) -> bool:
        """Whether it came after the date, or because somebody of the office chased by hand."""
        return self.rule in LADDER or (self.rule == "act" and self.kind == "chase")

    @property
    def rule_label(self) -> str:
        told = self.rule == "act" and not self.is_chase
        return "通知" if told else rule_label(self.rule)

    @property
    def due_on(self) -> date | None:
        """The due date that the notice belongs to, for those that have one."""
        try:
            return date.fromisoformat(self.window)
        except ValueError:
            return None

    @property
    def is_unread(self) -> bool:
        return self.state == NoticeState.SENT

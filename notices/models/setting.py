"""How the office wants to be heard: whether, how much at once, and on which days."""

from django.db import models

from common.tracked import TrackedQuerySet, history
from notices.rules import Schedule

ONE = 1  # the only row
CAP = 2000


class ReminderSetting(models.Model):
    """提醒设置：暂停与一次最多条数，全平台一份。"""

    is_paused = models.BooleanField("暂停自动提醒", default=False)
    cap = models.PositiveIntegerField("一次最多条数", default=CAP)
    version = models.PositiveIntegerField("版本", default=1)

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "提醒设置"
        verbose_name_plural = "提醒设置"
        constraints = [
            models.CheckConstraint(
                name="notices_setting_one",
                condition=models.Q(pk=ONE),
                violation_error_message="提醒设置只有一份。",
            )
        ]

    def __str__(self) -> str:
        return "提醒设置"

    @classmethod
    def current(cls) -> "ReminderSetting":
        """Return the stored setting, or what holds until the office stores one."""
        return cls.objects.filter(pk=ONE).first() or cls(pk=ONE, version=0)


class ReminderSchedule(models.Model):
    """提醒安排：一类事项在哪些天提醒、逾期后隔多少个工作日逐级催办。"""

    kind = models.CharField("事项类别", max_length=24, unique=True)
    at_start = models.BooleanField("期初提醒", default=False)
    at_middle = models.BooleanField("期中提醒", default=False)
    days_before = models.JSONField("到期前天数", default=list, blank=True)
    workdays_before = models.JSONField("到期前工作日数", default=list, blank=True)
    ladder = models.JSONField("逾期后第几个工作日催办", default=list, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "提醒安排"
        verbose_name_plural = "提醒安排"
        ordering = ["kind"]

    def __str__(self) -> str:
        return self.kind

    @property
    def schedule(self) -> Schedule:
        return Schedule(
            at_start=self.at_start,
            at_middle=self.at_middle,
            days_before=tuple(self.days_before),
            workdays_before=tuple(self.workdays_before),
            ladder=tuple(self.ladder),
        )

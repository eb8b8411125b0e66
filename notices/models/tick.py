"""What the planner remembers between two runs: its clock, and how far it has looked today.

Nothing of it is a record: a lost row costs one more look.
"""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q


class ClockQuerySet(models.QuerySet["PlannerClock"]):
    def note(self, host: str, **columns: Any) -> None:
        """Write down the last reading of a host's clock."""
        self.update_or_create(host=host, defaults=columns)

    def forget(self) -> int:
        """Drop every reading, so that the next one is taken as right."""
        return self.all().delete()[0]


class PlannerClock(models.Model):
    """时钟读数：一台主机上次安排提醒时的钟面时间和不受拨动的计时。"""

    host = models.CharField("主机启动编号", max_length=64, unique=True)
    wall = models.FloatField("钟面时间")
    steady = models.FloatField("启动以来秒数")
    held_since = models.FloatField("暂停安排自", null=True, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = "时钟读数"
        verbose_name_plural = "时钟读数"

    def __str__(self) -> str:
        return self.host


class ScanQuerySet(models.QuerySet["PlannerScan"]):
    def claim(self, *, at: datetime, until: datetime, longest: datetime) -> bool:
        """Take the scan for this planner unless another has it.

        A lease beyond ``longest`` was given under a clock that has been put back: it is stale.
        """
        self.get_or_create(pk=1)
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=at) | Q(lease_until__gt=longest)
        return self.filter(free, pk=1).update(lease_until=until) == 1

    def lock_finished(self) -> bool:
        """Keep planners out until this transaction ends, unless one is at it or left off midway."""
        self.get_or_create(pk=1)
        return self.select_for_update().get(pk=1).lease_until is None

    def renew(self, *, until: datetime) -> None:
        self.filter(pk=1).update(lease_until=until)

    def finish(self, *, day: Any, at: datetime) -> None:
        self.filter(pk=1).update(lease_until=None, day=day, finished_at=at, runs=F("runs") + 1)

    def reopen(self) -> None:
        """Let the next tick look at once, for what the office just decided."""
        self.filter(pk=1).update(day=None)


class PlannerScan(models.Model):
    """安排进度：哪一天的提醒已经全部看过一遍。"""

    day = models.DateField("看过的日期", null=True, blank=True)
    finished_at = models.DateTimeField("看完时间", null=True, blank=True)
    lease_until = models.DateTimeField("占用到", null=True, blank=True)
    runs = models.PositiveIntegerField("看过次数", default=0)

    objects = ScanQuerySet.as_manager()

    class Meta:
        verbose_name = "安排进度"
        verbose_name_plural = "安排进度"

    def __str__(self) -> str:
        return f"{self.day}"

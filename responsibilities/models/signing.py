"""How a unit wants its own reports to go out: with or without the signature of its head."""

from django.db import models

from common.tracked import TrackedQuerySet, history
from organizations.models import Unit


class ReportingRule(models.Model):
    """报送规则：本单位的进展是不是先由主要负责人签发。没有这一行的，不用签发。"""

    unit = models.OneToOneField(
        Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="reporting_rule"
    )
    head_signs = models.BooleanField("主要负责人签发", default=False)

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "报送规则"
        verbose_name_plural = "报送规则"

    def __str__(self) -> str:
        return f"{self.unit} {'签发后报' if self.head_signs else '直接报'}"

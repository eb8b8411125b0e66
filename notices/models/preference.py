"""How a person wants to be reached."""

from datetime import date

from django.db import models
from django.db.models import Q

from common.tracked import TrackedQuerySet, history


class NoticePreferenceQuerySet(TrackedQuerySet["NoticePreference"]):
    def muted_on(self, day: date) -> "NoticePreferenceQuerySet":
        return self.filter(muted_until__gte=day)


class NoticePreference(models.Model):
    """接收设置：本人的邮箱、手机、暂停接收到哪天、日历订阅。"""

    user = models.OneToOneField(
        "organizations.User",
        verbose_name="人员",
        on_delete=models.PROTECT,
        related_name="notice_preference",
    )
    email = models.EmailField("接收邮箱", max_length=100, blank=True)
    mobile = models.CharField("接收手机", max_length=11, blank=True)
    muted_until = models.DateField("暂停接收到", null=True, blank=True)
    feed_digest = models.CharField("日历订阅凭据摘要", max_length=64, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = NoticePreferenceQuerySet.as_manager()
    history = history(excluded_fields=["feed_digest"])

    class Meta:
        verbose_name = "接收设置"
        verbose_name_plural = "接收设置"
        constraints = [
            models.UniqueConstraint(
                name="notices_preference_feed",
                fields=["feed_digest"],
                condition=~Q(feed_digest=""),
                violation_error_message="日历订阅凭据重复，请重新生成。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}"

    @classmethod
    def of(cls, user_id: int) -> "NoticePreference":
        """Return the person's stored preferences, or what holds until there are any."""
        return cls.objects.filter(user=user_id).first() or cls(user_id=user_id, version=0)

"""Words of the reminders: the states of a notice and the rungs of the ladder."""

from django.db import models


class NoticeState(models.TextChoices):
    PLANNED = "planned", "待发"
    HELD = "held", "暂缓"
    SENT = "sent", "已发"
    READ = "read", "已读"
    ACKNOWLEDGED = "acknowledged", "已收悉"
    CANCELLED = "cancelled", "已取消"


# 收件人在自己的提醒页看得到的；待发和暂缓的还没有发出。
DELIVERED_STATES = frozenset({NoticeState.SENT, NoticeState.READ, NoticeState.ACKNOWLEDGED})
WAITING_STATES = frozenset({NoticeState.PLANNED, NoticeState.HELD})


class Way(models.TextChoices):
    EMAIL = "email", "电子邮件"
    ROBOT = "robot", "群机器人"
    SMS = "sms", "短信"
    WEBHOOK = "webhook", "签名推送"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "待投递"
    SENDING = "sending", "投递中"
    SENT = "sent", "已送出"
    FAILED = "failed", "未送出"
    UNCERTAIN = "uncertain", "不确定"
    CANCELLED = "cancelled", "已取消"


class OrderState(models.TextChoices):
    WAITING = "waiting", "待拟"
    DRAFTED = "drafted", "已拟"
    NOTHING = "nothing", "不用拟"


class Rung(models.TextChoices):
    """The ladder after a missed date, lowest first; no rung is ever left out."""

    LIAISON = "rung-1", "催联络员"
    DEPUTY = "rung-2", "催分管负责人"
    HEAD = "rung-3", "催主要负责人"
    OFFICE = "rung-4", "报安委办领导"
    ORDER = "rung-5", "拟督办单"


LADDER: tuple[Rung, ...] = tuple(Rung)

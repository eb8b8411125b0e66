"""What a sentence of a plan can be, and how sure a correction is."""

from django.db import models


class Disposition(models.TextChoices):
    OPEN = "open", "未定"
    OBLIGATION = "obligation", "已立项"
    TARGET = "target", "目标指标"
    PRINCIPLE = "principle", "原则要求"
    EXPLANATION = "explanation", "背景说明"
    OUTSIDE = "outside", "权限之外"
    DUPLICATE = "duplicate", "与他句重复"


# 经办人可以直接选定的处置；“已立项”只能由立项产生。
DECLINED = frozenset(
    {
        Disposition.TARGET,
        Disposition.PRINCIPLE,
        Disposition.EXPLANATION,
        Disposition.OUTSIDE,
        Disposition.DUPLICATE,
    }
)


class Certainty(models.TextChoices):
    CERTAIN = "certain", "确定"
    PROBABLE = "probable", "很可能"
    QUERY = "query", "存疑"

"""Words of inspections: who led, how it was done, and the states a record moves through."""

from collections.abc import Mapping

from django.db import models


class LeaderKind(models.TextChoices):
    HEAD = "head", "主要负责人"
    DEPUTY = "deputy", "分管负责人"


class InspectionMethod(models.TextChoices):
    ROUTINE = "routine", "常规检查"
    RANDOM = "random", "随机抽查"
    UNANNOUNCED = "unannounced", "四不两直"


class InspectionState(models.TextChoices):
    DRAFT = "draft", "草稿"
    AWAITING = "awaiting", "待负责人确认"
    RETURNED = "returned", "退回修改"
    CONFIRMED = "confirmed", "已确认"
    RECORDED = "recorded", "已登记（不计）"
    VOID = "void", "已作废"


# 报出去以后的记录；草稿和退回修改的还在联络员手上。
SENT_STATES = frozenset(
    {InspectionState.AWAITING, InspectionState.CONFIRMED, InspectionState.RECORDED}
)
INSPECTION_TRANSITIONS: Mapping[InspectionState, frozenset[InspectionState]] = {
    InspectionState.DRAFT: frozenset(
        {InspectionState.AWAITING, InspectionState.RECORDED, InspectionState.VOID}
    ),
    InspectionState.RETURNED: frozenset(
        {InspectionState.AWAITING, InspectionState.RECORDED, InspectionState.VOID}
    ),
    InspectionState.AWAITING: frozenset(
        {
            InspectionState.CONFIRMED,
            InspectionState.RETURNED,
            InspectionState.RECORDED,
            InspectionState.VOID,
        }
    ),
    InspectionState.CONFIRMED: frozenset({InspectionState.AWAITING, InspectionState.VOID}),
    InspectionState.RECORDED: frozenset({InspectionState.AWAITING, InspectionState.VOID}),
    InspectionState.VOID: frozenset(),
}


class Handling(models.TextChoices):
    ON_THE_SPOT = "on_the_spot", "当场整改"
    BY_DATE = "by_date", "限期整改"


class CellKind(models.TextChoices):
    """A cell of the matrix is worked out from records and the day; nobody sets it."""

    MISSING = "missing", "缺"
    LATE = "late", "迟"
    NOT_FILED = "not_filed", "未填报"
    AWAITING = "awaiting", "待负责人确认"
    CONFIRMED = "confirmed", "已确认"
    NOT_BEGUN = "not_begun", "未到期次"
    NOT_EXPECTED = "not_expected", "不要求"

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


class HazardGrade(models.TextChoices):
    GENERAL = "general", "一般隐患"
    MAJOR = "major", "重大隐患"


class HazardStage(models.TextChoices):
    """The last of the six steps that was done (排查、登记、治理、监督、评估、销号)."""

    FOUND = "found", "排查"
    REGISTERED = "registered", "登记"
    TREATED = "treated", "治理"
    RECHECKED = "rechecked", "监督"
    ASSESSED = "assessed", "评估"
    CLOSED = "closed", "销号"
    VOID = "void", "已作废"


SIX_STEPS = (
    HazardStage.FOUND,
    HazardStage.REGISTERED,
    HazardStage.TREATED,
    HazardStage.RECHECKED,
    HazardStage.ASSESSED,
    HazardStage.CLOSED,
)
# 复查不过、验收不过、销号后重开，都回到登记之后，重新治理。
HAZARD_TRANSITIONS: Mapping[HazardStage, frozenset[HazardStage]] = {
    HazardStage.FOUND: frozenset({HazardStage.REGISTERED, HazardStage.VOID}),
    HazardStage.REGISTERED: frozenset({HazardStage.TREATED, HazardStage.VOID}),
    HazardStage.TREATED: frozenset(
        {HazardStage.RECHECKED, HazardStage.REGISTERED, HazardStage.VOID}
    ),
    HazardStage.RECHECKED: frozenset(
        {HazardStage.ASSESSED, HazardStage.REGISTERED, HazardStage.VOID}
    ),
    HazardStage.ASSESSED: frozenset({HazardStage.CLOSED, HazardStage.REGISTERED, HazardStage.VOID}),
    HazardStage.CLOSED: frozenset({HazardStage.REGISTERED}),
    HazardStage.VOID: frozenset(),
}


class StampKind(models.TextChoices):
    """What a stamp on a hazard is for: the six steps, and what happens beside them."""

    FOUND = "found", "排查"
    REGISTERED = "registered", "登记"
    TREATED = "treated", "治理"
    RECHECKED = "rechecked", "监督"
    ASSESSED = "assessed", "评估"
    CLOSED = "closed", "销号"
    SENT_BACK = "sent_back", "退回继续治理"
    LISTED = "listed", "挂牌督办"
    DELISTED = "delisted", "摘牌"
    EXTENDED = "extended", "调整时限"
    REPORTED = "reported", "双报告"
    REOPENED = "reopened", "重开"
    VOIDED = "voided", "作废"

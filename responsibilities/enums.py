"""Words of the ledger: how a duty is owed, when it is due, and the states a task moves through."""

from collections.abc import Mapping

from django.db import models


class FulfilmentMode(models.TextChoices):
    JOINT = "joint", "共同完成"
    SEPARATE = "separate", "分别落实"


class FulfilledBy(models.TextChoices):
    """What closes a task: a reviewed report, or a confirmed inspection led by the head."""

    REPORT = "report", "报进展办结"
    INSPECTION = "inspection", "带队检查办结"


class DeadlineKind(models.TextChoices):
    FIXED = "fixed", "固定日期"
    PERIOD_END = "period_end", "年（季、月）底前"
    PERIODIC = "periodic", "周期"
    CONTINUOUS = "continuous", "长期坚持"
    EVENT = "event", "事件触发"
    UNDECIDED = "undecided", "待明确"


# 有确定到期日的两类时限。
DATED_KINDS = frozenset({DeadlineKind.FIXED, DeadlineKind.PERIOD_END})


class Frequency(models.TextChoices):
    ONCE = "once", "一次"
    CONTINUOUS = "continuous", "长期"
    MONTHLY = "monthly", "每月"
    QUARTERLY = "quarterly", "每季度"
    HALF_YEARLY = "half-yearly", "每半年"
    YEARLY = "yearly", "每年"
    PERIODIC_UNSPECIFIED = "periodic-unspecified", "定期（未定周期）"
    EVENT_DRIVEN = "event-driven", "事件触发"


# 能够展开为一期一期办理件的周期，及每期的月数。
MONTHS_OF: Mapping[Frequency, int] = {
    Frequency.MONTHLY: 1,
    Frequency.QUARTERLY: 3,
    Frequency.HALF_YEARLY: 6,
    Frequency.YEARLY: 12,
}
# 这几类时限定了，周期也就定了：固定日期就是一次，长期坚持就是长期。
FREQUENCY_OF: Mapping[DeadlineKind, Frequency] = {
    DeadlineKind.FIXED: Frequency.ONCE,
    DeadlineKind.PERIOD_END: Frequency.ONCE,
    DeadlineKind.CONTINUOUS: Frequency.CONTINUOUS,
    DeadlineKind.EVENT: Frequency.EVENT_DRIVEN,
}


class AssignmentRole(models.TextChoices):
    LEAD = "lead", "牵头"
    ASSIST = "assist", "配合"
    SUPERVISE = "supervise", "督办"


class ObligationState(models.TextChoices):
    DRAFT = "draft", "未下发"
    DISPATCHED = "dispatched", "已下发"
    VOID = "void", "已撤销"


OBLIGATION_TRANSITIONS: Mapping[ObligationState, frozenset[ObligationState]] = {
    ObligationState.DRAFT: frozenset({ObligationState.DISPATCHED, ObligationState.VOID}),
    ObligationState.DISPATCHED: frozenset({ObligationState.VOID}),
    ObligationState.VOID: frozenset(),
}


class TaskState(models.TextChoices):
    UNDISPATCHED = "undispatched", "未下发"
    AWAITING_RECEIPT = "awaiting_receipt", "待签收"
    IN_PROGRESS = "in_progress", "办理中"
    UNDER_REVIEW = "under_review", "待核验"
    RETURNED = "returned", "退回补正"
    CLOSED = "closed", "已办结"
    VOID = "void", "已撤销"


# 还欠着的办理件：会临期、会逾期、要催办。
OPEN_TASK_STATES = frozenset(
    {
        TaskState.AWAITING_RECEIPT,
        TaskState.IN_PROGRESS,
        TaskState.UNDER_REVIEW,
        TaskState.RETURNED,
    }
)

TASK_TRANSITIONS: Mapping[TaskState, frozenset[TaskState]] = {
    TaskState.UNDISPATCHED: frozenset({TaskState.AWAITING_RECEIPT, TaskState.VOID}),
    TaskState.AWAITING_RECEIPT: frozenset({TaskState.IN_PROGRESS, TaskState.VOID}),
    TaskState.IN_PROGRESS: frozenset({TaskState.UNDER_REVIEW, TaskState.VOID}),
    TaskState.UNDER_REVIEW: frozenset(
        {TaskState.CLOSED, TaskState.RETURNED, TaskState.IN_PROGRESS, TaskState.VOID}
    ),
    TaskState.RETURNED: frozenset({TaskState.UNDER_REVIEW, TaskState.VOID}),
    TaskState.CLOSED: frozenset({TaskState.IN_PROGRESS}),
    # 单位又牵头这项任务时恢复：重新签收，原来的签收记录留在修改记录里。
    TaskState.VOID: frozenset({TaskState.AWAITING_RECEIPT}),
}

# 不经核验、由别的凭据办结的办理件（带队检查经负责人确认）：欠着的都可以办结，重新打开走上表。
FULFILMENT_TRANSITIONS: Mapping[TaskState, frozenset[TaskState]] = {
    state: frozenset({TaskState.CLOSED}) for state in OPEN_TASK_STATES
}


class ReportKind(models.TextChoices):
    PROGRESS = "progress", "报进展"
    CLOSING = "closing", "申请办结"


class EvidenceKind(models.TextChoices):
    """What a file is by its content; the values are also the endings of its name."""

    PDF = "pdf", "PDF"
    JPEG = "jpg", "JPEG 图片"
    PNG = "png", "PNG 图片"
    WORD = "docx", "Word 文档"
    EXCEL = "xlsx", "Excel 表格"
    SLIDES = "pptx", "PowerPoint 演示"


class ReportState(models.TextChoices):
    SIGNING = "signing", "待签发"
    SUBMITTED = "submitted", "待核验"
    ACCEPTED = "accepted", "已通过"
    RETURNED = "returned", "退回补正"
    WITHDRAWN = "withdrawn", "已撤回"


class ReviewDecision(models.TextChoices):
    PASS = "pass", "通过"
    RETURN = "return", "退回补正"


class ExtensionState(models.TextChoices):
    REQUESTED = "requested", "延期待批"
    GRANTED = "granted", "同意"
    REFUSED = "refused", "不同意"
    WITHDRAWN = "withdrawn", "已撤回"


class CoordinationState(models.TextChoices):
    RAISED = "raised", "待决定"
    DECIDED = "decided", "已决定"
    WITHDRAWN = "withdrawn", "已撤回"


class ChaseAudience(models.TextChoices):
    LIAISON = "liaison", "联络员"
    DEPUTY = "deputy", "分管负责人"
    HEAD = "head", "主要负责人"


class EventKind(models.TextChoices):
    ACCIDENT = "accident", "生产安全事故"
    CASE_CLOSED = "case_closed", "事故结案"
    REPORT = "report", "事故调查报告"
    OTHER = "other", "其他事件"


# 任务的触发事件里先后有这些字，登记这类事件时先列出来。
EVENT_WORDS: Mapping[EventKind, tuple[str, ...]] = {
    EventKind.ACCIDENT: ("发生", "事故"),
    EventKind.CASE_CLOSED: ("结案",),
    EventKind.REPORT: ("事故调查报告",),
    EventKind.OTHER: (),
}


class LampKind(models.TextChoices):
    """The lamp is worked out from facts and the day; nobody sets it and no column stores it."""

    OVERDUE = "overdue", "逾期"
    DUE_SOON = "due_soon", "临期"
    NORMAL = "normal", "正常"
    CLOSED = "closed", "办结"
    NOT_STARTED = "not_started", "未启动"


# 越要管的越靠前：台账按它分组，一句有几项任务时亮最前的那一盏。
LAMP_ORDER = (
    LampKind.OVERDUE,
    LampKind.DUE_SOON,
    LampKind.NORMAL,
    LampKind.NOT_STARTED,
    LampKind.CLOSED,
)

"""Words of the assessment: what is scored, how, and the steps to a published result."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import models


class Part(models.TextChoices):
    """The two parts of an assessment. Source: 方案（六）“过程考核与结果考核相结合”。"""

    PROCESS = "process", "过程考核"
    RESULT = "result", "结果考核"


class RuleKind(models.TextChoices):
    """How an indicator turns facts into points."""

    ON_TIME = "on_time", "限时任务按期办结"
    LONG_TERM = "long_term", "长期任务按期报进展"
    RETURNS = "returns", "核验退回"
    EXTENSIONS = "extensions", "任务延期"
    INSPECTIONS = "inspections", "主要负责人带队检查"
    HAZARDS = "hazards", "隐患按期整改销号"
    RECORDS = "records", "有据可查"
    ACCIDENTS = "accidents", "责任事故起数"
    DEATHS = "deaths", "生产安全事故死亡人数"


# 按应办件数分摊满分的规则：缺一件扣满分的几分之一，迟办扣一半。
SHARED_RULES = frozenset(
    {
        RuleKind.ON_TIME,
        RuleKind.LONG_TERM,
        RuleKind.INSPECTIONS,
        RuleKind.HAZARDS,
        RuleKind.RECORDS,
    }
)


# 按次数扣分的规则：发生一次扣几分由方案定。
RATED_RULES = frozenset(
    {RuleKind.RETURNS, RuleKind.EXTENSIONS, RuleKind.ACCIDENTS, RuleKind.DEATHS}
)


class FactKind(models.TextChoices):
    """What the office enters with a document number because no ledger holds it."""

    MEETING = "meeting", "研究安全生产的会议"
    BREAKDOWN = "breakdown", "责任分解文件"
    DUTY_REPORT = "duty_report", "述职"
    DRILL = "drill", "应急演练"
    FOUNDATION = "foundation", "基层基础建设"
    EDUCATION = "education", "宣传教育"
    ACCIDENT = "accident", "责任事故"
    ACCIDENT_BASE = "accident_base", "上年同期事故起数"
    DEATH_LIMIT = "death_limit", "死亡人数控制指标"
    BONUS = "bonus", "加分事项"
    CRITICISM = "criticism", "通报批评"


# “有据可查”类指标认的事实。
RECORD_KINDS = (
    FactKind.MEETING,
    FactKind.BREAKDOWN,
    FactKind.DUTY_REPORT,
    FactKind.DRILL,
    FactKind.FOUNDATION,
    FactKind.EDUCATION,
)


# 带一个数的事实：死亡人数、指标、起数；空着和 0 不是一回事。
COUNTED_KINDS = frozenset({FactKind.ACCIDENT, FactKind.ACCIDENT_BASE, FactKind.DEATH_LIMIT})


class BonusCategory(models.TextChoices):
    HONOUR = "honour", "表彰奖励"
    EXPERIENCE = "experience", "经验推广"
    INNOVATION = "innovation", "创新做法"


class BonusLevel(models.TextChoices):
    NATIONAL = "national", "国家（部）级"
    PROVINCIAL = "provincial", "自治区级"
    CITY = "city", "市级"


class VetoReason(models.TextChoices):
    MAJOR_ACCIDENT = "major_accident", "发生较大以上责任事故"
    DEATHS = "deaths", "死亡人数超过控制指标"
    CONCEALMENT = "concealment", "瞒报谎报事故"
    FRAUD = "fraud", "弄虚作假"
    OTHER = "other", "其他否决情形"


class VetoEffect(models.TextChoices):
    """In the order of their weight: the first listed outweighs the rest."""

    ZERO = "zero", "总分按0分计"
    FAIL = "fail", "直接定为不合格"
    DOWNGRADE = "downgrade", "降一等"
    NO_HONOUR = "no_honour", "取消评优资格"


class Grade(models.TextChoices):
    EXCELLENT = "excellent", "优秀"
    GOOD = "good", "良好"
    PASS = "pass", "合格"
    FAIL = "fail", "不合格"
    NONE = "none", "不评定"


class LineKind(models.TextChoices):
    FULL = "full", "满分"
    NOT_APPLICABLE = "not_applicable", "不适用"
    DEDUCTION = "deduction", "扣分"
    SCALING = "scaling", "折算"
    BONUS = "bonus", "加分"
    CRITICISM = "criticism", "通报批评"
    VETO = "veto", "一票否决"


class SchemeState(models.TextChoices):
    DRAFT = "draft", "草稿"
    IN_FORCE = "in_force", "施行"
    REPLACED = "replaced", "已被替代"


SCHEME_TRANSITIONS: Mapping[SchemeState, frozenset[SchemeState]] = {
    SchemeState.DRAFT: frozenset({SchemeState.IN_FORCE}),
    SchemeState.IN_FORCE: frozenset({SchemeState.REPLACED}),
    SchemeState.REPLACED: frozenset(),
}


class AssessmentState(models.TextChoices):
    PRELIMINARY = "preliminary", "初评"
    OBJECTIONS = "objections", "公示申诉"
    FINAL = "final", "终评"
    PUBLISHED = "published", "已发布"


ASSESSMENT_TRANSITIONS: Mapping[AssessmentState, frozenset[AssessmentState]] = {
    AssessmentState.PRELIMINARY: frozenset({AssessmentState.OBJECTIONS}),
    # 公示以后又有扣分的，重新公示：状态不变，另定申诉截止日。
    AssessmentState.OBJECTIONS: frozenset(
        {AssessmentState.FINAL, AssessmentState.PRELIMINARY, AssessmentState.OBJECTIONS}
    ),
    AssessmentState.FINAL: frozenset({AssessmentState.PUBLISHED, AssessmentState.OBJECTIONS}),
    AssessmentState.PUBLISHED: frozenset(),
}
# 单位可以自评的状态：终评之前。
OPEN_TO_SELF_SCORES = frozenset({AssessmentState.PRELIMINARY, AssessmentState.OBJECTIONS})
# 单位看得见自己成绩单的状态。
SHOWN_TO_UNITS = frozenset(
    {AssessmentState.OBJECTIONS, AssessmentState.FINAL, AssessmentState.PUBLISHED}
)


class ObjectionState(models.TextChoices):
    SUBMITTED = "submitted", "受理中"
    UPHELD = "upheld", "采纳"
    REJECTED = "rejected", "不采纳"


class Stage(models.TextChoices):
    """At which step of the assessment a computation was made."""

    PRELIMINARY = "preliminary", "初评"
    FINAL = "final", "终评"
    CORRECTION = "correction", "更正"


HUNDRED = Decimal(100)

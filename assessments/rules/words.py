"""Each rule in one sentence, as units read it."""

from assessments.enums import RuleKind
from assessments.rules.facts import IndicatorRule
from assessments.rules.scoring import number

EVERY = {1: "每月", 3: "每季度", 6: "每半年", 12: "每年"}
SHARED = "满分按应办数分摊，缺 1 {unit}扣 1 份，迟的扣半份"


def words_of(rule: IndicatorRule) -> str:
    """Return the sentence that says how an indicator takes points off.

    >>> from assessments.enums import Part
    >>> from decimal import Decimal
    >>> words_of(IndicatorRule(1, Part.PROCESS, "", "", Decimal(3), RuleKind.RETURNS, Decimal(1)))
    '退回补正 1 次扣 1 分，扣完为止'
    """
    rate, excess = number(rule.rate), number(rule.excess_rate)
    if rule.rule == RuleKind.RECORDS and rule.record is not None:
        often = EVERY.get(rule.every_months, f"每 {rule.every_months} 个月")
        return f"{often}应有“{rule.record.label}”的文号，满分按应有次数分摊，缺 1 次扣 1 份"
    return {
        RuleKind.ON_TIME: f"本期到期和以前拖欠的办理件，{SHARED.format(unit='件')}",
        RuleKind.LONG_TERM: "满分按长期任务件数分摊，90 天未报进展的 1 件扣 1 份；没有办完不扣分",
        RuleKind.RETURNS: f"退回补正 1 次扣 {rate} 分，扣完为止",
        RuleKind.EXTENSIONS: f"同意延期 1 次扣 {rate} 分，扣完为止",
        RuleKind.INSPECTIONS: f"主要负责人每季度带队检查，{SHARED.format(unit='季')}",
        RuleKind.HAZARDS: f"到期的隐患，{SHARED.format(unit='处')}",
        RuleKind.ACCIDENTS: f"比上年同期多发生 1 起扣 {rate} 分，扣完为止",
        RuleKind.DEATHS: f"死亡 1 人扣 {rate} 分，超过控制指标的每人扣 {excess} 分，扣完为止",
    }.get(rule.rule, rule.rule.label)

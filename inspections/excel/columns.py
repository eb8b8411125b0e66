"""The columns of 隐患台账: what a person may fill in, and what the platform works out."""

from inspections.enums import HazardGrade
from responsibilities.excel.columns import Column, Kind

SHEET = "隐患台账"
FROM_WORK = "由平台按办理情况填写，导入时不看这一列。"


def _filled(key: str, heading: str, width: int, hint: str, kind: Kind = Kind.TEXT) -> Column:
    choices = HazardGrade if kind is Kind.CHOICE else None
    short = kind is not Kind.TEXT
    return Column(
        key, heading, width, kind=kind, is_editable=True, is_short=short, choices=choices, hint=hint
    )


COLUMNS = (
    Column("number", "编号", 10, is_short=True, hint="新登记的留空；有编号的行导入时不改。"),
    Column("unit", "督促单位", 14, hint="导入时按登录人的单位登记。"),
    _filled("title", "隐患", 24, "必填，不超过 80 字。"),
    _filled("place", "部位", 18, "必填。"),
    _filled("enterprise", "责任企业（单位）", 18, "必填，由谁整改。"),
    _filled("grade", "等级", 10, "必填，一般隐患或重大隐患。", Kind.CHOICE),
    _filled("found_on", "发现日期", 12, "必填，不晚于今天。", Kind.DATE),
    _filled("found_by", "排查人", 12, "必填。"),
    _filled("description", "现状和危害", 24, "选填。"),
    _filled("measures", "措施", 24, "措施、责任人、时限三样都填的，导入即登记。"),
    _filled("responsible", "责任人", 12, "企业负责整改的人。"),
    _filled("funds", "资金", 14, "重大隐患登记时必填。"),
    _filled("due_on", "时限", 12, "不早于发现日期。", Kind.DATE),
    _filled("emergency_plan", "预案", 20, "重大隐患登记时必填。"),
    Column("original_due_on", "原时限", 12, kind=Kind.DATE, is_short=True, hint=FROM_WORK),
    Column("reopened", "重开次数", 9, is_short=True, hint=FROM_WORK),
    Column("lamp", "灯", 14, is_short=True, hint=FROM_WORK),
    Column("stage", "已办到", 9, is_short=True, hint=FROM_WORK),
    Column("rechecked_by", "复查人", 12, hint=FROM_WORK),
    Column("accepted", "第三方验收", 18, hint=FROM_WORK),
    Column("listed", "挂牌督办", 18, hint=FROM_WORK),
    Column("reported", "双报告", 24, hint=FROM_WORK),
    Column("closed_on", "销号日期", 12, kind=Kind.DATE, is_short=True, hint=FROM_WORK),
)
REQUIRED = ("title", "place", "enterprise", "grade", "found_on", "found_by")
TYPED = tuple(column for column in COLUMNS if column.is_editable)
NOTES = (
    ("怎样用", "", "填新的一行，编号留空，存成 .xlsx 后上传；先看核对结果，再确认导入。"),
    *(
        (column.heading, "可填" if column.is_editable else "不填", column.hint)
        for column in COLUMNS
    ),
)

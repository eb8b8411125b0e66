"""The columns of the 任务分解表 and of the list of 办理件, shared by export and import."""

from dataclasses import dataclass
from enum import Enum

from django.db.models import TextChoices

from responsibilities.enums import DeadlineKind, Frequency, FulfilmentMode

SHEET_NAME = "任务分解表"
TASK_SHEET_NAME = "办理件"
NOTES_NAME = "说明"


class Kind(Enum):
    """How a column is written and read."""

    TEXT = "text"
    UNITS = "units"
    CHOICE = "choice"
    DATE = "date"
    NUMBER = "number"


@dataclass(frozen=True)
class Column:
    """One column: its heading, its width in characters, and who may fill it how."""

    key: str
    heading: str
    width: int
    kind: Kind = Kind.TEXT
    is_editable: bool = False
    is_short: bool = False
    choices: type[TextChoices] | None = None
    hint: str = ""

    @property
    def labels(self) -> list[str]:
        return [str(label) for label in self.choices.labels] if self.choices else []


def _editable(
    key: str,
    heading: str,
    width: int,
    hint: str,
    *,
    kind: Kind = Kind.TEXT,
    choices: type[TextChoices] | None = None,
) -> Column:
    return Column(
        key,
        heading,
        width,
        kind=kind,
        is_editable=True,
        is_short=kind in {Kind.CHOICE, Kind.DATE, Kind.NUMBER},
        choices=choices,
        hint=hint,
    )


UNITS_HINT = "填单位名称、简称或条文称谓，多个用“、”隔开，如：区应急管理局、各镇（场、街道）。"
FROM_TEXT = "照录原文，导入时不看这一列。"
FROM_WORK = "由平台按办理情况算出，导入时不看这一列。"

COLUMNS = (
    Column("code", "编号", 8, is_short=True, hint="用来认行，不要改。"),
    Column("clause", "条款", 11, hint=FROM_TEXT),
    Column("sources", "条款原文摘句", 32, hint=FROM_TEXT),
    _editable("title", "重点任务", 16, "必填，不超过 60 字。"),
    _editable("measure", "具体措施", 33, "写明做什么、怎么做。"),
    Column("bearers", "义务主体", 11, hint=FROM_TEXT),
    _editable("lead", "牵头单位", 18, UNITS_HINT, kind=Kind.UNITS),
    _editable("assist", "配合单位", 18, UNITS_HINT, kind=Kind.UNITS),
    _editable("supervise", "督办单位", 10, UNITS_HINT, kind=Kind.UNITS),
    _editable(
        "mode",
        "落实方式",
        9,
        "共同完成只能有一个牵头单位；分别落实的每个牵头单位各办一件。",
        kind=Kind.CHOICE,
        choices=FulfilmentMode,
    ),
    _editable(
        "deadline_kind",
        "时限类型",
        10,
        "从下拉列表中选。改时限要同时写明时限决定依据。",
        kind=Kind.CHOICE,
        choices=DeadlineKind,
    ),
    _editable(
        "due_on",
        "到期日",
        11,
        "固定日期和年（季、月）底前才填，写具体日期，如 2020-12-31。",
        kind=Kind.DATE,
    ),
    Column("deadline_text", "完成时限（原文）", 10, hint=FROM_TEXT),
    _editable(
        "frequency",
        "周期",
        9,
        "时限类型为周期的，选每月、每季度、每半年或每年。",
        kind=Kind.CHOICE,
        choices=Frequency,
    ),
    _editable("times", "每期次数", 6, "一个周期内要办几次，一般为 1。", kind=Kind.NUMBER),
    Column("frequency_text", "周期（原文）", 10, hint=FROM_TEXT),
    _editable(
        "basis",
        "时限决定依据",
        13,
        "改了时限的，写明谁定的、凭什么（会议纪要或文件文号）；条文写明了的，写“条文原文”。",
    ),
    _editable("result", "成果形式", 15, "文件、数量或活动，不超过 200 字。"),
    Column("progress", "办理件（办结/应办）", 8, is_short=True, hint=FROM_WORK),
    Column("lamp", "灯", 11, hint=FROM_WORK),
    Column("state", "下发状态", 8, is_short=True, hint="下发和撤销在台账里办，这一列不导入。"),
    _editable("note", "备注", 13, "不超过 300 字。"),
    Column(
        "version", "版本", 6, kind=Kind.NUMBER, is_short=True, hint="用来发现别人的改动，不改。"
    ),
)

TASK_COLUMNS = (
    Column("code", "编号", 8, is_short=True),
    Column("clause", "条款", 13),
    Column("title", "重点任务", 20),
    Column("unit", "责任单位", 16),
    Column("period", "期次", 14, is_short=True),
    Column("starts_on", "起始日期", 11, kind=Kind.DATE, is_short=True),
    Column("due_on", "到期日", 11, kind=Kind.DATE, is_short=True),
    Column("original_due_on", "原到期日", 11, kind=Kind.DATE, is_short=True),
    Column("lamp", "灯", 11),
    Column("state", "办理状态", 9, is_short=True),
    Column("received_on", "签收日期", 11, kind=Kind.DATE, is_short=True),
    Column("reported_on", "最近报进展", 11, kind=Kind.DATE, is_short=True),
    Column("summary", "最近进展", 40),
    Column("document_no", "佐证文号", 16),
    Column("closed_on", "办结日期", 11, kind=Kind.DATE, is_short=True),
    Column("is_late", "迟办", 6, is_short=True),
)

BY_KEY = {column.key: column for column in COLUMNS}
EDITABLE = tuple(column for column in COLUMNS if column.is_editable)
# 认行和认版本所需的列，加上全部可改的列：缺一列就不能判断它是清空了还是删了。
REQUIRED = (BY_KEY["code"], BY_KEY["version"], *EDITABLE)
# 照录原文或由平台算出、但不随日子变的列：改了也不导入，要告诉填表的人。
FIXED = ("clause", "sources", "bearers", "deadline_text", "frequency_text", "state")

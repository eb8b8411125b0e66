"""What may be published: tables and their columns, each open or closed by the office.

What units or persons type (reports, evidence, accidents, notes) is no column here at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessments.enums import Grade
from responsibilities.enums import LampKind

# 给群众看的说法；与内部的灯一一对应。
PLAIN_STATUS: Mapping[LampKind, str] = {
    LampKind.CLOSED: "办结",
    LampKind.NORMAL: "正常",
    LampKind.DUE_SOON: "快到期",
    LampKind.OVERDUE: "慢了",
    LampKind.NOT_STARTED: "还没开始",
}


@dataclass(frozen=True)
class Field:
    """A column: its key in JSON, its name in CSV and on the page, and what it means."""

    table: str
    key: str
    label: str
    meaning: str
    kind: str = "文本"
    is_open: bool = True
    is_fixed: bool = False

    @property
    def name(self) -> str:
        return f"{self.table}.{self.key}"


TABLES: Mapping[str, str] = {"obligations": "任务", "units": "单位进度", "grades": "考核等次"}
KEYS: Mapping[str, tuple[str, ...]] = {
    "obligations": ("plan", "code"),
    "units": ("code",),
    "grades": ("code",),
}
FIELDS = (
    Field(
        "obligations", "plan", "方案", "任务出自哪份方案；编号在一份方案内不重复。", is_fixed=True
    ),
    Field("obligations", "code", "任务编号", "由条号和句号组成，不随时间改变。", is_fixed=True),
    Field("obligations", "title", "任务", "要办的事。", is_fixed=True),
    Field("obligations", "section", "所属部分", "方案的一级标题。"),
    Field("obligations", "clause", "条款", "方案的条号和条名。"),
    Field("obligations", "result", "成果形式", "办成后应有的成果。"),
    Field("obligations", "leads", "牵头单位", "按单位名册的固定次序排列，不是排名。"),
    Field("obligations", "assists", "配合单位", "按单位名册的固定次序排列。", is_open=False),
    Field("obligations", "deadline", "完成时限", "日期、周期或“长期坚持”。"),
    Field(
        "obligations",
        "status",
        "进度",
        "办结：各单位都已办结；快到期：临近期限，或长期任务久未更新；"
        "慢了：过了期限还没办结；还没开始：没到起算日期；其余为正常。",
    ),
    Field("obligations", "steps", "应办件数", "到数据截至日已经开始的办理件。", "整数"),
    Field("obligations", "done", "已办结件数", "其中已办结的办理件。", "整数"),
    Field("units", "code", "单位代码", "单位名册中的代码。", is_fixed=True),
    Field("units", "unit", "单位", "单位简称，按单位名册的固定次序。", is_fixed=True),
    Field("units", "steps", "应办件数", "到数据截至日已经开始的办理件。", "整数"),
    Field("units", "done", "已办结件数", "其中已办结的办理件。", "整数"),
    Field("units", "late", "慢了的件数", "其中过了期限还没办结的办理件。", "整数"),
    Field("grades", "code", "单位代码", "单位名册中的代码。", is_fixed=True),
    Field("grades", "unit", "单位", "单位简称，排名不分先后。", is_fixed=True),
    Field("grades", "period", "考核期", "最近一次已发布的考核。"),
    Field("grades", "category", "考核类别", "同类单位按同一方案考核。"),
    Field("grades", "grade", "等次", f"{'、'.join(Grade.labels)}。不公布分数和名次。"),
)
BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}


def open_names(decided: Mapping[str, bool]) -> frozenset[str]:
    """Return the columns that are open: what the office decided, else the default."""
    return frozenset(
        field.name for field in FIELDS if field.is_fixed or decided.get(field.name, field.is_open)
    )


def columns(table: str, opened: Iterable[str]) -> list[Field]:
    """Return the open columns of a table in their fixed order."""
    names = set(opened)
    return [field for field in FIELDS if field.table == table and field.name in names]


def dictionary(opened: Iterable[str]) -> list[dict[str, object]]:
    """Return the data dictionary: what each open column means."""
    names = list(opened)
    return [
        {
            "table": table,
            "label": label,
            "fields": [
                {"key": f.key, "label": f.label, "type": f.kind, "meaning": f.meaning}
                for f in columns(table, names)
            ],
        }
        for table, label in TABLES.items()
    ]

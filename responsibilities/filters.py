"""The ledger's filters: what a query string asks for, as conditions, as chips and back again.

The query string is the state of the page: a saved view, a link on a home page, a chip and an
export all carry the same one. What it holds is checked against what the person may choose from;
anything else is left out and said, never an error.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet

from clauses.models import Plan
from clauses.rules import clause_number, code_begun, labels_of
from organizations.access import Access
from responsibilities.enums import (
    AssignmentRole,
    DeadlineKind,
    Frequency,
    LampKind,
    ObligationState,
)
from responsibilities.models import Assignment, ObligationSource
from responsibilities.periods import Period

WORDS_LENGTH = 60  # 搜索词的字数上限
CLAUSE_WORDS = re.compile(r"第?\(?(?P<number>[一二三四五六七八九十]{1,3}|\d{1,2})\)?条?")
CODE_WORDS = re.compile(r"(\d{1,2})[-‐‑‒–—―−－]+(\d{0,2})([a-z]?)")
RUN_TOGETHER = re.compile(r"(\d{2})(\d{2})([a-z]?)")
# 原文用半角标点，搜索词里的全角标点按半角再找一遍。
HALF_WIDTH = str.maketrans("，（）：；？！", ",():;?!")

LAMPS = {kind.value: kind.label for kind in LampKind}
ROLES = {role.value: str(role.label) for role in (AssignmentRole.LEAD, AssignmentRole.ASSIST)}
DEADLINES = {kind.value: kind.label for kind in DeadlineKind}
FREQUENCIES = {kind.value: kind.label for kind in Frequency}
STATES = {state.value: state.label for state in ObligationState}
DUE_WORDS = {
    "month": ("本月", Frequency.MONTHLY),
    "quarter": ("本季", Frequency.QUARTERLY),
    "year": ("本年", Frequency.YEARLY),
}
GROUPS = {"lamp": "按亮灯", "section": "按部分", "clause": "按条款", "lead": "按牵头单位"}
SORTS = {"due": "时限近的在前", "far": "时限远的在前", "code": "按编号"}
# 每个条件在条件条上的名称，也是查询串里的固定次序。
NAMES = {
    "plan": "方案",
    "q": "搜索",
    "lamp": "亮灯",
    "unit": "单位",
    "role": "角色",
    "clause": "条款",
    "section": "部分",
    "deadline": "时限类型",
    "frequency": "周期",
    "state": "下发状态",
    "due": "时限",
}
ARRANGING = {"group": ("分组", GROUPS, "lamp"), "sort": ("排序", SORTS, "due")}


@dataclass(frozen=True)
class Choices:
    """What the person may choose from in one plan; units only for those who see all of them."""

    plan: Plan | None = None
    plans: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    clauses: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Chip:
    """One condition in force, and the query string without it."""

    name: str
    label: str
    without: str


@dataclass(frozen=True)
class Filters:
    """The checked content of a ledger query string; empty means no condition."""

    plan: str = ""
    q: str = ""
    lamp: str = ""
    unit: str = ""
    role: str = ""
    clause: str = ""
    section: str = ""
    deadline: str = ""
    frequency: str = ""
    state: str = ""
    due: str = ""
    group: str = "lamp"
    sort: str = "due"

    def query(self, **changes: str) -> str:
        """Return the canonical query string, with ``changes`` applied."""
        changed = replace(self, **changes)
        defaults = Filters()
        pairs = [(item.name, getattr(changed, item.name)) for item in fields(Filters)]
        return urlencode([(name, v) for name, v in pairs if v != getattr(defaults, name)])

    def chips(self, choices: Choices) -> list[Chip]:
        """Return the conditions in force, each with the way to drop it."""
        chips = []
        for name, label in NAMES.items():
            value = getattr(self, name)
            if not value or name == "plan":
                continue
            gone = {name: "", "role": ""} if name == "unit" else {name: ""}
            words = f"{label}：{self._said(name, value, choices)}"
            chips.append(Chip(name, words, self.query(**gone)))
        return chips

    def _said(self, name: str, value: str, choices: Choices) -> str:
        if name == "due":
            return DUE_WORDS[value][0] + "内" if value in DUE_WORDS else f"{value} 前"
        return words_of(choices).get(name, {}).get(value, value)

    def due_by(self, today: date) -> date | None:
        """Return the last day that the deadline condition lets through."""
        if not self.due:
            return None
        if self.due in DUE_WORDS:
            return Period.containing(today, DUE_WORDS[self.due][1]).last_day
        return date.fromisoformat(self.due)

    def condition(self, choices: Choices, *, access: Access, today: date) -> Q:
        """Return the conditions as one ``Q`` over the plan's rows with dates and lamps."""
        wanted = Q(state=self.state) if self.state else ~Q(state=ObligationState.VOID)
        for name, column in (
            ("lamp", "lamp_kind"),
            ("clause", "clause__number"),
            ("section", "clause__section__number"),
            ("deadline", "deadline_kind"),
            ("frequency", "frequency"),
        ):
            if value := getattr(self, name):
                wanted &= Q(**{column: value})
        if self.unit or self.role:
            wanted &= Q(Exists(self._held(access)))
        last = self.due_by(today)
        if last is not None:
            not_yet = Q(state=ObligationState.DRAFT, due_on__lte=last)
            wanted &= Q(row_due_on__lte=last) | not_yet
        for word in self.q.split():
            wanted &= _word_condition(word, choices.plan)
        return wanted

    def _held(self, access: Access) -> "QuerySet[Assignment]":
        held = Assignment.objects.filter(obligation=OuterRef("pk"))
        if self.role:
            held = held.filter(role=self.role)
        if access.sees_all:
            return held.filter(unit__code=self.unit) if self.unit else held
        return held.filter(unit__in=access.unit_ids)


def _word_condition(word: str, plan: Plan | None) -> Q:
    """Match one search word: a clause, a code, or a part of a title, measure, source or unit."""
    plain = word.translate(HALF_WIDTH)
    if number := named_clause(plain):
        return Q(clause__label__in=labels_of(number))
    code = _full_code(plain)
    found = Q(code__istartswith=code) if code else Q()
    for part in {word, plain}:
        named = Q(unit__name__icontains=part) | Q(unit__short_name__icontains=part)
        # 只在这份方案的句子里找：别的方案再多，也不必翻。
        told = ObligationSource.objects.filter(
            provision__plan=plan, provision__text__icontains=part
        )
        found |= (
            Q(code__istartswith=part)
            | Q(title__icontains=part)
            | Q(measure__icontains=part)
            | Q(pk__in=told.order_by().values("obligation"))
            | Q(Exists(Assignment.objects.filter(named, obligation=OuterRef("pk"))))
        )
    return found


def named_clause(word: str) -> int | None:
    """Return the clause that 第(四)条, 第四条, (四) or 四 stands for; digits need 第 or 条."""
    match = CLAUSE_WORDS.fullmatch(word.translate(HALF_WIDTH))
    if match is None:
        return None
    number = match["number"]
    if number.isdigit():
        return int(number) if word != number else None
    try:
        return clause_number(number)
    except ValueError:
        return None


def _full_code(word: str) -> str:
    """Return the code that 4-1, 04—01 or 0401 stands for, or how those begin that 4-0 begins."""
    match = CODE_WORDS.fullmatch(word.lower()) or RUN_TOGETHER.fullmatch(word.lower())
    return code_begun(*match.groups()) if match else ""


def parse(
    params: Mapping[str, str], choices: Choices, *, access: Access
) -> tuple[Filters, list[str]]:
    """Return the filters that ``params`` ask for, and a sentence for each value left out."""
    kept: dict[str, str] = {}
    notices: list[str] = []
    for name, value in _asked(params):
        if name == "q":
            kept[name] = value[:WORDS_LENGTH].strip()
        elif name == "due":
            if (known := _due(value)) is not None:
                kept[name] = known
            else:
                notices.append(_unknown(name, value))
        elif (known := _known(name, value, choices)) is not None:
            kept[name] = known
        else:
            notices.append(_unknown(name, value))
    if kept.get("role") and access.sees_all and not kept.get("unit"):
        del kept["role"]
        notices.append("选定单位后才能区分牵头和配合，已先列出全部任务。")
    return Filters(**kept), notices


def _asked(params: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in (*NAMES, *ARRANGING):
        spaced = " ".join(params.get(name, "").split())
        if value := "".join(c for c in spaced if c.isprintable()):
            yield name, value


def _unknown(name: str, value: str) -> str:
    label = NAMES.get(name) or ARRANGING[name][0]
    return f"没有“{label}：{value[:20]}”这一条件，已先不按它筛选。"


def words_of(choices: Choices) -> dict[str, Mapping[str, str]]:
    """Return, for each condition that is chosen from a list, its values and their words."""
    return {
        "plan": choices.plans,
        "lamp": LAMPS,
        "unit": choices.units,
        "role": ROLES,
        "clause": choices.clauses,
        "section": choices.sections,
        "deadline": DEADLINES,
        "frequency": FREQUENCIES,
        "state": STATES,
        "group": GROUPS,
        "sort": SORTS,
    }


def _known(name: str, value: str, choices: Choices) -> str | None:
    if name == "clause":
        value = str(named_clause(value) or value.lstrip("0"))
    elif name == "section":
        value = value.lstrip("0")
    return value if value in words_of(choices)[name] else None


def _due(value: str) -> str | None:
    if value in DUE_WORDS:
        return value
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        return None

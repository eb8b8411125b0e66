"""The touched cells of one row as the acts they amount to: wording, units, deadline."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import TypeVar

from common.errors import DomainError
from responsibilities.enums import (
    AssignmentRole,
    DeadlineKind,
    Frequency,
    FulfilmentMode,
    ObligationState,
)
from responsibilities.excel.columns import BY_KEY
from responsibilities.excel.lines import Value
from responsibilities.excel.parsing import choice_in, date_in, number_in, text_in
from responsibilities.excel.reading import Cell
from responsibilities.exceptions import NoBasis
from responsibilities.models import Obligation
from responsibilities.services.assigning import UnitRoles, check_roles
from responsibilities.services.breakdown import Wording
from responsibilities.services.deadlines import Deadline, check_deadline
from responsibilities.unit_names import Held, Pair, UnitNames

T = TypeVar("T")

WORDING = ("title", "measure", "result", "note")
ROLES = ("lead", "assist", "supervise")
TAKES_FREQUENCY = (DeadlineKind.PERIODIC, DeadlineKind.UNDECIDED)
UNITS = (*ROLES, "mode")
DEADLINE = ("deadline_kind", "due_on", "frequency", "times", "basis")
FIELDS = {
    "title": "title",
    "measure": "measure",
    "result": "expected_result",
    "note": "note",
    "basis": "decision_basis",
}
LIMITS = {
    key: getattr(Obligation._meta.get_field(name), "max_length", None) or 5_000
    for key, name in FIELDS.items()
}
LONG = 20  # 不短于此数的文字只标出不同的部分
NAMED = 8  # 一句话里最多点名的单位数
ROLE_OF = {
    "lead": AssignmentRole.LEAD,
    "assist": AssignmentRole.ASSIST,
    "supervise": AssignmentRole.SUPERVISE,
}


@dataclass(frozen=True)
class Edit:
    """One value before and after, in the words of the sheet; ``more`` says what units move."""

    label: str
    before: str
    after: str
    more: str = ""

    @property
    def parts(self) -> tuple[str, str, str, str]:
        """Return (head, removed, added, tail): in long texts only what differs is marked."""
        before, after = self.before, self.after
        if min(len(before), len(after)) < LONG:
            return "", before, after, ""
        head = _shared(before, after)
        rest_before, rest_after = before[head:], after[head:]
        tail = _shared(rest_before[::-1], rest_after[::-1])
        stop = len(before) - tail
        return before[:head], before[head:stop], after[head : len(after) - tail], before[stop:]


@dataclass(frozen=True)
class KnownRow:
    """A row of the ledger with what the export would write for it and the units it has."""

    row: Obligation
    values: dict[str, Value]
    held: list[Held]


class RowEdits:
    """Reads the touched cells of a row once; ``problems`` are (column key, sentence)."""

    def __init__(
        self,
        known: KnownRow,
        cells: Mapping[str, Cell],
        touched: set[str],
        names: UnitNames,
        today: date,
    ) -> None:
        self.row, self.values, self.held = known.row, known.values, known.held
        self.cells = cells
        self.touched, self.names, self.today = touched, names, today
        self.problems: list[tuple[str, str]] = []
        self.wording = self._wording() if touched & set(WORDING) else None
        self.roles = self._roles() if touched & set(UNITS) else None
        self.deadline = self._deadline() if touched & set(DEADLINE) else None

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What changes, as shown; respelling a unit or a date changes nothing."""
        parts = [
            (self.wording is not None, WORDING),
            (self.roles is not None, UNITS),
            (self.deadline is not None, DEADLINE),
        ]
        keys = [key for is_changed, group in parts if is_changed for key in group]
        moved = {key for key in ROLES if self._moved(key)}
        shown = [self._edit(key) for key in keys if key in self.touched | moved]
        return tuple(edit for edit in shown if edit.before != edit.after or edit.more)

    @property
    def notices(self) -> tuple[str, ...]:
        """What a careful clerk would point out before the change is made."""
        row, deadline = self.row, self.deadline
        said = []
        if deadline and "basis" not in self.touched and row.decision_basis:
            said.append(f"改了时限，依据仍是“{row.decision_basis}”，请核对。")
        if deadline and deadline.due_on and deadline.due_on < self.today:
            said.append("到期日已经过去，导入后即为逾期。")
        if row.state != ObligationState.DISPATCHED:
            return tuple(said)
        if self.roles:
            said.append("这一项已下发：撤下的单位不再办理，未办结的办理件撤销；新单位收到任务。")
        if deadline and deadline.kind == DeadlineKind.PERIODIC and self._is_laid_out_anew(deadline):
            said.append("这一项已下发：从今天所在的一期起按新周期办理，已经逾期的仍要办。")
        elif deadline:
            said.append("这一项已下发：还没办结的办理件按新时限办理，办结的不变。")
        return tuple(said)

    def _is_laid_out_anew(self, deadline: Deadline) -> bool:
        held = self.row.deadline_kind, self.row.frequency
        return (deadline.kind, deadline.frequency or "") != held

    def _try(self, key: str, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except DomainError as error:
            self.problems.append(("basis" if isinstance(error, NoBasis) else key, error.message))
            return None

    def _edit(self, key: str) -> Edit:
        column, before = BY_KEY[key], self.values[key]
        after = text_in(self.cells[key])
        if key == "due_on":
            after = str(date_in(self.cells[key]) or "")
        elif key == "times":
            after = str(number_in(self.cells[key]))
        elif column.choices:
            value = choice_in(self.cells[key], column)
            after = str(dict(column.choices.choices).get(value, ""))
        more = self._moved(key) if key in ROLES else ""
        before_words = "" if before is None else str(before)
        if key in ROLES and not more:
            after = before_words
        return Edit(column.heading, before_words, after, more)

    # 文字 ---------------------------------------------------------------

    def _wording(self) -> Wording | None:
        texts = {key: self._text(key) for key in WORDING}
        title = texts["title"]
        if not title:
            self.problems.append(("title", "“重点任务”不能空着，请填写。"))
        return Wording(title, texts["measure"], texts["result"], texts["note"])

    def _text(self, key: str) -> str:
        """Return the touched cell, or what the row says already."""
        held = str(getattr(self.row, FIELDS[key]))
        if key not in self.touched:
            return held
        text = self._try(key, lambda: text_in(self.cells[key]))
        if text is None:
            return held
        limit = LIMITS[key]
        if len(text) > limit:
            words = f"“{BY_KEY[key].heading}”最多 {limit} 字，现在 {len(text)} 字，请缩短。"
            self.problems.append((key, words))
        return text

    # 责任单位 -------------------------------------------------------------

    def _roles(self) -> UnitRoles | None:
        """Return the units as the sheet says them, or None when nothing really changes."""
        before = len(self.problems)
        mode = self._try("mode", lambda: choice_in(self.cells["mode"], BY_KEY["mode"]))
        if mode == "":
            self.problems.append(("mode", "“落实方式”不能空着，请填共同完成或分别落实。"))
        members = {key: self._units(key) for key in ROLES}
        if len(self.problems) > before:
            return None
        roles = UnitRoles(
            FulfilmentMode(mode or ""), members["lead"], members["assist"], members["supervise"]
        )
        twice = self._twice(members)
        if twice:
            self.problems.append(twice)
            return None
        if self._is_held(roles):
            return None
        self._try("lead", lambda: check_roles(self.row, roles, today=self.today))
        return roles

    def _units(self, key: str) -> list[Pair]:
        found = self._try(key, lambda: self.names.resolve(text_in(self.cells[key])))
        return found or []

    def _twice(self, members: Mapping[str, list[Pair]]) -> tuple[str, str] | None:
        """Name a unit that two columns list by its own name; a phrase may overlap with another."""
        seen: dict[int, str] = {}
        for key in ROLES:
            for unit, alias in members[key]:
                if unit.pk in seen and alias is None and key in self.touched:
                    other = BY_KEY[seen[unit.pk]].heading
                    return key, f"{unit.name}已列在“{other}”，同一单位只能有一个角色，请删去一处。"
                seen.setdefault(unit.pk, key)
        return None

    def _is_held(self, roles: UnitRoles) -> bool:
        """Whether the row has these units already; another spelling of them changes nothing."""
        held = {item.unit: item.role for item in self.held}
        wanted = {pk: role for pk, (_, role, _) in roles.rows().items()}
        return roles.mode == self.row.mode and held == wanted

    def _moved(self, key: str) -> str:
        """Say which units a column gains and loses."""
        if self.roles is None:
            return ""
        rows = self.roles.rows().values()
        wanted = {unit.pk: unit.name for unit, role, _ in rows if role == ROLE_OF[key]}
        names = self.names.everyone
        held = {i.unit: names[i.unit].name for i in self.held if i.role == ROLE_OF[key]}
        gained = [name for pk, name in wanted.items() if pk not in held]
        lost = [name for pk, name in held.items() if pk not in wanted]
        said = [f"{verb}{_named(n)}" for verb, n in (("新增", gained), ("撤下", lost)) if n]
        return "；".join(said)

    # 时限 ---------------------------------------------------------------

    def _deadline(self) -> Deadline | None:
        """Return the deadline as the sheet says it, or None when nothing really changes."""
        before = len(self.problems)
        kind = self._try(
            "deadline_kind", lambda: choice_in(self.cells["deadline_kind"], BY_KEY["deadline_kind"])
        )
        if kind == "":
            self.problems.append(("deadline_kind", "“时限类型”不能空着，请从下拉列表中选。"))
        due_on = self._try("due_on", lambda: date_in(self.cells["due_on"]))
        frequency = self._try(
            "frequency", lambda: choice_in(self.cells["frequency"], BY_KEY["frequency"])
        )
        if kind and kind not in TAKES_FREQUENCY and frequency and "frequency" in self.touched:
            words = "“周期”只用于按期重复的任务，请清空周期，或把时限类型改为“周期”。"
            self.problems.append(("frequency", words))
        times = self._try("times", lambda: number_in(self.cells["times"]))
        basis = self._text("basis")
        if len(self.problems) > before:
            return None
        deadline = Deadline(
            DeadlineKind(kind or ""),
            basis,
            due_on,
            Frequency(frequency) if frequency else None,
            times or 1,
        )
        if self._is_due_so(deadline):
            return None
        self._try("deadline_kind", lambda: check_deadline(self.row, deadline))
        return deadline

    def _is_due_so(self, deadline: Deadline) -> bool:
        row = self.row
        return (
            row.deadline_kind,
            row.due_on,
            row.frequency,
            row.times_per_period,
            row.decision_basis,
        ) == (
            deadline.kind,
            deadline.due_on,
            deadline.frequency or "",
            deadline.times_per_period,
            deadline.basis,
        )


def _named(names: Sequence[str]) -> str:
    """Return names as they are read out: A、B 等 20 家."""
    head = "、".join(names[:NAMED])
    return head if len(names) <= NAMED else f"{head}等 {len(names)} 家"


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))

"""What a cell of the matrix says: pure functions of records and the day.

Source: 方案(四)“各有关部门主要负责人每季度至少带队检查1次本行业领域安全生产工作”.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from inspections.enums import CellKind

# 几个单位并为一行时，先说最要管的。
CELL_ORDER = tuple(CellKind)


@dataclass(frozen=True)
class CellFacts:
    """What is on record about one unit and one quarter.

    ``required`` is 0 where the sentence does not bind the unit (参照执行). ``confirmed_on`` are
    the days on which the head confirmed an inspection that counts, earliest first.
    """

    required: int
    starts_on: date
    due_on: date
    confirmed_on: tuple[date, ...] = ()
    is_awaiting: bool = False

    @property
    def fulfilled_on(self) -> date | None:
        """The day of the confirmation that made the number full; None while it is not."""
        needed = max(self.required, 1)
        return sorted(self.confirmed_on)[needed - 1] if len(self.confirmed_on) >= needed else None


def cell_kind(facts: CellFacts, *, today: date) -> CellKind:
    """Return the word for a unit's quarter on ``today``; the last day of the quarter still counts.

    What was confirmed after the quarter stays 迟 for good.
    """
    done_on = facts.fulfilled_on
    if done_on is not None:
        late = facts.required and done_on > facts.due_on
        return CellKind.LATE if late else CellKind.CONFIRMED
    if not facts.required:
        return CellKind.AWAITING if facts.is_awaiting else CellKind.NOT_EXPECTED
    if facts.due_on < today:
        return CellKind.MISSING
    if facts.is_awaiting:
        return CellKind.AWAITING
    return CellKind.NOT_BEGUN if today < facts.starts_on else CellKind.NOT_FILED


def worst_cell(kinds: Sequence[CellKind]) -> CellKind:
    """Return what a row says for several units that became one: what is owed comes first."""
    owed = [kind for kind in kinds if kind != CellKind.NOT_EXPECTED]
    return min(owed, key=CELL_ORDER.index) if owed else CellKind.NOT_EXPECTED

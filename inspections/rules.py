"""What a cell of the matrix says: pure functions of records and the day.

Source: 方案(四)“各有关部门主要负责人每季度至少带队检查1次本行业领域安全生产工作”.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from inspections.enums import SIX_STEPS, CellKind, HazardStage
from responsibilities.enums import LampKind
from responsibilities.rules import Lamp

# 几个单位并为一行时，先说最要管的。
CELL_ORDER = tuple(CellKind)
HAZARD_SOON_DAYS = 7  # 隐患时限短，到期前 7 天亮黄灯
REGISTER_WITHIN_DAYS = 3  # 排查以后几天之内登记


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
    def wanted(self) -> int:
        """How many that count are not there."""
        return max(self.required - len(self.confirmed_on), 0)

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


def still_wanted(quarter: str, *, wanted: int, missing: int) -> str:
    """Say what a quarter still wants when a record does not count; empty when it has enough.

    ``missing`` are those of the ``wanted`` inspections whose quarter is over.

    >>> still_wanted("2019年第三季度", wanted=1, missing=0)
    '2019年第三季度仍需主要负责人带队检查 1 次。'
    """
    if missing:
        return (
            f"{quarter}已经结束：季内主要负责人另外带队检查过的，请联络员补报，"
            "负责人确认后计“迟”；没有的计“缺”。"
        )
    return f"{quarter}仍需主要负责人带队检查 {wanted} 次。" if wanted else ""


def hazard_lamp(
    *,
    stage: HazardStage,
    found_on: date,
    due_on: date | None,
    closed_on: date | None,
    today: date,
    was_late: bool = False,
) -> Lamp:
    """Work out a hazard's own lamp on ``today``; what was closed late says so for good.

    Source: 方案(二十)“排查、登记、治理、监督、评估、销号等隐患排查治理全过程闭环管理”.
    """
    if stage == HazardStage.VOID:
        return Lamp(LampKind.CLOSED, "已作废")
    if stage == HazardStage.CLOSED:
        late = due_on is not None and closed_on is not None and closed_on > due_on
        return Lamp(LampKind.CLOSED, "迟，已销号" if late or was_late else "已销号")
    if due_on is None:
        waited = (today - found_on).days
        kind = LampKind.DUE_SOON if waited > REGISTER_WITHIN_DAYS else LampKind.NORMAL
        return Lamp(kind, f"待登记 {waited} 天" if waited else "今天待登记")
    left = (due_on - today).days
    if left < 0:
        return Lamp(LampKind.OVERDUE, f"逾期 {-left} 天")
    kind = LampKind.DUE_SOON if left <= HAZARD_SOON_DAYS else LampKind.NORMAL
    return Lamp(kind, f"剩 {left} 天" if left else "今天到期")


def again_until(
    *, found_on: date, original_due_on: date | None, due_on: date | None, today: date
) -> date:
    """Return the latest date that a unit may give itself when a hazard is back: the date that was
    set, while it lasts; after it as many days as the hazard was given at first.

    A later date belongs to whoever settles dates: the office.
    """
    if due_on is not None and due_on >= today:
        return due_on
    given = (original_due_on or due_on or today) - found_on
    return today + max(given, timedelta(days=1))


_FORMS = re.compile(r"(股份有限公司|有限责任公司|有限公司|公司)$")


def is_same_body(one: str, other: str) -> bool:
    """Whether two names stand for one body: width, case, spaces, brackets, punctuation and the
    form of the company apart.

    >>> is_same_body("钦州市宏达（化工）有限公司", " 钦州市宏达化工 ")
    True
    """
    return bool(_bare(one)) and _bare(one) == _bare(other)


def _bare(name: str) -> str:
    return _FORMS.sub("", re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold()))


def steps_done(stage: HazardStage) -> int:
    """Return how many of the six steps are done."""
    return SIX_STEPS.index(stage) + 1 if stage in SIX_STEPS else 0

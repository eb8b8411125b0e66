"""Pure rules of the ledger: lamps and days, codes of rows, readiness for dispatch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from responsibilities.enums import DATED_KINDS, DeadlineKind, Frequency, LampKind

# 亮灯规则：临期的提前天数（自然日，含到期日当天为 0 天）与长期任务的未更新天数。
DUE_SOON_DAYS = 30
DUE_SOON_DAYS_PERIODIC = 15
QUIET_DAYS = 90
RECEIPT_WORKDAYS = 3  # 下发几个工作日还没签收算迟

_MARKS = "，,、；;。.：:！!？?（()）“”\"'"
_JOINTS = frozenset(("和", "与", "及", "并", "或", "以及", "并且"))


@dataclass(frozen=True)
class Thresholds:
    """Days before a lamp changes; the office sets them, these are the defaults.

    Units: calendar days; a task due today has 0 days left and is not overdue.
    """

    due_soon: int = DUE_SOON_DAYS
    due_soon_periodic: int = DUE_SOON_DAYS_PERIODIC
    quiet: int = QUIET_DAYS


@dataclass(frozen=True)
class Lamp:
    """A lamp as shown: kind, its word, and the sentence with the days."""

    kind: LampKind
    text: str

    @property
    def label(self) -> str:
        return self.kind.label


@dataclass(frozen=True)
class LampFacts:
    """What a lamp depends on; ``due_on`` is the earliest date still owed."""

    is_draft: bool = False
    is_closed: bool = False
    due_on: date | None = None
    is_periodic: bool = False
    quiet_since: date | None = None
    starts_on: date | None = None


DEFAULTS = Thresholds()


class SetsThresholds(Protocol):
    """What a plan says about its lamps; the office sets it on the plan's settings page."""

    due_soon_days: int
    due_soon_days_periodic: int
    quiet_days: int


def thresholds_of(plan: SetsThresholds) -> Thresholds:
    """Return the thresholds that hold for the rows and tasks of ``plan``."""
    return Thresholds(plan.due_soon_days, plan.due_soon_days_periodic, plan.quiet_days)


def lamp(facts: LampFacts, *, today: date, thresholds: Thresholds = DEFAULTS) -> Lamp:
    """Work out the lamp of a row or task on ``today``.

    Closed comes first, then overdue: work that is owed and late is overdue even before its
    nominal start. Long-term work has no end to miss; it is due soon when nothing was reported
    for ``thresholds.quiet`` days.
    """
    if facts.is_closed:
        return Lamp(LampKind.CLOSED, "办结")
    if facts.is_draft:
        return Lamp(LampKind.NOT_STARTED, "未下发")
    if facts.due_on is not None:
        return _dated_lamp(facts, (facts.due_on - today).days, today, thresholds)
    if facts.starts_on is not None and facts.starts_on > today:
        return Lamp(LampKind.NOT_STARTED, "未启动")
    if facts.quiet_since is not None and (today - facts.quiet_since).days > thresholds.quiet:
        return Lamp(LampKind.DUE_SOON, f"{(today - facts.quiet_since).days} 天未更新")
    return Lamp(LampKind.NORMAL, "正常")


def _dated_lamp(facts: LampFacts, days_left: int, today: date, thresholds: Thresholds) -> Lamp:
    if days_left < 0:
        return Lamp(LampKind.OVERDUE, f"逾期 {-days_left} 天")
    if facts.starts_on is not None and facts.starts_on > today:
        return Lamp(LampKind.NOT_STARTED, "未启动")
    soon = thresholds.due_soon_periodic if facts.is_periodic else thresholds.due_soon
    if days_left <= soon:
        return Lamp(LampKind.DUE_SOON, f"剩 {days_left} 天" if days_left else "今天到期")
    return Lamp(LampKind.NORMAL, f"剩 {days_left} 天")


def next_code(provision_code: str, taken: Iterable[str]) -> str:
    """Return the code of a new row made from a sentence: 23-07, then 23-07b, 23-07c …

    A row that stands alone carries the sentence's own code. The codes of rows never change, so
    the second row of a sentence is b although the first has no letter.
    Raises: ValueError when all 26 letters are used.
    """
    used = set(taken)
    if provision_code not in used and f"{provision_code}a" not in used:
        return provision_code
    for letter in "abcdefghijklmnopqrstuvwxyz":
        code = f"{provision_code}{letter}"
        if code not in used and not (letter == "a" and provision_code in used):
            return code
    raise ValueError(f"{provision_code} 句下的任务编号已经用完。")


def deadline_problem(
    *, kind: DeadlineKind, due_on: date | None, frequency: Frequency | None, is_unspecified: bool
) -> str | None:
    """Return why a deadline does not hold together, as a Chinese sentence, or None if it does."""
    dated = kind in {DeadlineKind.FIXED, DeadlineKind.PERIOD_END}
    if dated and due_on is None:
        return "固定日期或年（季、月）底前的时限要填写到期日。"
    if not dated and due_on is not None:
        return "只有固定日期或年（季、月）底前的时限才填写到期日，请清空到期日或改选时限类型。"
    if kind == DeadlineKind.PERIODIC and (frequency is None or is_unspecified):
        return "周期任务要选定每月、每季度、每半年或每年。"
    return None


def deadline_words(*, kind: DeadlineKind, due_on: date | None, frequency: str) -> str:
    """Return a deadline in a few words: its date, its interval, or its kind."""
    if kind in DATED_KINDS and due_on is not None:
        return due_on.isoformat()
    if frequency and kind in {DeadlineKind.PERIODIC, DeadlineKind.UNDECIDED}:
        return Frequency(frequency).label
    return kind.label


def few_units(names: Sequence[str], *, most: int, counter: str = "个单位") -> str:
    """Name units in few words: all of them up to ``most``, else the first and how many.

    >>> few_units(["区甲局", "区乙局", "区丙局"], most=2)
    '区甲局等 3 个单位'
    """
    return "、".join(names) if len(names) <= most else f"{names[0]}等 {len(names)} {counter}"


def silent_words(silent: int, total: int, first: str) -> str:
    """Say which of several units told nothing for too long while others did; else nothing.

    >>> silent_words(2, 3, "区甲局"), silent_words(3, 3, "区甲局")
    ('区甲局等 2 家未更新', '')
    """
    if not 0 < silent < total:
        return ""
    return f"{first}未更新" if silent == 1 else f"{first}等 {silent} 家未更新"


def words_left_out(text: str, taken: Sequence[tuple[int, int]]) -> str:
    """Return the words of a sentence outside the stretches, without marks and mere joints.

    >>> words_left_out("一是划定区域；二是加强巡查。", [(0, 6)])
    '二是加强巡查'
    >>> words_left_out("甲和乙。", [(0, 1), (2, 3)])
    ''
    """
    rest = list(text)
    for first, last in taken:
        stretch = slice(max(first, 0), max(last, 0))
        rest[stretch] = " " * len(rest[stretch])
    parts = (part.strip(_MARKS) for part in "".join(rest).split())
    return "……".join(part for part in parts if part and part not in _JOINTS)

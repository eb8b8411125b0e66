"""Pure rules of the reminders: on which days, to which rung, in which words.

Sources: 方案(四)“每季度至少带队检查1次”、(三十三)“定期检查、全程跟踪”; the ladder follows the
coloured orders (提醒单、催办单、督办单) of the counties that run one.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from common.days import short_day
from common.workdays import calendar_note, minus_working_days, plus_working_days
from notices.enums import LADDER, Rung

TEXT_LIMIT = 60  # 短信一条的长度，链接另附
SIGNATURE = "【区安委办】"
DONE = "事项已办结、已报送或已撤销"  # 临发前再看一次，为什么不发了
RESTS = "已报出，正等别人办，到期前不再提醒"
ACT = "act"  # 人办的事随手告知的，不是按日子排的
UNARRANGED = "（放假安排待公布）"
LADDER_DAYS = (1, 4, 7, 10, 15)  # 到期后第几个工作日


@dataclass(frozen=True)
class Schedule:
    """When one kind of duty is called to mind.

    ``days_before`` counts calendar days, ``workdays_before`` working days before the due date;
    ``ladder`` holds the working day after it on which each rung may begin.
    """

    at_start: bool = False
    at_middle: bool = False
    days_before: tuple[int, ...] = ()
    workdays_before: tuple[int, ...] = ()
    ladder: tuple[int, ...] = LADDER_DAYS

    @property
    def lead_days(self) -> int:
        """Calendar days before a due date after which a reminder without a period may fall."""
        # 连休最长的国庆、春节也不超过 9 天，工作日按加倍再加两个长假估足。
        working = max(self.workdays_before, default=0)
        return max(*self.days_before, working * 2 + 18 if working else 0, 0)

    def words(self, since: str = "逾期") -> str:
        """The schedule in one line; what nothing falls due of is counted ``since`` it began."""
        before = ["期初"] * self.at_start + ["期中"] * self.at_middle
        before += [f"到期前 {n} 天" for n in self.days_before]
        before += [f"到期前 {n} 个工作日" for n in self.workdays_before]
        numbers = "、".join(map(str, self.ladder))
        after = f"{since}后第 {numbers} 个工作日" if numbers else f"{since}不催办"
        after += "逐级催办" if len(self.ladder) > 1 else "催联络员" if numbers else ""
        if since != "逾期":
            return after
        return f"{'、'.join(before) or '到期前不提醒'}；{after}"


# 季度任务：首日、期中、到期前 15 天、到期前 5 个工作日。
QUARTERLY = Schedule(at_start=True, at_middle=True, days_before=(15,), workdays_before=(5,))


@dataclass(frozen=True)
class Term:
    """The dates of one duty: when its period begins (if it has one) and when it is due."""

    due_on: date
    starts_on: date | None = None


def days_before_due(schedule: Schedule, term: Term) -> Iterator[tuple[date, str]]:
    """Yield (day, rule) of every reminder before the due date, in no order.

    A day before the period begins is left out: nothing is asked of a period not reached.
    """
    points = [(term.due_on - timedelta(days=n), f"days-{n}") for n in schedule.days_before]
    points += [
        (minus_working_days(term.due_on, n), f"workdays-{n}") for n in schedule.workdays_before
    ]
    if term.starts_on is not None:
        if schedule.at_start:
            points.append((term.starts_on, "start"))
        if schedule.at_middle:
            points.append((term.starts_on + (term.due_on - term.starts_on) // 2, "middle"))
    begins = term.starts_on or date.min
    return (point for point in points if begins <= point[0] <= term.due_on)


@dataclass(frozen=True)
class Told:
    """What was done already: the rules given for this due date with the day they went out, and
    the last day on which a person told of the same thing.

    ``first`` is the rung at which the ladder begins. ``waiting`` are the rules that are planned or
    held and reached nobody yet; ``called_off`` those that the office cancelled, with the last day.
    """

    given: Mapping[str, date]
    told_on: date | None = None
    first: Rung = Rung.LIAISON
    waiting: Collection[str] = ()
    called_off: Mapping[str, date] = field(default_factory=dict)

    def is_dealt_with(self, rule: str) -> bool:
        return rule in self.given or rule in self.waiting or rule in self.called_off


def rule_due(schedule: Schedule, term: Term, told: Told, *, today: date) -> str | None:
    """Return the one reminder to give on ``today``, or None.

    Before the due date the latest day reached counts, so days missed are caught up by one
    notice; what a person told of since needs no catching up. After it the ladder goes up one rung
    at a time: the next begins on its own day and not before the working days between the two have
    passed since the rung below went out. What waits or is held is not climbed over. Nor is a rung
    that the office called off: on the day of the next one it is tried again, for whoever was never
    chased is not to be reported above.
    """
    if term.starts_on is not None and today < term.starts_on:
        return None
    if today <= term.due_on:
        reached = [point for point in days_before_due(schedule, term) if point[0] <= today]
        latest = max(reached, default=None)
        if latest is None or told.is_dealt_with(latest[1]):
            return None
        return latest[1] if told.told_on is None or told.told_on < latest[0] else None
    return _next_rung(schedule.ladder, term.due_on, told, today)


def _next_rung(ladder: tuple[int, ...], due_on: date, told: Told, today: date) -> str | None:
    rungs = LADDER[LADDER.index(told.first) :][: len(ladder)]
    step = next((n for n, rung in enumerate(rungs) if rung not in told.given), None)
    if step is None or rungs[step] in told.waiting:
        return None
    begins = plus_working_days(due_on, ladder[step])
    if step:
        below = told.given[rungs[step - 1]]
        begins = max(begins, plus_working_days(below, ladder[step] - ladder[step - 1]))
    if rungs[step] in told.called_off:
        if step + 1 == len(rungs):
            return None
        pause = ladder[step + 1] - ladder[step]
        begins = max(begins, plus_working_days(told.called_off[rungs[step]], pause))
    return str(rungs[step]) if begins <= today else None


CLOCK_SLACK = 600.0  # 秒：钟面时间与实际经过的时间相差超过 10 分钟，就是时钟被拨动了
BACKWARD_SLACK = 300.0


def clock_jumped(before: float, now: float, passed: float | None) -> bool:
    """Whether the wall clock moved by something else than the passing of time.

    ``passed`` is what a clock that nobody can set counted in between, None after a restart: then
    only a step backward can be told.
    """
    if passed is None:
        return now < before - BACKWARD_SLACK
    return abs(now - before - passed) > CLOCK_SLACK


def office_hour(at: datetime) -> datetime:
    """Return when a reminder leaves the platform: from nine in the morning to eight at night."""
    return _within(at, first=9, end=20)


def waking_hour(at: datetime) -> datetime:
    """Return when an act of a person leaves the platform: not before eight, not after ten."""
    return _within(at, first=8, end=22)


def _within(at: datetime, *, first: int, end: int) -> datetime:
    if first <= at.hour < end:
        return at
    day = at if at.hour < first else at + timedelta(days=1)
    return day.replace(hour=first, minute=0, second=0, microsecond=0)


def digest_text(count: int, first_due: date | None, *, today: date) -> str:
    """Word the one message that stands for several of a day."""
    until = ""
    if first_due:
        late = (today - first_due).days
        until = f"，最早的已逾期 {late} 天" if late > 0 else f"，最早 {short_day(first_due)}到期"
    return f"{SIGNATURE}您有 {count} 条提醒{until}，请登录办理。"


def rule_label(rule: str) -> str:
    """Return a stored rule in words."""
    name, _, number = rule.rpartition("-")
    if rule in LADDER:
        return Rung(rule).label
    if name in {"days", "workdays"} and number.isdigit():
        return f"到期前{number}{'天' if name == 'days' else '个工作日'}"
    return {"start": "期初", "middle": "期中"}.get(rule, "催办")


def quarter_code(day: date) -> str:
    """Return the code of the quarter of a day.

    >>> quarter_code(date(2019, 9, 30)), quarter_code(date(2019, 10, 1))
    ('2019Q3', '2019Q4')
    """
    return f"{day.year}Q{(day.month + 2) // 3}"


def fit(before: str, title: str, after: str) -> str:
    """Join the three parts within the limit; only the title in the middle is shortened."""
    room = TEXT_LIMIT - len(before) - len(after)
    if len(title) > room:
        title = f"{title[: room - 1]}…" if room > 1 else ""
    return f"{before}{title}{after}"[:TEXT_LIMIT]


@dataclass(frozen=True)
class FactWords:
    """What a message says of its subject: a short name, a title, the unit, what is asked, and the
    word for its being late; ``ask_head`` and ``ask_late`` are what the head and the liaison are
    asked once it is late."""

    label: str
    title: str
    unit: str
    ask: str
    late: str = "逾期"
    ask_head: str = "请您过问并限期办结。"
    ask_late: str = ""


def text_of(rule: str, words: FactWords, *, due_on: date, today: date) -> str:
    """Word a reminder within the limit; the link goes beside it.

    One whose day is counted in working days of a year that is not published yet says so.

    >>> words = FactWords("23-08", "建立信息平台", "区住建局", "请报进展或申请延期。")
    >>> text_of("days-15", words, due_on=date(2019, 9, 30), today=date(2019, 9, 15))
    '【区安委办】23-08 建立信息平台，9月30日前，请报进展或申请延期。'
    """
    late = f"{words.late} {(today - due_on).days} 天"
    match rule:
        case Rung.LIAISON:
            before, after = f"{words.label} ", f"已{late}，{words.ask_late or words.ask}"
        case Rung.DEPUTY:
            before, after = f"{words.unit}{words.label} ", f"已{late}，联络员未办，请您督促。"
        case Rung.HEAD:
            before, after = f"{words.unit}{words.label} ", f"已{late}，{words.ask_head}"
        case Rung.OFFICE:
            before, after = f"{words.unit}{words.label} ", f"{late}，催办未办，请协调。"
        case Rung.ORDER:
            before, after = f"{words.unit}{words.label} ", f"{late}，可拟督办单。"
        case _:
            before, after = f"{words.label} ", f"，{short_day(due_on)}前，{words.ask}"
    by_working_days = rule in LADDER or rule.startswith("workdays-")
    if by_working_days and calendar_note(due_on, today):
        after += UNARRANGED
    return fit(f"{SIGNATURE}{before}", words.title, after)

"""Lamps, days, codes and periods, worked out by hand."""

from datetime import date

import pytest

from responsibilities.enums import DeadlineKind, Frequency, LampKind
from responsibilities.periods import Period, period_label, periods_between
from responsibilities.rules import LampFacts, deadline_problem, lamp, next_code

TODAY = date(2019, 9, 18)


@pytest.mark.parametrize(
    ("facts", "kind", "text"),
    [
        pytest.param(LampFacts(is_draft=True), LampKind.NOT_STARTED, "未下发", id="未下发"),
        pytest.param(
            LampFacts(is_closed=True, due_on=date(2019, 1, 1)),
            LampKind.CLOSED,
            "办结",
            id="办结熄灯",
        ),
        pytest.param(
            LampFacts(due_on=date(2019, 9, 17)), LampKind.OVERDUE, "逾期 1 天", id="昨天到期"
        ),
        pytest.param(
            LampFacts(due_on=date(2019, 9, 18)), LampKind.DUE_SOON, "今天到期", id="当天不算逾期"
        ),
        # 9 月剩 12 天,加 10 月 18 天,共 30 天。
        pytest.param(
            LampFacts(due_on=date(2019, 10, 18)), LampKind.DUE_SOON, "剩 30 天", id="第30天临期"
        ),
        pytest.param(
            LampFacts(due_on=date(2019, 10, 19)), LampKind.NORMAL, "剩 31 天", id="第31天正常"
        ),
        pytest.param(
            LampFacts(due_on=date(2019, 10, 3), is_periodic=True),
            LampKind.DUE_SOON,
            "剩 15 天",
            id="周期任务15天临期",
        ),
        pytest.param(
            LampFacts(due_on=date(2019, 10, 4), is_periodic=True),
            LampKind.NORMAL,
            "剩 16 天",
            id="周期任务16天正常",
        ),
        # 6 月 20 日到 9 月 18 日:10 + 31 + 31 + 18 = 90 天,满 90 天仍正常。
        pytest.param(
            LampFacts(quiet_since=date(2019, 6, 20)), LampKind.NORMAL, "正常", id="长期任务90天"
        ),
        pytest.param(
            LampFacts(quiet_since=date(2019, 6, 19)),
            LampKind.DUE_SOON,
            "91 天未更新",
            id="长期任务91天未更新",
        ),
        pytest.param(
            LampFacts(due_on=date(2019, 12, 31), starts_on=date(2019, 10, 1), is_periodic=True),
            LampKind.NOT_STARTED,
            "未启动",
            id="期次未到",
        ),
    ],
)
def test_the_lamp_says_kind_and_days(facts: LampFacts, kind: LampKind, text: str) -> None:
    shown = lamp(facts, today=TODAY)

    assert (shown.kind, shown.text) == (kind, text)


@pytest.mark.parametrize(
    ("taken", "code"),
    [
        ([], "23-07"),
        (["23-07"], "23-07b"),
        (["23-07", "23-07b"], "23-07c"),
        (["23-07a", "23-07b"], "23-07c"),
    ],
)
def test_a_further_row_of_a_sentence_gets_the_next_letter(taken: list[str], code: str) -> None:
    assert next_code("23-07", taken) == code


@pytest.mark.parametrize(
    ("day", "frequency", "code", "label", "first", "last"),
    [
        (date(2020, 2, 29), Frequency.MONTHLY, "2020-02", "2020年2月", "2020-02-01", "2020-02-29"),
        (
            date(2019, 9, 30),
            Frequency.QUARTERLY,
            "2019Q3",
            "2019年第三季度",
            "2019-07-01",
            "2019-09-30",
        ),
        (
            date(2019, 10, 1),
            Frequency.QUARTERLY,
            "2019Q4",
            "2019年第四季度",
            "2019-10-01",
            "2019-12-31",
        ),
        (
            date(2019, 7, 1),
            Frequency.HALF_YEARLY,
            "2019H2",
            "2019年下半年",
            "2019-07-01",
            "2019-12-31",
        ),
        (date(2019, 1, 1), Frequency.YEARLY, "2019", "2019年", "2019-01-01", "2019-12-31"),
    ],
)
def test_a_day_falls_in_one_period(
    day: date, frequency: Frequency, code: str, label: str, first: str, last: str
) -> None:
    period = Period.containing(day, frequency)

    assert (period.code, period.label) == (code, label)
    assert (period.first_day.isoformat(), period.last_day.isoformat()) == (first, last)
    assert Period.parse(code) == period


def test_quarters_between_two_days_count_both_ends() -> None:
    codes = [
        p.code for p in periods_between(date(2019, 9, 30), date(2020, 4, 1), Frequency.QUARTERLY)
    ]

    assert codes == ["2019Q3", "2019Q4", "2020Q1", "2020Q2"]


@pytest.mark.parametrize("code", ["2019Q5", "2019-13", "2019-00", "19Q1", "三季度"])
def test_a_code_that_names_no_period_is_refused_in_words(code: str) -> None:
    with pytest.raises(ValueError, match="不是期次"):
        Period.parse(code)


def test_a_once_off_task_has_no_period_label() -> None:
    assert period_label("") == ""


@pytest.mark.parametrize(
    ("kind", "due_on", "frequency", "problem"),
    [
        (DeadlineKind.FIXED, None, None, "要填写到期日"),
        (DeadlineKind.CONTINUOUS, date(2020, 1, 1), None, "请清空到期日"),
        (DeadlineKind.PERIODIC, None, None, "周期任务要选定"),
    ],
)
def test_a_deadline_that_does_not_hold_together_is_named(
    kind: DeadlineKind, due_on: date | None, frequency: Frequency | None, problem: str
) -> None:
    said = deadline_problem(kind=kind, due_on=due_on, frequency=frequency, is_unspecified=False)

    assert said is not None
    assert problem in said

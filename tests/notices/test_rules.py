"""The days and the words of reminders, by hand-worked cases of the state's calendar."""

from datetime import date, timedelta

import pytest

from notices.enums import LADDER, Rung
from notices.rules import (
    QUARTERLY,
    FactWords,
    Schedule,
    Term,
    Told,
    days_before_due,
    rule_due,
    text_of,
)

Q3 = Term(date(2019, 9, 30), date(2019, 7, 1))
D = date


@pytest.mark.parametrize(
    ("term", "days"),
    [
        # 2019 年第三季度：9 月 29 日（周日）因国庆调休上班，到期前第 5 个工作日是 24 日。
        (Q3, {"start": D(2019, 7, 1), "middle": D(2019, 8, 15), "days-15": D(2019, 9, 15),
              "workdays-5": D(2019, 9, 24)}),
        # 闰年第一季度：1 月 1 日到 3 月 31 日共 91 天，正中是 2 月 15 日。
        (Term(D(2020, 3, 31), D(2020, 1, 1)),
         {"start": D(2020, 1, 1), "middle": D(2020, 2, 15), "days-15": D(2020, 3, 16),
          "workdays-5": D(2020, 3, 24)}),
        # 2035 年放假安排未公布：12 月 31 日是周一，前第 5 个工作日是 24 日。
        (Term(D(2035, 12, 31), D(2035, 10, 1)),
         {"start": D(2035, 10, 1), "middle": D(2035, 11, 15), "days-15": D(2035, 12, 16),
          "workdays-5": D(2035, 12, 24)}),
    ],
)  # fmt: skip
def test_a_quarter_is_called_to_mind_on_four_days(term, days):
    assert {rule: day for day, rule in days_before_due(QUARTERLY, term)} == days


def test_a_day_before_the_period_begins_is_left_out():
    month = Term(D(2019, 9, 30), D(2019, 9, 1))

    assert dict(days_before_due(Schedule(days_before=(40, 7)), month)) == {D(2019, 9, 23): "days-7"}


@pytest.mark.parametrize(
    ("today", "rule"),
    [
        (D(2019, 6, 30), None),
        (D(2019, 7, 1), "start"),
        (D(2019, 8, 14), "start"),
        (D(2019, 8, 15), "middle"),
        (D(2019, 9, 15), "days-15"),
        (D(2019, 9, 24), "workdays-5"),
        (D(2019, 9, 30), "workdays-5"),
        # 国庆放假到 7 日，8 日（周二）是到期后第一个工作日。
        (D(2019, 10, 1), None),
        (D(2019, 10, 7), None),
        (D(2019, 10, 8), Rung.LIAISON),
    ],
)
def test_days_that_were_missed_are_caught_up_by_the_latest(today, rule):
    assert rule_due(QUARTERLY, Q3, Told({}), today=today) == rule


def test_what_was_given_is_not_given_again():
    assert rule_due(QUARTERLY, Q3, Told({"middle": D(2019, 8, 15)}), today=D(2019, 8, 20)) is None


def test_the_ladder_goes_up_on_working_days_only():
    """Due on Friday 27 September 2019; Sunday 29 is worked, 1–7 October are not, Saturday 12 is.

    Working days after: 29, 30 September, 8, 9, 10, 11, 12 (调休), 14, 15, 16, 17, 18, 21, 22, 23.
    """
    term, given, climbed = Term(D(2019, 9, 27)), {}, {}
    for n in range(1, 35):
        day = D(2019, 9, 27) + timedelta(days=n)
        rule = rule_due(Schedule(), term, Told(given), today=day)
        if rule:
            given[rule] = climbed[rule] = day

    assert climbed == {
        Rung.LIAISON: D(2019, 9, 29),
        Rung.DEPUTY: D(2019, 10, 9),
        Rung.HEAD: D(2019, 10, 12),
        Rung.OFFICE: D(2019, 10, 16),
        Rung.ORDER: D(2019, 10, 23),
    }


def test_the_ladder_skips_no_rung_after_weeks_of_silence():
    """Nothing ran for two months: the liaison is asked first, three working days later the next."""
    term, late = Term(D(2019, 6, 28)), D(2019, 9, 18)

    assert rule_due(Schedule(), term, Told({}), today=late) == Rung.LIAISON
    given = {str(Rung.LIAISON): late}
    assert rule_due(Schedule(), term, Told(given), today=D(2019, 9, 20)) is None
    assert rule_due(Schedule(), term, Told(given), today=D(2019, 9, 23)) == Rung.DEPUTY


def test_the_ladder_ends():
    given = {str(rung): D(2019, 7, 1) for rung in LADDER}

    assert rule_due(Schedule(), Term(D(2019, 6, 28)), Told(given), today=D(2019, 9, 18)) is None


@pytest.mark.parametrize(
    ("called_off", "again"),
    [
        # 8 月 23 日（周五）到期，8 月 30 日取消“催联络员”：再过 9 月 2、3、4 日三个工作日重新催起。
        ({Rung.LIAISON: D(2019, 8, 30)}, (Rung.LIAISON, D(2019, 9, 4))),
        # 8 月 26 日催过联络员，9 月 6 日取消“催分管负责人”：再过 9、10、11 日。
        ({Rung.DEPUTY: D(2019, 9, 6)}, (Rung.DEPUTY, D(2019, 9, 11))),
        # 9 月 11 日取消“报安委办领导”：隔 5 个工作日，中秋 13 日放假，到 19 日（周四）。
        ({Rung.OFFICE: D(2019, 9, 11)}, (Rung.OFFICE, D(2019, 9, 19))),
        # 最后一级由区安委办自己拟督办单，取消了就不再提。
        ({Rung.ORDER: D(2019, 9, 16)}, (None, None)),
    ],
)  # fmt: skip
def test_a_rung_that_the_office_called_off_is_tried_again_before_the_next(called_off, again):
    days = {Rung.LIAISON: D(2019, 8, 26), Rung.DEPUTY: D(2019, 8, 29), Rung.HEAD: D(2019, 9, 3),
            Rung.OFFICE: D(2019, 9, 6)}  # fmt: skip
    (rung,) = called_off
    below = LADDER[: LADDER.index(rung)]
    given = {each: day for each, day in days.items() if each in below}
    told, after = Told(given, called_off=called_off), called_off[rung]

    due = [(rule_due(Schedule(), Term(D(2019, 8, 23)), told, today=after + timedelta(days=n)), n)
           for n in range(30)]  # fmt: skip
    first = next(((rule, after + timedelta(days=n)) for rule, n in due if rule), (None, None))

    assert first == again


def test_a_rung_that_still_waits_is_not_climbed_over():
    given, late = {str(Rung.LIAISON): D(2019, 7, 1)}, D(2019, 9, 18)
    held = Told(given, waiting={Rung.DEPUTY})

    assert rule_due(Schedule(), Term(D(2019, 6, 28)), held, today=late) is None


@pytest.mark.parametrize("rule", [*LADDER, "days-15"])
def test_a_message_has_at_most_sixty_characters_and_keeps_what_is_asked(rule):
    words = FactWords("23-08", "建" * 90, "区住房和城乡建设局", "请报进展或申请延期。")

    text = text_of(rule, words, due_on=D(2019, 8, 31), today=D(2019, 9, 18))

    assert len(text) == 60
    assert text.startswith("【区安委办】")
    assert text.endswith("。")
    assert "23-08 建" in text or "23-08 …" in text


def test_a_message_says_how_late_it_is():
    words = FactWords("23-08", "建立信息平台", "区住建局", "请报进展或申请延期。")

    said = text_of(Rung.LIAISON, words, due_on=D(2019, 8, 31), today=D(2019, 9, 18))

    assert said == "【区安委办】23-08 建立信息平台已逾期 18 天，请报进展或申请延期。"


@pytest.mark.parametrize(
    ("rule", "due_on", "today", "is_marked"),
    [
        # 2034、2035 年放假安排都没有公布，2026 年的公布了，2027 年的没有。
        ("workdays-5", D(2034, 12, 29), D(2034, 12, 22), True),
        ("days-15", D(2034, 12, 29), D(2034, 12, 14), False),
        (Rung.LIAISON, D(2026, 12, 31), D(2027, 1, 1), True),
        ("workdays-5", D(2026, 12, 31), D(2026, 12, 24), False),
    ],
)
def test_a_day_counted_without_its_holidays_says_so(monkeypatch, rule, due_on, today, is_marked):
    monkeypatch.setattr("common.workdays.PUBLISHED_YEARS", range(2004, 2027))
    words = FactWords("23-08", "建" * 90, "区住建局", "请报进展或申请延期。")

    said = text_of(rule, words, due_on=due_on, today=today)

    assert said.endswith("请报进展或申请延期。" + "（放假安排待公布）" * is_marked)
    assert len(said) == 60

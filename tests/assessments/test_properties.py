"""What holds for every set of facts: sums, floors, caps, bounds, order, and the same bytes."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.enums import (
    BonusCategory,
    BonusLevel,
    FactKind,
    Grade,
    LineKind,
    VetoEffect,
    VetoReason,
)
from assessments.rules.canonical import canonical_json, from_json
from assessments.rules.facts import (
    Due,
    Entered,
    Event,
    LongTerm,
    Ref,
    Snapshot,
    UnitFacts,
    Veto,
)
from assessments.rules.scoring import grade_of, ranks, score_all
from organizations.enums import AssessmentClass
from tests.assessments.worlds import default_scheme, record, snapshot

settings.register_profile("lean", max_examples=40, deadline=None)
settings.load_profile("lean")
DAYS = st.dates(date(2019, 7, 1), date(2019, 9, 30))
KEYS = st.integers(1, 10_000).map(lambda n: Ref("task", str(n), f"{n:05}"))
DUES = st.builds(Due, DAYS, st.just("任务"), KEYS, st.none() | DAYS)
EVENTS = st.builds(Event, DAYS, st.just("退回"), KEYS)
QUIET = st.builds(
    lambda ref, days: LongTerm("长期", ref, days, days > 90), KEYS, st.integers(0, 400)
)
FACTS = st.builds(
    Entered,
    DAYS,
    st.sampled_from(FactKind),
    st.just("事项"),
    st.just("钦南发〔2019〕1号"),
    KEYS,
    st.integers(0, 30),
    st.sampled_from(BonusCategory),
    st.sampled_from(BonusLevel),
    st.sampled_from(["", "同一件事"]),
)
VETOES = st.builds(
    Veto,
    DAYS,
    st.sampled_from(VetoReason),
    st.sampled_from(VetoEffect),
    st.just("钦南安委〔2019〕9号"),
    KEYS,
)


def many(strategy, most=8):
    unique = {"unique_by": lambda fact: fact.ref.key}
    return st.lists(strategy, max_size=most, **unique).map(tuple)


UNITS = st.builds(
    UnitFacts,
    st.just("unit"),
    st.just("某单位"),
    st.just(1),
    st.sampled_from(AssessmentClass),
    tasks=many(DUES),
    waiting=st.integers(0, 2),
    long_term=many(QUIET),
    returns=many(EVENTS),
    extensions=many(EVENTS),
    inspections=st.none() | many(DUES, 1),
    hazards=st.none() | many(DUES),
    entered=many(FACTS, 15),
    earlier_deaths=st.integers(0, 5),
    vetoes=many(VETOES, 3),
)


def scored(facts):
    (result,) = score_all(snapshot(facts))
    return result


@given(UNITS)
def test_lines_sum_exactly_and_no_item_falls_below_zero(facts):
    result = scored(facts)
    items = {}
    for line in result.lines:
        if line.indicator is not None:
            items.setdefault(line.indicator, Decimal(0))
            items[line.indicator] += line.points

    assert result.total == sum(line.points for line in result.lines)
    assert result.total == result.total.quantize(Decimal("0.01"))
    assert min(items.values()) >= 0
    assert 0 <= result.total <= 105


@given(UNITS)
def test_bonus_keeps_its_caps_and_counts_a_thing_once(facts):
    lines = [line for line in scored(facts).lines if line.kind == LineKind.BONUS]
    by_category = {}
    for line in lines:
        by_category[line.title] = by_category.get(line.title, Decimal(0)) + line.points

    assert sum(by_category.values()) <= 5
    assert all(points <= 2 for points in by_category.values())
    topics = [line for line in lines if line.points and _topic(facts, line)]
    assert len(topics) <= 1


def test_a_thing_called_by_a_number_is_not_the_record_of_that_number():
    """The first honour is record 7; the second, of another thing, is filed under the topic 7."""
    first = Entered(
        date(2019, 7, 1),
        FactKind.BONUS,
        "荣誉",
        "钦南发〔2019〕1号",
        Ref("fact", "7", "7"),
        category=BonusCategory.HONOUR,
        level=BonusLevel.CITY,
    )
    second = replace(first, ref=Ref("fact", "8", "8"), topic="7")
    facts = UnitFacts("unit", "某单位", 1, AssessmentClass.TOWNSHIP, entered=(first, second))
    lines = [line for line in scored(facts).lines if line.kind == LineKind.BONUS]
    assert [line.points for line in lines] == [Decimal("0.5"), Decimal("0.5")]


def _topic(facts, line):
    return next(f.topic for f in facts.entered if f.ref == line.refs[0])


@given(UNITS, st.integers())
def test_the_order_in_which_facts_were_read_changes_nothing(facts, seed):
    mixed = random.Random(seed)  # noqa: S311
    names = ("tasks", "long_term", "returns", "extensions", "entered", "vetoes")
    shuffled = {name: tuple(mixed.sample(getattr(facts, name), len(getattr(facts, name))))
                for name in names}  # fmt: skip

    assert scored(replace(facts, **shuffled)).lines == scored(facts).lines


@given(UNITS)
def test_the_same_snapshot_gives_the_same_bytes(facts):
    taken = snapshot(facts)
    text = canonical_json(taken)
    back = from_json(Snapshot, text)

    assert canonical_json(back) == text
    assert canonical_json(score_all(back)) == canonical_json(score_all(taken))


@given(UNITS)
def test_everything_missing_takes_exactly_the_full_marks(facts):
    undone = tuple(replace(task, done_on=None) for task in facts.tasks)
    lines = scored(replace(facts, tasks=undone)).lines
    item = [line.points for line in lines if line.title == "限时任务按期办结"]

    assert sum(item) == 0


@given(UNITS)
def test_one_more_thing_left_undone_never_helps(facts):
    more = Due(date(2019, 8, 1), "任务", Ref("task", "x", "99999"), None)
    worse = replace(facts, tasks=(*facts.tasks, more), vetoes=())
    rate = _share(scored(replace(facts, vetoes=())))

    if facts.tasks:
        assert _share(scored(worse)) <= rate


def _share(result):
    return sum(line.points for line in result.lines if line.title == "限时任务按期办结")


@given(UNITS)
def test_long_term_work_loses_nothing_while_it_is_reported(facts):
    reported = tuple(replace(item, quiet_days=3, is_quiet=False) for item in facts.long_term)
    lines = scored(replace(facts, long_term=reported)).lines

    kept = [line.kind for line in lines if line.title == "长期任务按期报进展"]
    assert LineKind.DEDUCTION not in kept


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        ("90", Grade.EXCELLENT),
        ("89.99", Grade.GOOD),
        ("80", Grade.GOOD),
        ("79.99", Grade.PASS),
        ("60", Grade.PASS),
        ("59.99", Grade.FAIL),
    ],
)
def test_bounds_include_the_number_itself(total, grade):
    assert grade_of(Decimal(total), default_scheme(AssessmentClass.CLASS1)) == grade


@pytest.mark.parametrize(
    ("effect", "grade", "total"),
    [
        (VetoEffect.ZERO, Grade.FAIL, "0"),
        (VetoEffect.FAIL, Grade.FAIL, "100"),
        (VetoEffect.DOWNGRADE, Grade.GOOD, "100"),
        (VetoEffect.NO_HONOUR, Grade.GOOD, "100"),
    ],
)
def test_a_veto_does_what_its_decision_says(effect, grade, total):
    facts = UnitFacts(
        "unit",
        "某单位",
        1,
        AssessmentClass.CLASS3,
        entered=(
            record(FactKind.MEETING, date(2019, 8, 1), 1),
            record(FactKind.EDUCATION, date(2019, 8, 1), 2),
        ),
        vetoes=(Veto(date(2019, 9, 1), VetoReason.OTHER, effect, "9号", Ref("veto", "1", "9号")),),
    )

    result = scored(facts)

    assert (result.grade, result.total) == (grade, Decimal(total))


def test_equal_totals_share_a_place_and_failed_units_come_last():
    base = UnitFacts("a", "甲", 1, AssessmentClass.CLASS3)
    meeting = record(FactKind.MEETING, date(2019, 8, 1), 1)
    veto = Veto(date(2019, 9, 1), VetoReason.OTHER, VetoEffect.FAIL, "9", Ref("veto", "1", "9"))
    units = [
        replace(base, code="a", entered=(meeting,), vetoes=(veto,)),
        replace(base, code="b", order=2),
        replace(base, code="c", order=3, entered=(meeting,)),
        replace(base, code="d", order=4, entered=(meeting,)),
        replace(base, code="e", order=5, assessment_class=AssessmentClass.CLASS2),
    ]

    assert ranks(score_all(snapshot(*units))) == {"c": 1, "d": 1, "b": 3, "a": 4, "e": 1}


def test_a_unit_to_which_nothing_applies_is_not_graded():
    scheme = default_scheme(AssessmentClass.CLASS1)
    only = replace(scheme, indicators=tuple(i for i in scheme.indicators if i.rule == "on_time"))
    facts = UnitFacts("unit", "某单位", 1, AssessmentClass.CLASS1)

    (result,) = score_all(snapshot(facts, schemes=(only,)))

    assert (result.grade, result.total) == (Grade.NONE, 0)
    assert ranks([result]) == {}


def test_days_are_counted_from_the_due_day_to_the_end_of_the_period():
    task = Due(date(2019, 9, 30) - timedelta(days=18), "任务", Ref("task", "1", "23-08"), None)
    facts = UnitFacts("unit", "某单位", 1, AssessmentClass.CLASS3, tasks=(task,))

    assert [line.cause for line in scored(facts).lines if line.points < 0][1] == (
        "任务：逾期 18 天未办结"
    )

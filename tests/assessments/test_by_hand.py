"""One unit of each class scored by hand, line by line, and by the rules: the same."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from assessments.enums import FactKind, Grade, LineKind, VetoEffect, VetoReason
from assessments.rules.facts import EDITION, Ref, UnitFacts, Veto
from assessments.rules.scoring import score_all
from organizations.enums import AssessmentClass
from tests.assessments.worlds import due, event, quiet, record, snapshot


def told(facts, **more):
    """Return (kind, title, points, cause) of every line, the total and the grade."""
    (result,) = score_all(snapshot(facts, **more))
    lines = [(line.kind, line.title, str(line.points), line.cause) for line in result.lines]
    return lines, result.total, result.grade


def test_a_town_in_a_quarter():
    """Applicable: 研究 6, 限时 15, 长期 4, 一次通过 3, 不延期 3, 隐患 15, 宣教 5, 起数 10,
    死亡 20 = 81.

    限时: 4 expected, one open (15/4 = 3.75), one late (half of it, 1.875: running total 5.625
    rounds to 5.63, so 1.88). 长期: 2 expected, one quiet, 4/2 = 2. One return 1. 隐患: 3
    expected, one closed late, 15/3/2 = 2.5. No education: 5. One accident with a death, none
    last year and no limit: 2 and 1. Lost 3.75 + 1.88 + 2 + 1 + 2.5 + 5 + 2 + 1 = 19.13; earned
    61.87 of 81; 61.87 × 100 / 81 = 76.3827…, so 76.38: scaling adds 14.51.
    """
    facts = UnitFacts(
        code="shabu",
        name="沙埠镇",
        order=1,
        assessment_class=AssessmentClass.TOWNSHIP,
        tasks=(
            due("03-01", date(2019, 7, 31), date(2019, 7, 30)),
            due("03-02", date(2019, 8, 31), None),
            due("03-03", date(2019, 9, 10), date(2019, 9, 15)),
            due("03-04", date(2019, 9, 30), date(2019, 9, 30)),
        ),
        long_term=(quiet("05-01", 20), quiet("05-02", 120)),
        returns=(event("03-01", date(2019, 7, 20)),),
        hazards=(
            due("隐患1", date(2019, 7, 10), date(2019, 7, 9)),
            due("隐患2", date(2019, 8, 10), date(2019, 8, 16)),
            due("隐患3", date(2019, 9, 10), date(2019, 9, 10)),
        ),
        entered=(
            record(FactKind.MEETING, date(2019, 8, 2)),
            record(FactKind.ACCIDENT, date(2019, 8, 20), 2, count=1),
        ),
    )

    lines, total, grade = told(facts)

    assert lines == [
        (LineKind.FULL, "研究安全生产工作", "6", "满分"),
        (LineKind.NOT_APPLICABLE, "责任分解到人", "0", "不适用"),
        (LineKind.NOT_APPLICABLE, "述职", "0", "不适用"),
        (LineKind.FULL, "限时任务按期办结", "15", "满分"),
        (LineKind.DEDUCTION, "限时任务按期办结", "-3.75", "任务03-02：逾期 30 天未办结"),
        (LineKind.DEDUCTION, "限时任务按期办结", "-1.88", "任务03-03：迟 5 天办结"),
        (LineKind.FULL, "长期任务按期报进展", "4", "满分"),
        (LineKind.DEDUCTION, "长期任务按期报进展", "-2.00", "长期05-02：120 天未报进展"),
        (LineKind.FULL, "核验一次通过", "3", "满分"),
        (LineKind.DEDUCTION, "核验一次通过", "-1", "任务03-01：退回补正，缺文号"),
        (LineKind.FULL, "不延期", "3", "满分"),
        (LineKind.FULL, "隐患按期整改销号", "15", "满分"),
        (LineKind.DEDUCTION, "隐患按期整改销号", "-2.50", "任务隐患2：迟 6 天销号"),
        (LineKind.NOT_APPLICABLE, "应急演练", "0", "不适用"),
        (LineKind.NOT_APPLICABLE, "基层基础", "0", "不适用"),
        (LineKind.FULL, "宣传教育", "5", "满分"),
        (LineKind.DEDUCTION, "宣传教育", "-5.00", "2019年7至9月没有记录"),
        (LineKind.FULL, "责任事故起数", "10", "满分"),
        (LineKind.DEDUCTION, "责任事故起数", "-2", "责任事故：比上年同期多发生 1 起"),
        (LineKind.FULL, "死亡人数", "20", "满分"),
        (LineKind.DEDUCTION, "死亡人数", "-1", "责任事故：死亡 1 人"),
        (LineKind.SCALING, "折算", "14.51", "适用项目满分 81 分，得 61.87 分，折算为百分制"),
    ]
    assert (total, grade) == (Decimal("76.38"), Grade.PASS)


def test_without_a_figure_of_last_year_no_comparison_with_it_is_claimed():
    """One accident takes 2 points either way; only a figure that was entered is compared with."""
    accident = record(FactKind.ACCIDENT, date(2019, 8, 20), 2)
    none_then = record(FactKind.ACCIDENT_BASE, date(2019, 8, 1), 3, count=0)

    def words(*entered):
        facts = UnitFacts("shabu", "沙埠镇", 1, AssessmentClass.TOWNSHIP, entered=entered)
        (result,) = score_all(replace(snapshot(facts), edition=EDITION))
        return [(ln.cause, ln.points) for ln in result.lines if ln.refs == (accident.ref,)]

    assert words(accident) == [("责任事故：上年同期起数没有登记，按 0 起计", Decimal(-2))]
    assert words(accident, none_then) == [("责任事故：比上年同期多发生 1 起", Decimal(-2))]


def test_a_department_of_the_first_class_in_a_year():
    """All 100 points apply. 研究 6: three of four quarters, 6/4 = 1.5. 带队检查 10: one quarter
    missing, 2.5, the figure of the default table. Two extensions 0.5 each. 死亡: the limit is 1
    and two died in one accident: one within (1) and one above (5). 起数: 1 last year, none above.
    100 − 1.5 − 2.5 − 1 − 6 = 89; a city honour 0.5: 89.5, 良好.
    """
    facts = UnitFacts(
        code="zjj",
        name="区住建局",
        order=2,
        assessment_class=AssessmentClass.CLASS1,
        tasks=(due("23-07", date(2019, 6, 30), date(2019, 6, 1)),),
        long_term=(quiet("23-09", 10),),
        extensions=(event("23-07", date(2019, 3, 1)), event("23-08", date(2019, 4, 1))),
        inspections=tuple(
            due(f"{quarter}季度检查", date(2019, month, day), done)
            for quarter, month, day, done in (
                (1, 3, 31, date(2019, 3, 12)),
                (2, 6, 30, date(2019, 6, 12)),
                (3, 9, 30, None),
                (4, 12, 31, date(2019, 12, 12)),
            )
        ),
        hazards=(due("隐患1", date(2019, 7, 10), date(2019, 7, 9)),),
        entered=(
            record(FactKind.MEETING, date(2019, 2, 2), 1),
            record(FactKind.MEETING, date(2019, 4, 2), 2),
            record(FactKind.MEETING, date(2019, 12, 31), 3),
            record(FactKind.BREAKDOWN, date(2019, 1, 20), 4),
            record(FactKind.DUTY_REPORT, date(2019, 12, 20), 5),
            record(FactKind.DRILL, date(2019, 6, 20), 6),
            record(FactKind.FOUNDATION, date(2019, 6, 20), 7),
            *(
                record(FactKind.EDUCATION, date(2019, month, 1), 10 + month)
                for month in (1, 4, 7, 10)
            ),
            record(FactKind.ACCIDENT, date(2019, 8, 20), 30, count=2),
            record(FactKind.ACCIDENT_BASE, date(2019, 1, 1), 31, count=1),
            record(FactKind.DEATH_LIMIT, date(2019, 1, 1), 32, count=1),
            record(FactKind.BONUS, date(2019, 11, 1), 33, category="honour", level="city"),
        ),
    )

    lines, total, grade = told(_with_enums(facts), year=True)

    assert [line for line in lines if line[0] not in {LineKind.FULL}] == [
        (LineKind.DEDUCTION, "研究安全生产工作", "-1.50", "2019年7至9月没有记录"),
        (LineKind.DEDUCTION, "不延期", "-0.5", "任务23-07：退回补正，缺文号"),
        (LineKind.DEDUCTION, "不延期", "-0.5", "任务23-08：退回补正，缺文号"),
        (
            LineKind.DEDUCTION,
            "主要负责人带队检查",
            "-2.50",
            "任务3季度检查：没有主要负责人带队检查",
        ),
        (LineKind.DEDUCTION, "死亡人数", "-6", "责任事故：死亡 2 人，其中超指标 1 人"),
        (LineKind.BONUS, "表彰奖励", "0.5", "加分事项（市级，钦南发〔2019〕33号）"),
    ]
    assert (total, grade) == (Decimal("89.50"), Grade.GOOD)


def test_a_department_of_the_second_class_that_concealed_an_accident():
    """Applicable: 研究 8, 限时 21, 一次通过 4, 不延期 4, 宣教 2, 起数 8, 死亡 12 = 59; 长期任务,
    带队检查 and 隐患 are not asked. 限时: one of three open: 7. Earned 52 of 59: 88.1355…, so
    88.14; a criticism −2: 86.14, 良好; then 瞒报 zeroes it, last of all.
    """
    facts = UnitFacts(
        code="lyj",
        name="区林业局",
        order=3,
        assessment_class=AssessmentClass.CLASS2,
        tasks=(
            due("26-01", date(2019, 7, 31), date(2019, 7, 31)),
            due("26-02", date(2019, 8, 31), None),
            due("26-03", date(2019, 9, 30), date(2019, 8, 1)),
        ),
        entered=(
            record(FactKind.MEETING, date(2019, 8, 2), 1),
            record(FactKind.EDUCATION, date(2019, 8, 2), 2),
            record(FactKind.CRITICISM, date(2019, 9, 2), 3),
        ),
        vetoes=(
            Veto(
                date(2019, 9, 20),
                VetoReason.CONCEALMENT,
                VetoEffect.ZERO,
                "钦南安委〔2019〕9号",
                Ref("veto", "1", "钦南安委〔2019〕9号"),
            ),
        ),
    )

    lines, total, grade = told(facts)

    assert [line for line in lines if line[0] not in {LineKind.FULL, LineKind.NOT_APPLICABLE}] == [
        (LineKind.DEDUCTION, "限时任务按期办结", "-7.00", "任务26-02：逾期 30 天未办结"),
        (LineKind.SCALING, "折算", "36.14", "适用项目满分 59 分，得 52 分，折算为百分制"),
        (LineKind.CRITICISM, "通报批评", "-2", "通报批评（钦南发〔2019〕3号）"),
        (
            LineKind.VETO,
            "一票否决",
            "-86.14",
            "瞒报谎报事故，总分按0分计（钦南安委〔2019〕9号）",
        ),
    ]
    assert (total, grade) == (Decimal("0.00"), Grade.FAIL)


def test_a_department_of_the_third_class_at_the_very_bound():
    """Applicable: 研究 12, 限时 36, 长期 10, 一次通过 7, 不延期 7, 宣教 4 = 76. 限时: 3 of 20
    late, half of 36/20 each: 0.9 × 3 = 2.7; 3 returns: 3; one quiet of five: 2. 76 − 7.7 = 68.3;
    68.3 of 76 is 89.868…, 89.87, 良好; with one return fewer 69.3: 91.18, 优秀.
    """

    def facts(returns):
        return UnitFacts(
            code="rsj",
            name="区人社局",
            order=4,
            assessment_class=AssessmentClass.CLASS3,
            tasks=tuple(
                due(f"{n:02}-01", date(2019, 8, 31), date(2019, 9 if n < 3 else 8, 2))
                for n in range(20)
            ),
            long_term=tuple(quiet(f"{n:02}-02", 91 if n == 4 else 90) for n in range(5)),
            returns=tuple(event(f"{n:02}-01", date(2019, 8, 1)) for n in range(returns)),
            entered=(
                record(FactKind.MEETING, date(2019, 9, 30), 1),
                record(FactKind.EDUCATION, date(2019, 7, 1), 2),
            ),
        )

    lines, total, grade = told(facts(3))

    assert [line[2] for line in lines if line[0] == LineKind.DEDUCTION] == [
        *("-0.90", "-0.90", "-0.90"),
        "-2.00",
        *("-1", "-1", "-1"),
    ]
    assert (total, grade) == (Decimal("89.87"), Grade.GOOD)
    assert told(facts(2))[1:] == (Decimal("91.18"), Grade.EXCELLENT)


def _with_enums(facts):
    """The stored words of a fact become the enumerations that the rules know."""
    from assessments.rules.canonical import canonical_json, from_json

    return from_json(UnitFacts, canonical_json(facts))

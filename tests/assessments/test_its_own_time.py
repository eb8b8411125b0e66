"""Each period answers for its own end, and each unit for the time in which it was there."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client

from assessments.enums import FactKind, RuleKind
from assessments.models import EnteredFact, ScoreLine
from assessments.rules.facts import EDITION, Ref, UnitFacts, Waiver
from assessments.rules.scoring import score_all
from assessments.services import computing
from assessments.services.computing import compute_assessment
from assessments.services.entering import FactContent, enter_fact, void_fact
from assessments.services.hazard_facts import read_hazards
from assessments.services.verifying import verify_assessments
from common.errors import DomainError
from inspections.models import Hazard
from inspections.services.hazards import raise_hazard, register_hazard
from inspections.services.reopening import reopen_hazard
from organizations.enums import AssessmentClass
from organizations.models import Unit, User
from organizations.services.units import Validity, set_validity
from organizations.services.versions import version_of
from tests.assessments.world import SHANGHAI, make_district, published
from tests.assessments.worlds import due, record, snapshot
from tests.builders import NOW, make_hazard_content, make_unit
from tests.inspections.worlds import SETTLED, Department, Steps, make_department

NEW_YEAR = datetime(2020, 1, 8, 9, 0, tzinfo=SHANGHAI)
YEAR = (date(2019, 1, 1), date(2019, 12, 31))
ON_TIME = "限时任务按期办结"
ANSWER = Ref("objection", "1", "申诉答复")


def taken_back(label: str) -> Waiver:
    """What the third quarter's answer took back of a task."""
    mark = f"task sample/{label} {label}"
    return Waiver(RuleKind.ON_TIME, mark, ANSWER, None, date(2019, 9, 30))


TOWN = UnitFacts(
    "shabu",
    "沙埠镇",
    1,
    AssessmentClass.TOWNSHIP,
    tasks=(
        due("02-01", date(2019, 9, 20), date(2019, 12, 30)),
        due("02-02", date(2019, 9, 20), None),
        due("02-03", date(2019, 9, 30), date(2020, 1, 4)),
    ),
    waivers=tuple(taken_back(label) for label in ("02-01", "02-02", "02-03")),
)


def lost(facts: UnitFacts, title: str = ON_TIME, **changed: object) -> list[tuple[str, Decimal]]:
    given = replace(snapshot(facts, year=True), **{"edition": EDITION} | changed)
    (result,) = score_all(given)
    kept = [line for line in result.lines if line.title == title and line.kind == "deduction"]
    return [(line.cause, -line.points) for line in kept]


def test_what_a_quarter_took_back_is_charged_in_the_year_if_the_next_quarter_found_it_open():
    """Of 15, 5 each: 02-01 was done before the fourth quarter ended; 02-02 was not, 5; 02-03 was
    done after the new year, half of 5."""
    assert lost(TOWN) == [
        ("任务02-01：迟 101 天办结（申诉采纳，不扣）", Decimal(0)),
        (
            "任务02-02：逾期 102 天未办结（申诉采纳管到9月30日，此后期末仍没有办，照扣）",
            Decimal(5),
        ),
        (
            "任务02-03：迟 96 天办结（申诉采纳管到9月30日，此后期末仍没有办，照扣）",
            Decimal("2.50"),
        ),
    ]


def test_before_the_next_quarter_is_over_nothing_is_still_open_at_its_end():
    charged = lost(TOWN, due_until=date(2019, 12, 30))
    assert [points for _, points in charged] == [0, 0, 0]


def test_the_fourth_edition_goes_on_taking_back_what_is_open_at_the_end_of_the_year():
    older = tuple(replace(waiver, until=None) for waiver in TOWN.waivers)
    charged = lost(replace(TOWN, waivers=older), edition=4)
    assert [points for _, points in charged] == [0, 0, 0]


def test_no_record_is_missing_from_before_a_unit_was_there():
    """Set up on 20 May, it was there for 42 of the 91 days of the second quarter. Its 会议 of June
    counts all the same: of three quarters it lacks one, 6/3; without it of two, 6/2. 应急演练 is
    expected of the year, of which 226 days were left."""
    june = record(FactKind.MEETING, date(2019, 6, 3))
    october = record(FactKind.MEETING, date(2019, 10, 9), 2)
    facts = replace(TOWN, since=date(2019, 5, 20), entered=(june, october))
    fewer = replace(facts, entered=(october,))

    assert lost(facts, "研究安全生产工作") == [("2019年7至9月没有记录", Decimal(2))]
    assert lost(fewer, "研究安全生产工作") == [("2019年7至9月没有记录", Decimal(3))]
    assert lost(facts, "应急演练") == [("2019年1至12月没有记录", Decimal(5))]
    assert lost(replace(facts, since=date(2019, 7, 3)), "应急演练") == []
    assert len(lost(replace(facts, since=None), "研究安全生产工作")) == 2


def left_open(unit: Unit, liaison: User) -> Hazard:
    """Due on 25 September."""
    hazard = raise_hazard(unit, make_hazard_content(), token="left", actor=liaison, at=NOW)
    return register_hazard(hazard, SETTLED, version=1, actor=liaison, at=NOW)


def take_over(unit: Unit, heir: Unit, last: date, *, actor: User, at: datetime) -> None:
    dates = Validity(valid_to=last, successor=heir)
    set_validity(unit, dates, seen=version_of(unit), actor=actor, at=at, reason="机构改革")


@pytest.fixture
def district(db):
    return make_district()


def compute(district, period: str) -> list[tuple[str, Decimal]]:
    found = compute_assessment(period, actor=district.office, at=NEW_YEAR, reason="考核")
    lines = ScoreLine.objects.filter(score__computation=found, score__unit=district.own)
    kept = lines.filter(title="责任事故起数", kind="deduction").order_by("number")
    return [(line.cause, -line.points) for line in kept]


def enter(district, kind: FactKind, day: date, **more: object) -> EnteredFact:
    content = FactContent(kind, day, "事故", f"钦南发〔2019〕{day.month}号", **more)
    return enter_fact(district.own, content, actor=district.office, at=NEW_YEAR)


def test_figures_of_the_year_before_for_a_quarter_and_for_the_year_do_not_add_up(
    district, monkeypatch
):
    """Three accidents in the third quarter. The year before there was 1 in it, and 2 in the whole
    year: two in excess, then one, at 2 points each; the quarter's figure alone leaves two."""
    for day in (5, 15, 25):
        enter(district, FactKind.ACCIDENT, date(2019, 8, day))
    base = FactKind.ACCIDENT_BASE
    enter(district, base, date(2018, 12, 20), count=1, period="2019Q3")
    more = ("事故：比上年同期多发生 1 起", Decimal(2))
    assert compute(district, "2019") == [more, more]

    whole = enter(district, base, date(2019, 3, 1), count=2, period="2019")

    assert compute(district, "2019Q3") == [more, more]
    assert compute(district, "2019") == [more]
    with pytest.raises(DomainError, match="区住建局2019年的上年同期事故起数已经登记"):
        enter(district, base, date(2019, 3, 2), count=5, period="2019")
    void_fact(whole, actor=district.office, at=NEW_YEAR, reason="数目不对")
    enter(district, base, date(2019, 3, 2), count=3, period="2019")
    assert compute(district, "2019") == []
    # 第四版按文的日期计：只有3月2日的3起在本年内。
    enter(district, base, date(2019, 9, 2), count=0, period="2019Q2")
    monkeypatch.setattr(computing, "EDITION", 4)
    assert compute(district, "2019Q3") == [more, more, more]


def test_a_figure_of_the_year_before_names_its_period_and_nothing_else_does(district):
    client = Client()
    client.force_login(district.office)
    typed = {
        "unit": "own",
        "kind": "accident_base",
        "happened_on": "2019-09-03",
        "title": "上年同期起数",
        "document_no": "钦南发〔2019〕3号",
        "count": "2",
    }

    refused = client.post("/scores/facts/new/", typed)
    kept = client.post("/scores/facts/new/", typed | {"period": "2019Q3"}, follow=True)
    client.post("/scores/facts/new/", typed | {"kind": "drill", "period": "2019Q3"})

    assert refused.status_code == 422
    assert "上年同期事故起数要选定按哪一个考核期比。" in refused.content.decode()
    assert "<dt>考核期</dt><dd>2019年第三季度</dd>" in kept.content.decode()
    assert "上年同期事故起数（2019年第三季度）" in client.get("/scores/facts/").content.decode()
    assert EnteredFact.objects.get(kind="drill").period == ""


def test_figures_stored_without_a_period_are_of_the_quarter_of_their_day(district):
    fact = enter(district, FactKind.ACCIDENT_BASE, date(2019, 8, 3), count=1, period="2019")

    import_module("assessments.migrations.0005_period_of_a_base").name_the_quarter(apps, None)

    found = [*EnteredFact.objects.all(), *EnteredFact.history.filter(id=fact.pk)]
    assert [row.period for row in found] == ["2019Q3", "2019Q3"]


def test_who_took_over_is_read_as_it_was_known_when_the_result_was_computed(district):
    """That 区住建局 went to 区交通局 is entered after the publication, with a day before it."""
    left_open(district.own, district.liaison)
    published(district)

    take_over(district.own, district.other, date(2019, 9, 29), actor=district.office, at=NEW_YEAR)

    assert [verdict.is_right for verdict in verify_assessments()] == [True, True]


@pytest.fixture
def department(db) -> Department:
    return make_department()


def close_late(department: Department) -> Hazard:
    """Due on 25 September, closed on the 28th."""
    return Steps(department).closed(at=NOW.replace(day=28))


Known = tuple[str, date, date | None]


def read(first: date, last: date, edition: int = EDITION) -> dict[str, list[Known]]:
    codes = dict(Unit.objects.values_list("pk", "code"))
    found = read_hazards(first, last, NEW_YEAR, edition)
    return {
        codes[unit]: [(fact.ref.label, fact.due_on, fact.done_on) for fact in facts]
        for unit, facts in found.items()
    }


def test_a_hazard_closed_before_the_take_over_stays_with_the_unit_that_closed_it(department):
    """区住建局 closed one late and left one open when 区住城局 took over on 1 October."""
    late = close_late(department)
    left = left_open(department.unit, department.people["liaison"])
    heir = make_unit("zcj", "区住城局", order=13)
    take_over(department.unit, heir, date(2019, 9, 30), actor=department.people["office"], at=NOW)
    kept = (late.number, date(2019, 9, 25), date(2019, 9, 28))
    went = (left.number, date(2019, 9, 25), None)

    assert read(*YEAR) == {"zjj": [kept], "zcj": [went]}
    assert read(*YEAR, edition=4) == {"zcj": [kept, went]}


def test_a_delay_is_not_forgotten_when_the_hazard_is_opened_again(department):
    """Closed three days late in September; back in October, due on the 15th and still open."""
    late = close_late(department)
    office = Steps(department).stamp("office", "通道又被占用。", NOW.replace(month=10, day=8))
    reopen_hazard(late, office, version=6, due_on=date(2019, 10, 15))
    first = (late.number, date(2019, 9, 25), date(2019, 9, 28))
    again = (f"{late.number}（第1次重开）", date(2019, 10, 15), None)

    assert read(*YEAR) == {"zjj": [first, again]}
    assert read(date(2019, 7, 1), date(2019, 9, 30)) == {"zjj": [first]}
    assert read(date(2019, 10, 1), date(2019, 12, 31)) == {"zjj": [again]}
    assert read(*YEAR, edition=4) == {"zjj": [(late.number, date(2019, 10, 15), None)]}

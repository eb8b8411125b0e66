"""The bulletin's figures, worked out by hand, and the command that builds it."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from common.errors import DomainError
from common.tracked import save_with_history
from documents.content import headed
from documents.kinds import Subject, kind_of
from documents.models import Document
from documents.services.drafting import draft_document
from organizations.enums import PostKind, UnitKind
from organizations.models import UnitAlias, User
from organizations.services.people import get_system_user
from qinnan_safety.papers import bulletin, unit_phrases
from qinnan_safety.papers.figures import per_cent, read_quarter
from responsibilities.enums import FulfilmentMode, ReportKind, ReviewDecision
from responsibilities.models import Task
from responsibilities.services.progress import ReportContent, review_report, submit_report
from tests.builders import NOW, TODAY, dispatch, make_plan, make_row, make_unit, make_user
from tests.documents.pdf import text
from tests.inspections.worlds import make_department

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Four rows: closed on time, two late (17 and 79 days), and one due in December."""
    plan = make_plan()
    awb = make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)
    own, other = make_unit("own", "区住建局", order=10), make_unit("other", "区交通局", order=11)
    office = make_user("office", (awb, PostKind.OFFICE))
    liaison = make_user("liaison", (own, PostKind.LIAISON))
    rows = [
        make_row(plan, "02-02", leads=[own], due_on=date(2019, 9, 20), title="建立平台"),
        make_row(plan, "02-03", leads=[other], due_on=date(2019, 9, 1), title="通报情况"),
        make_row(plan, "03-01", leads=[other], due_on=date(2019, 7, 1), title="实施方案"),
        make_row(plan, "01-01", leads=[own], due_on=date(2019, 12, 31), title="事故下降"),
    ]
    dispatch(plan, *rows)
    task = Task.objects.get(obligation=rows[0])
    closing = ReportContent(
        kind=ReportKind.CLOSING, summary="已建成。", document_no="住建发1号", happened_on=TODAY
    )
    report = submit_report(task, closing, token="t", actor=liaison, at=NOW)
    review_report(
        report, ReviewDecision.PASS, seen_sha256=report.content_sha256, actor=office, at=NOW
    )


def drafted(day: date = TODAY, period: str = "2019Q3"):
    return kind_of("bulletin").build(Subject(period, None, day))


def test_the_figures_are_those_of_the_ledger(world):
    content = drafted(date(2019, 9, 20))
    figures = content.figures
    assert figures["任务总数"] == "4"
    assert (figures["办结"], figures["逾期"], figures["正常推进"]) == ("1", "2", "1")
    # 到 9 月 20 日止到期三件：7 月 1 日、9 月 1 日、9 月 20 日；按期办结一件，三分之一。
    assert (figures["到期件数"], figures["按期办结件数"]) == ("3", "1")
    assert figures["按期办结率"] == "33.3%"
    assert figures["与上季度相比"] == "上季度没有可比数"
    assert figures["逾期单位数"] == "1"
    assert figures["逾期任务"] == (
        "实施方案（03-01，区交通局逾期81天）；通报情况（02-03，区交通局逾期19天）"
    )
    assert figures["未报单位"] == "区交通局（02-03、03-01）"
    assert figures["整改期限"] == "10月15日"  # 季度末 9 月 30 日之后十五天


def test_the_annexes_name_units_in_official_order_and_sum_up(world):
    tally, late = drafted(date(2019, 9, 20)).annexes
    assert tally.tables[0].rows == [
        ("1", "区住建局", "1", "1", "0", "0", "0", "100.0%"),
        ("2", "区交通局", "2", "0", "0", "2", "0", "0.0%"),
    ]
    assert tally.tables[0].total == ("", "合计", "3", "1", "0", "2", "0", "33.3%")
    assert [row[1] for row in late.tables[0].rows] == ["03-01", "02-03"]


def test_who_checks_a_bulletin_on_its_page_reads_its_annexes_there(world, client):
    office = User.objects.get(username="office")
    document = draft_document("bulletin", "2019Q3", None, actor=office, at=NOW)
    client.force_login(office)

    page = client.get(document.get_absolute_url()).content.decode()

    tally, late = page.split('<details class="fold annex" open>')[1:]
    assert "附件1　2019年第三季度各单位到期任务办理情况" in tally
    assert "<td>区交通局</td>" in tally
    assert '<td class="right num nw"><b>2</b></td>' in tally  # 合计一行，数字同样右对齐
    assert "附件2　逾期任务清单" in late
    assert "<td>通报情况</td>" in late


def test_a_long_annex_is_folded_on_the_page(world, client, monkeypatch):
    monkeypatch.setattr("documents.content.LONG_TABLE", 4)
    office = User.objects.get(username="office")
    document = draft_document("breakdown", "2019Q3", None, actor=office, at=NOW)
    client.force_login(office)

    page = client.get(document.get_absolute_url()).content.decode()

    assert '<details class="fold annex wide">' in page
    assert "建立平台" in page


def test_every_unit_is_named_with_its_own_days_where_the_dates_of_a_row_differ():
    plan = make_plan()
    units = [make_unit(code, f"区{code}局", order=order) for order, code in enumerate("abc", 10)]
    row = make_row(
        plan, "03-01", leads=units, mode=FulfilmentMode.SEPARATE, due_on=date(2019, 6, 30)
    )
    dispatch(plan, row)
    early = Task.objects.get(unit=units[2])
    early.due_on = date(2019, 3, 31)
    save_with_history(early, actor=get_system_user(), reason="时限更早", at=NOW)

    content = drafted(date(2019, 9, 18))

    # 3 月 31 日到 9 月 18 日 171 天，6 月 30 日到 9 月 18 日 80 天。
    assert "03-01，区c局逾期171天，区a局、区b局逾期80天）" in content.figures["逾期任务"]
    assert [line[3:] for line in content.annexes[-1].tables[0].rows] == [
        ("区c局", "2019-03-31", "171"),
        ("区a局、区b局", "2019-06-30", "80"),
    ]
    assert content.figures["逾期单位数"] == "3"


def test_the_breakdown_names_every_unit_with_its_measure_and_its_result(monkeypatch):
    plan = make_plan()
    units = [make_unit(code, f"区{code}局", order=order) for order, code in enumerate("abc", 10)]
    row = make_row(
        plan, "03-01", leads=units, mode=FulfilmentMode.SEPARATE, due_on=date(2019, 9, 30)
    )
    row.measure, row.expected_result = "印发实施方案。", "印发文号"
    save_with_history(row, actor=get_system_user(), reason="补写", at=NOW)
    dispatch(plan, row)

    (annex,) = kind_of("breakdown").build(Subject("2019Q3", None, TODAY)).annexes

    heading, shown = annex.tables[0].rows
    assert heading == ("二、落实责任　（三）属地责任",)
    assert shown == (
        "03-01",
        headed("任务03-01", "印发实施方案。"),
        "印发文号",
        "区a局、区b局、区c局牵头",
        "2019-09-30",
    )

    monkeypatch.setattr(unit_phrases, "NAMED", 2)
    table, lists = kind_of("breakdown").build(Subject("2019Q3", None, TODAY)).annexes
    assert table.tables[0].rows[1][3] == "区a局等3家（名单1）牵头"
    assert lists.tables[0].rows == [("名单1", "3", "区a局、区b局、区c局")]


def test_many_units_are_named_by_the_plans_own_phrase_and_listed_once():
    """Five towns by their phrase, whether they lead or assist; who has another role is not named
    twice, and 企业 is no name for an office."""
    plan = make_plan()
    towns = [make_unit(code, f"{code}镇", order=order) for order, code in enumerate("abcde", 1)]
    own = make_unit("own", "区住建局", order=10)
    who = {"actor": get_system_user(), "reason": "测试", "at": NOW}
    phrase, firms = UnitAlias(phrase="各镇(场、街道)"), UnitAlias(phrase="企业")
    save_with_history(phrase, **who)
    save_with_history(firms, **who)
    apart = FulfilmentMode.SEPARATE
    rows = [
        make_row(plan, "03-01", leads=[*towns, own], mode=apart, alias=phrase),
        make_row(plan, "02-02", leads=towns[:4], assists=[towns[4], own], mode=apart, alias=phrase),
        make_row(plan, "02-03", leads=[own], assists=towns, alias=firms),
    ]
    own_lead = rows[0].assignments.get(unit=own)
    own_lead.alias = None
    save_with_history(own_lead, **who)

    table, lists = kind_of("breakdown").build(Subject("2019Q3", None, TODAY)).annexes

    assert [row[3] for row in table.tables[0].rows if len(row) > 1] == [
        "各镇（场、街道）牵头，e镇、区住建局配合",
        "区住建局牵头，各镇（场、街道）配合",
        "各镇（场、街道）、区住建局牵头",
    ]
    assert lists.tables[0].rows == [("各镇（场、街道）", "5", "a镇、b镇、c镇、d镇、e镇")]


def test_no_paper_is_drafted_of_a_quarter_before_the_plan_or_not_begun(world):
    """The sample plan was published on 5 November 2018."""
    with pytest.raises(DomainError, match="方案2018年11月5日才公布，1999年第一季度还没有任务"):
        drafted(period="1999Q1")
    with pytest.raises(DomainError, match="2019年第四季度还没有开始"):
        drafted(period="2019Q4")


def test_what_is_due_on_the_last_day_is_neither_late_nor_lost_from_the_sum(world):
    task = Task.objects.get(obligation__code="02-03")
    task.due_on = date(2019, 9, 20)
    save_with_history(task, actor=get_system_user(), reason="时限改定", at=NOW)

    (table,) = drafted(date(2019, 9, 20)).annexes[0].tables

    # 02-03 当天到期、没有办结：还没有逾期。
    assert table.total == ("", "合计", "3", "1", "0", "1", "1", "33.3%")


def test_units_beyond_what_an_annex_holds_are_left_out_in_words_and_still_summed(
    world, monkeypatch
):
    monkeypatch.setattr(bulletin, "ANNEX_ROWS", 1)

    (table,) = drafted(date(2019, 9, 20)).annexes[0].tables

    assert [row[1] for row in table.rows] == ["区住建局"]
    assert table.total == ("", "合计", "3", "1", "0", "2", "0", "33.3%")
    assert table.caption.endswith("另有1个单位未列，已计入合计。")


def test_a_past_quarter_is_told_as_it_stood_on_its_last_day(world):
    assert drafted(date(2019, 12, 1)).figures["整改期限"] == "12月16日"  # 不早于行文之日
    quarter = read_quarter("2019Q3", date(2019, 12, 1))
    assert quarter.day == date(2019, 9, 30)
    assert (
        drafted(date(2019, 12, 1))
        .figures["逾期任务"]
        .startswith("实施方案（03-01，区交通局逾期91天）")
    )


def test_percentages_have_one_decimal_and_halves_go_up():
    assert [per_cent(*pair) for pair in [(1, 3), (2, 3), (1, 16), (0, 5), (0, 0)]] == [
        "33.3%",
        "66.7%",
        "6.3%",
        "0.0%",
        "—",
    ]


@pytest.mark.parametrize(("period", "words"), [("2019", "不是季度"), ("x", "不是期次")])
def test_a_period_that_is_no_quarter_is_refused(world, period, words):
    with pytest.raises(DomainError, match=words):
        drafted(period=period)


def test_a_quarter_that_has_not_begun_has_no_bulletin(world):
    with pytest.raises(DomainError, match="还没有开始"):
        drafted(period="2020Q1")


def test_the_command_builds_one_pdf_for_each_document_and_says_so(world, tmp_path, capsys):
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        call_command(
            "build_reports", period="2019Q3", kind="bulletin", out=tmp_path / "out", unit=None
        )
    files = list((tmp_path / "out").iterdir())
    assert [file.suffix for file in files] == [".pdf"]
    assert "逾期2项" in text(files[0].read_bytes())
    assert "生成 1 份，未成 0 份" in capsys.readouterr().out
    assert Document.objects.get().is_draft


def test_what_waits_for_a_computation_is_said_and_is_no_failure(world, tmp_path, capsys):
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        call_command("build_reports", period="2019Q3", kind=None, unit=None, out=tmp_path / "out")

    said = capsys.readouterr().out
    for label in ("单位考核成绩单", "全区考核报告（公开版）", "全区考核报告（领导版）"):
        assert f"{label}暂不生成：2019Q3 的考核还没有测算" in said
    assert "未成 0 份" in said
    assert any("领导一页纸" in file.name for file in (tmp_path / "out").iterdir())


def test_the_command_refuses_what_is_not_there_in_one_line(world, tmp_path):
    for options, words in [
        ({"period": "2019X", "unit": None}, "“2019X”不是"),
        ({"period": "2019", "unit": None}, "没有可生成的文件"),  # the year is not computed yet
        ({"period": "2019Q3", "unit": "nobody"}, "没有代码为"),
    ]:
        with pytest.raises(CommandError, match=words):
            call_command("build_reports", out=tmp_path / "out", kind=None, **options)


def said(content) -> str:
    return "".join(paragraph.text for paragraph in content.paragraphs)


def test_the_inspections_of_the_quarter_are_counted_up_to_the_day_and_named():
    department = make_department()
    department.confirmed(date(2019, 9, 10), date(2019, 9, 17))

    before, after = drafted(date(2019, 9, 16)), drafted(date(2019, 9, 17))

    assert (before.figures["应带队检查单位数"], before.figures["已带队检查单位数"]) == ("1", "0")
    assert before.figures["未带队检查单位"] == "区住建局"
    assert "（一）主要负责人带队检查未确认" in said(before)
    assert after.figures["已带队检查单位数"] == "1"
    assert "未确认" not in said(after)


def test_without_inspections_and_hazards_the_bulletin_says_nothing_of_them(world):
    assert "带队检查" not in said(drafted())
    assert "隐患" not in said(drafted())

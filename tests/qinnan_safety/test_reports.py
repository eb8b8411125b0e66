"""The report on an assessment in two editions: what each says, worked out by hand, and to whom.

区住建局 closed one task in time and one late and left one open: 7.5 of 15 points; no 宣传教育: 3.
What applies to it comes to 55, so 44.5 × 100 ÷ 55 = 80.91.  区交通局 has no work of its own and
neither 会议 nor 宣传教育: 25 × 100 ÷ 34 = 73.53.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from assessments.enums import FactKind, VetoEffect, VetoReason
from assessments.models import UnitScore
from assessments.services.computing import compute_assessment
from assessments.services.entering import VetoContent, enter_veto
from assessments.services.objections import answer_objection, submit_objection
from assessments.services.publishing import (
    correct_assessment,
    finalize_assessment,
    open_objections,
    publish_assessment,
)
from common.errors import DomainError
from common.tracked import save_with_history
from documents.content import Content
from documents.enums import FileFormat
from documents.kinds import Subject, kind_of
from documents.models import BuildJob, Document
from documents.services.drafting import draft_document
from documents.services.issuing import Signature
from documents.services.jobs import request_build
from documents.tasks import build_item
from documents.typesetting.markup import make_markup
from documents.typesetting.renderer import Renderer
from organizations.enums import PostKind
from organizations.models import Unit
from responsibilities.enums import ReviewDecision
from tests.assessments.world import AFTER, SHOWN, District, make_district, published
from tests.builders import issue_as_seen, make_user
from tests.documents.pdf import text
from tests.security.crawling import read

pytestmark = pytest.mark.django_db
DAY = date(2019, 10, 8)


@pytest.fixture
def district(settings, tmp_path) -> District:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.QINNAN_TODAY = DAY.isoformat()
    made = make_district()
    made.close("02-02", 19, decision=ReviewDecision.PASS)
    made.close("02-03", 28, decision=ReviewDecision.PASS)
    made.enter(FactKind.MEETING)
    return made


def drafted(kind: str) -> Content:
    return kind_of(kind).build(Subject("2019Q3", None, DAY)).filled()


def said(content: Content) -> str:
    return "\n".join(paragraph.text for paragraph in content.paragraphs)


def veto(district: District) -> None:
    decision = VetoContent(
        "2019Q3", date(2019, 9, 2), VetoReason.CONCEALMENT, VetoEffect.FAIL, "钦南安委〔2019〕9号"
    )
    enter_veto(district.other, decision, actor=district.office, at=AFTER - timedelta(days=1))


def test_the_public_edition_tells_grades_in_official_order_and_nothing_else(district):
    veto(district)
    published(district)

    content = drafted("grades")
    counts, units = content.annexes

    assert "一类（监管）2个\n良好1个：区住建局。\n不合格1个：区交通局。" in said(content)
    assert "终评，已于2019年10月8日发布" in said(content)
    assert "一个月内制定整改措施" in said(content)
    assert counts.tables[0].rows == [("一类（监管）", "2", "0", "1", "0", "1")]
    assert units.tables[0].rows == [("1", "区住建局", "良好"), ("2", "区交通局", "不合格")]
    assert [annex.is_wide for annex in content.annexes] == [False, False]
    told = content.canonical().decode()
    for secret in ("80.91", "73.53", "名次", "瞒报", "own-head", "测试"):
        assert secret not in told


def test_the_points_of_a_scorecard_add_up_and_a_veto_that_costs_none_is_told(district):
    veto(district)
    published(district)

    content = kind_of("scorecard").build(Subject("2019Q3", district.other, DAY)).filled()
    items, details = content.tables

    # 适用项目满分 34 分，得 25 分：25 × 100 ÷ 34 = 73.53，折算补 48.53 分。
    scaled, vetoed = items.rows[-2:]
    assert scaled[1] == "折算：适用项目满分34分，得25分，折算为百分制（×100÷34）"
    assert (scaled[-1], vetoed[-1], items.total[-1]) == ("48.53", "0.00", "73.53")
    told = [row[-1].replace("−", "-") for row in items.rows if row[-1] != "—"]
    assert sum(map(Decimal, told)) == Decimal("73.53")
    decision = "瞒报谎报事故，直接定为不合格（钦南安委〔2019〕9号）"
    assert decision in [row[1] for row in details.rows]
    assert f"对你单位作出一票否决决定1件：{decision}。" in said(content)
    assert "你单位属一类（监管），2019年第三季度考核（" in said(content)


def test_the_points_of_a_column_stand_below_one_another(district):
    """One loss of 7.5 gives each loss one decimal, the total of 80.91 each gain two; what is
    counted in whole numbers has none."""
    published(district)
    items, details = kind_of("scorecard").build(Subject("2019Q3", district.own, DAY)).tables
    for place, decimals in ((2, 0), (3, 0), (4, 0), (5, 1), (6, 2)):
        shown = [row[place] for row in (*items.rows, items.total) if row[place] not in {"", "—"}]
        assert {len(text.partition(".")[2]) for text in shown} == {decimals}
    assert {len(row[-1].partition(".")[2]) for row in details.rows} == {1}


def test_a_class_without_results_is_not_told_that_it_earned_none_of_none(district):
    published(district)
    score = UnitScore.objects.get(unit=district.own, computation=district.assessment.current())
    assert score.result_full == 25
    told = said(kind_of("scorecard").build(Subject("2019Q3", district.own, DAY)).filled())
    assert "其中过程考核得19.5分（满分30分），结果考核得25分（满分25分）；" in told

    score.result = score.result_full = Decimal(0)
    save_with_history(score, actor=district.office, reason="没有结果项目", at=AFTER)
    told = said(kind_of("scorecard").build(Subject("2019Q3", district.own, DAY)).filled())
    assert "其中过程考核得19.5分（满分30分），结果考核本期没有适用的项目；" in told


def test_the_public_edition_waits_for_the_publication(district):
    district.compute()

    with pytest.raises(DomainError, match="还没有发布，公开版只从已发布的结果起草"):
        drafted("grades")
    assert "本报告所据的是初评，尚未公示，可能变动" in said(drafted("standings"))


def test_the_leaders_edition_tells_points_places_causes_and_decisions(district):
    veto(district)
    published(district)

    content = drafted("standings")
    places, items, steps, vetoes = content.annexes

    assert [row[:6] for row in places.tables[0].rows] == [
        ("1", "区住建局", "80.91", "19.5/30", "25/25", "良好"),
        ("2", "区交通局", "73.53", "0.0/9", "25/25", "不合格"),
    ]
    assert places.tables[0].rows[0][8] == "任务03-01：到期未办结；宣传教育：2019年7至9月没有记录"
    averages = {row[1]: row[2:] for row in items.tables[0].rows}
    assert averages["研究安全生产工作"] == ("2", "6", "3.0", "50.0%", "1", "6.0")
    assert averages["限时任务按期办结"] == ("1", "15", "7.5", "50.0%", "2", "7.5")
    assert "主要负责人带队检查" not in averages
    assert "限时任务按期办结（1个单位、2处，共扣7.5分）；宣传教育（2个单位、2处，共扣6分）" in said(
        content
    )
    assert vetoes.tables[0].rows == [
        (
            "区交通局",
            "瞒报谎报事故",
            "直接定为不合格",
            "2019年第三季度",
            "钦南安委〔2019〕9号",
            "2019年9月2日",
        )
    ]
    assert [row[1] for row in steps.tables[0].rows] == ["初评", "终评"]
    assert "平均77.22分，最高80.91分、最低73.53分。不合格：区交通局。" in said(content)
    assert "与上期相比" not in said(content)


def test_the_report_on_a_year_names_the_period_that_each_decision_judges(district):
    veto(district)
    whole = VetoContent(
        "2019", date(2019, 9, 3), VetoReason.FRAUD, VetoEffect.DOWNGRADE, "钦南安委〔2019〕10号"
    )
    enter_veto(district.other, whole, actor=district.office, at=AFTER)
    compute_assessment("2019", actor=district.office, at=AFTER, reason="年度测算")

    content = kind_of("standings").build(Subject("2019", None, DAY)).filled()

    annex = next(annex for annex in content.annexes if annex.title == "一票否决决定")
    assert [row[3:5] for row in annex.tables[0].rows] == [
        ("2019年第三季度", "钦南安委〔2019〕9号"),
        ("2019年度", "钦南安委〔2019〕10号"),
    ]
    assert "直接定为不合格（2019年第三季度，钦南安委〔2019〕9号）；区交通局弄虚作假" in said(
        content
    )


def test_the_period_before_is_recomputed_by_the_rules_of_now(district):
    published(district)
    compute_assessment("2019Q2", actor=district.office, at=AFTER, reason="补算")

    content = drafted("standings")

    # 二季度两个单位都没有到期任务，也没有会议和宣传教育的记录：25 × 100 ÷ 34。
    assert [row[6:8] for row in content.annexes[0].tables[0].rows] == [
        ("73.53", "+7.38"),
        ("73.53", "0.00"),
    ]
    assert "重算2019年第二季度，可比的2个单位中，1个上升，0个下降，1个持平" in said(content)


def test_objections_and_corrections_are_counted_and_the_correction_is_named(district):
    computation = district.compute()
    who = {"actor": district.office, "at": AFTER}
    open_objections(district.assessment, until=date(2019, 10, 16), version=1, **who)
    line = computation.scores.get(unit=district.own).lines.filter(points__lt=0).first()
    submit_objection(line, reason="已办。", document_no="", actor=district.head, at=AFTER)

    content = drafted("standings")

    assert "受理申诉1件，采纳0件，不采纳0件，待答复1件。发布后的更正：没有。" in said(content)
    assert "初评，正在公示、受理申诉" in said(content)
    assert content.annexes[-1].tables[0].rows[0][3:] == ("受理中", "—")


def test_both_editions_say_that_a_published_result_was_corrected(district):
    found = published(district)
    district.enter(FactKind.EDUCATION)
    correct_assessment(found, reason="补登宣传文号", version=4, actor=district.office, at=AFTER)

    assert "（已发布结果的第1号更正）" in said(drafted("grades"))
    leaders = drafted("standings")
    assert "第1号（2019年10月8日），补登宣传文号" in said(leaders)
    assert leaders.annexes[0].tables[0].rows[0][2] == "86.36"  # 47.5 × 100 ÷ 55


def test_an_issued_paper_tells_of_a_later_correction_where_it_is_read_and_checked(district):
    """The correction gives 区住建局 its 宣传教育 and leaves 区交通局 as it was."""
    found = published(district)
    papers = [
        issue(district, kind, number, unit)
        for number, (kind, unit) in enumerate(
            (("grades", None), ("scorecard", district.own), ("scorecard", district.other)), 1
        )
    ]
    office, later = signed_in(district.office), AFTER + timedelta(hours=2)
    assert "此后有更正" not in read(office.get(papers[0].get_absolute_url())).decode()
    district.enter(FactKind.EDUCATION)
    correct_assessment(found, reason="补登宣传文号", version=4, actor=district.office, at=later)

    words = "此后有更正：2019年第三季度考核结果第1号更正（2019年10月8日）"
    shown = [read(office.get(paper.get_absolute_url())).decode() for paper in papers]
    checked = [read(Client().get(f"/verify/{paper.code}")).decode() for paper in papers]
    for pages in (shown, checked):
        assert [words in page for page in pages] == [True, True, False]
        assert '<a href="/scores/2019Q3/units/own/">查看更正后的结果</a>' in pages[1]
    assert "补登宣传文号" not in checked[1]
    listed = read(office.get("/documents/")).decode().split("<tr>")[2:]
    assert ["此后有更正" in line for line in reversed(listed)] == [True, True, False]


def issue(district: District, kind: str, number: int, unit: Unit | None = None) -> Document:
    draft = draft_document(kind, "2019Q3", unit, actor=district.office, at=AFTER)
    signed = Signature(number, DAY)
    issued = issue_as_seen(draft, signed, actor=district.office, at=AFTER)
    job = request_build(
        [issued],
        [FileFormat.PDF],
        title=issued.title,
        actor=district.office,
        at=AFTER,
        as_of=DAY,
    )
    build_item(job.items.get().pk)
    return issued


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_scores_are_numbered_only_once_shown_and_say_what_a_unit_can_still_do(district):
    who = {"actor": district.office, "at": SHOWN}

    def sentence():
        card = kind_of("scorecard").build(Subject("2019Q3", district.own, DAY))
        return said(card).splitlines()[-1]

    district.compute(SHOWN)
    told = {
        period: kind_of("one-page").build(Subject(period, None, DAY)).figures["考核"]
        for period in ("2019Q2", "2019Q3")
    }
    assert told["2019Q2"] == "还没有测算"
    assert told["2019Q3"].startswith("2019年第三季度（初评）：")
    for kind, unit in (("scorecard", district.own), ("standings", None)):
        draft = draft_document(kind, "2019Q3", unit, **who)
        with pytest.raises(DomainError, match="还是初评、没有公示，可以起草，公示以后才能签发"):
            issue_as_seen(draft, Signature(1, SHOWN.date()), **who)
    assert "公示以后，对扣分有异议的，可在公示期内" in sentence()

    found = open_objections(district.assessment, until=SHOWN.date(), version=1, **who)
    card = Document.objects.get(kind="scorecard")
    assert "可在2019年10月7日以前（含当日）登录平台逐项申诉" in sentence()
    with pytest.raises(DomainError, match="成文日期不能比它早"):
        issue_as_seen(card, Signature(1, date(2019, 7, 2)), **who)
    assert issue_as_seen(card, Signature(1, SHOWN.date()), **who).number == 1

    finalize_assessment(found, version=2, actor=district.office, at=AFTER)
    assert "申诉已经截止，对扣分仍有疑问的，请联系区安委办。" in sentence()


def status(client: Client, door: str) -> int:
    answer = client.get(door)
    read(answer)
    return answer.status_code


def shown(client: Client, door: str) -> str:
    return read(client.get(door)).decode()


def test_the_leaders_edition_is_not_there_for_a_unit_and_its_check_tells_nothing_of_it(district):
    veto(district)
    published(district)
    secret, open_ = issue(district, "standings", 1), issue(district, "grades", 2)
    auditor = make_user("auditor", (district.own, PostKind.AUDITOR))
    file, job = secret.files.get(), BuildJob.objects.get(items__document=secret)
    doors = [
        secret.get_absolute_url(),
        f"/documents/files/{file.pk}/",
        f"/documents/jobs/{job.pk}/",
        f"/documents/jobs/{job.pk}/files.zip",
    ]

    for person in (district.liaison, district.head):
        client = signed_in(person)
        assert [status(client, door) for door in doors] == [404] * 4
        listed = shown(client, "/documents/") + shown(client, "/")
        assert open_.title in listed
        assert secret.title not in listed
        assert status(client, open_.get_absolute_url()) == 200
    for person in (district.leader, district.office, auditor):
        client = signed_in(person)
        assert [status(client, door) for door in doors[:2]] == [200, 200]
    checked = shown(Client(), f"/verify/{secret.code}")
    assert file.sha256 in checked
    for told in ("区交通局", "80.91", "瞒报", "名次"):
        assert told not in checked


HOSTILE = "<img src=file:///etc/passwd>&amp;【单位数】{{x}}"
SHORT = "<b>&lt;【单位数】{{x}}"


def test_hostile_words_in_names_papers_and_answers_are_printed_as_they_were_typed(district):
    """A name in brackets is no figure, markup is no markup, and nothing is fetched."""
    district.other.name, district.other.short_name = HOSTILE, SHORT
    save_with_history(district.other, actor=district.office, reason="改名", at=AFTER)
    decision = VetoContent(
        "2019Q3", date(2019, 9, 2), VetoReason.OTHER, VetoEffect.DOWNGRADE, HOSTILE
    )
    who = {"actor": district.office, "at": SHOWN}
    enter_veto(district.other, decision, **who)
    line = district.compute(SHOWN).scores.get(unit=district.own).lines.filter(points__lt=0).first()
    found = open_objections(district.assessment, until=SHOWN.date(), version=1, **who)
    item = submit_objection(line, reason=HOSTILE, document_no="", actor=district.head, at=SHOWN)
    answer_objection(item, is_upheld=False, answer=HOSTILE, **who)
    who["at"] = AFTER
    found = finalize_assessment(found, version=2, **who)
    publish_assessment(found, version=3, **who)

    with Renderer() as renderer:
        pages = {
            kind: text(renderer.render(make_markup(drafted(kind), stamped=AFTER.isoformat())))
            for kind in ("grades", "standings")
        }

    literal = HOSTILE.replace(" ", "")
    assert (pages["grades"].count(SHORT), pages["grades"].count(literal)) == (1, 1)
    assert pages["standings"].count(literal) >= 4
    assert all("root:" not in shown for shown in pages.values())

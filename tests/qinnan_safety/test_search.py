"""Search finds what the person may see, and nothing else."""

import pytest

from clauses.enums import Certainty
from clauses.services.errata import Reading, add_erratum
from inspections.services.hazards import raise_hazard
from inspections.services.recording import prepare_inspection, submit_inspection
from organizations.enums import UnitKind
from organizations.services.aliases import create_alias
from organizations.services.people import get_system_user
from tests.builders import (
    NOW,
    PLAN_TEXT,
    make_content,
    make_hazard_content,
    make_row,
    make_unit,
    make_user,
)
from tests.counting import statements_of

pytestmark = pytest.mark.django_db


def found(client, user, words: str) -> dict[str, list[str]]:
    """Search and return the hits' texts by group."""
    client.force_login(user)
    groups = client.get("/search/", {"q": words}).context["groups"]
    return {
        group.heading: ["".join(piece.text for piece in hit.pieces) for hit in group.shown]
        for group in groups
    }


@pytest.mark.parametrize(
    "words", ["第(二)条", "第二条", "（二）", "二", "2条", "第 2 条", "第 （二） 条"]
)
def test_a_named_clause_comes_first(client, district, words):
    client.force_login(district.office)

    first = client.get("/search/", {"q": words}).context["groups"][0]

    assert first.heading == "条文"
    assert first.hits[0].url == "/plan/sample/#c02"


@pytest.mark.parametrize("words", ["02-02", "0202", "02—02", "２－２", "第二条第2句"])
def test_a_code_leads_to_its_row_and_sentence(client, district, words):
    client.force_login(district.office)

    groups = {g.heading: g for g in client.get("/search/", {"q": words}).context["groups"]}

    assert groups["任务"].hits[0].url == "/tasks/sample/02-02/"
    assert groups["条文"].hits[0].url == "/plan/sample/#s02-02"


@pytest.mark.parametrize("words", ["02-0", "2-0", "2-"])
def test_a_code_that_is_only_begun_leads_to_all_that_begin_so(client, district, words):
    client.force_login(district.office)

    groups = {g.heading: g for g in client.get("/search/", {"q": words}).context["groups"]}

    assert "/tasks/sample/02-02/" in [hit.url for hit in groups["任务"].hits]
    assert {hit.code[:4] for hit in (*groups["任务"].hits, *groups["条文"].hits)} == {"02-0"}


def test_a_part_of_a_word_is_enough(client, district):
    assert found(client, district.office, "息平")["任务"] == ["建立信息平台"]


def test_every_word_must_be_there(client, district):
    assert found(client, district.office, "平台 建立")["任务"] == ["建立信息平台"]
    assert "任务" not in found(client, district.office, "平台 检查")


def test_marks_are_found_in_both_widths(client, district):
    for words in ("镇(场", "镇（场"):
        assert found(client, district.office, words)["条文"] == [
            "各镇（场、街道）要制定实施方案，并明确责任人。"
        ]


def test_the_corrected_words_of_the_errata_find_the_damaged_sentence(client, district):
    start = PLAN_TEXT.index("信息平台")
    reading = Reading("资讯〔2016〕平台", "据印发稿", Certainty.PROBABLE)
    add_erratum(district.plan, (start, start + 4), reading, actor=district.office, at=NOW)
    client.force_login(district.office)

    [group] = client.get("/search/", {"q": "资讯〔2016〕"}).context["groups"]

    assert [(hit.code, hit.aside) for hit in group.hits] == [("02-02", "第（二）条，校勘所作")]


def test_many_hits_of_one_kind_leave_room_for_the_next(client, district):
    for place in range(12):
        make_row(district.plan, "02-02", leads=[district.zjj], title=f"住建局任务{place}")
    client.force_login(district.office)
    response = client.get("/search/", {"q": "住建局"})
    [rows, *others] = response.context["groups"]

    assert [rows.heading, *(group.heading for group in others)][:2] == ["任务", "单位"]
    assert (len(rows.first), len(rows.rest)) == (8, 6)
    assert "更多任务" in response.content.decode()


def test_words_that_lie_apart_in_a_clause_find_the_clause(client, district):
    assert found(client, district.office, "信息平台 定期通报")["条文"] == ["第（二）条 部门责任"]


def test_the_office_finds_rows_by_their_units(client, district):
    assert found(client, district.office, "交通局")["任务"] == ["每季度检查", "制定实施方案"]


def test_a_unit_called_so_comes_before_its_many_rows(client, district):
    assert list(found(client, district.office, "区交通局"))[:2] == ["单位", "任务"]
    assert next(iter(found(client, district.office, "交通"))) == "任务"


@pytest.mark.parametrize("words", ["制定实施方案", "03-01", "0301", "交通", "第三条", "实施 方案"])
def test_a_unit_never_finds_another_units_row(client, district, words):
    hits = found(client, district.liaison, words)

    assert "制定实施方案" not in hits.get("任务", [])
    client.force_login(district.liaison)
    page = client.get("/search/", {"q": words}).content.decode()
    assert "/tasks/sample/03-01/" not in page


def test_a_unit_finds_its_own_rows(client, district):
    assert found(client, district.liaison, "平台")["任务"] == ["建立信息平台"]


def test_a_row_not_yet_dispatched_is_found_by_the_office_alone(client, district):
    make_row(district.plan, "02-02", leads=[district.zjj], title="金丝雀任务")

    assert found(client, district.office, "金丝雀")["任务"] == ["金丝雀任务"]
    assert found(client, district.liaison, "金丝雀") == {}


def test_units_and_phrases_are_found_by_everybody(client, district):
    create_alias("各有关部门", note="", actor=get_system_user(), at=NOW, reason="登记")
    make_unit("rd", "区人大常委会", kind=UnitKind.SUPERVISORY_BODY)

    assert found(client, district.liaison, "人大")["单位"] == ["区人大常委会"]
    assert found(client, district.liaison, "有关部门")["条文称谓"] == ["各有关部门"]


def test_people_are_found_by_the_office_alone(client, district):
    assert found(client, district.office, "覃局")["人员"] == ["覃局长"]
    for who in (district.auditor, district.leader, district.liaison):
        assert "人员" not in found(client, who, "覃局")


def test_hits_are_marked_and_typed_markup_stays_text(client, district):
    client.force_login(district.office)

    page = client.get("/search/", {"q": "信息"}).content.decode()
    attack = client.get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()

    assert "建立<mark>信息</mark>平台" in page
    assert "<script>alert" not in attack
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in attack


@pytest.mark.parametrize("words", ["%", "_", "'", '"', "\\", "第(", "()", "--"])
def test_signs_of_the_database_mean_nothing(client, district, words):
    client.force_login(district.office)

    assert client.get("/search/", {"q": words}).status_code == 200


def test_nothing_found_says_what_to_try(client, district):
    client.force_login(district.office)

    assert "没有找到“猫头鹰”" in client.get("/search/", {"q": "猫头鹰"}).content.decode()
    assert "搜任务、条文、检查、隐患、单位" in client.get("/search/").content.decode()


def test_htmx_gets_the_hits_alone_and_they_equal_the_pages(client, district):
    client.force_login(district.office)

    whole = client.get("/search/", {"q": "平台"}).content.decode()
    part = client.get("/search/", {"q": "平台"}, HTTP_HX_REQUEST="true").content.decode()

    assert part.strip().startswith('<div class="hits gap" id="found"')
    assert part.strip() in whole


@pytest.fixture
def field_work(district):
    """One confirmed-to-be inspection and one hazard of 区住建局."""
    inspection = prepare_inspection(
        district.zjj, make_content(), token="i", actor=district.liaison, at=NOW
    )
    inspection = submit_inspection(inspection, version=1, actor=district.liaison, at=NOW)
    hazard = raise_hazard(
        district.zjj, make_hazard_content(), token="h", actor=district.liaison, at=NOW
    )
    return inspection, hazard


def test_inspections_and_hazards_are_found_by_words_and_by_number(client, district, field_work):
    inspection, hazard = field_work

    for user in (district.office, district.leader, district.liaison):
        both = found(client, user, "汽车客运站")
        assert both["带队检查"] == ["区住建局：建筑施工"]
        assert both["隐患"] == ["某汽车客运站：东侧疏散通道堵塞"]
        for words in (inspection.number, inspection.number.lower()):
            assert list(found(client, user, words)) == ["带队检查"]
        assert list(found(client, user, f"qh{hazard.pk}")) == ["隐患"]
    assert "隐患" in found(client, district.office, "住建 疏散")


def test_another_units_inspections_and_hazards_are_not_found(client, district, field_work):
    inspection, hazard = field_work

    for words in ("汽车客运站", "疏散", inspection.number, hazard.number):
        assert not {"带队检查", "隐患"} & set(found(client, district.other, words))
    draft = prepare_inspection(
        district.zjj,
        make_content(field="烟花爆竹"),
        token="d",
        actor=district.liaison,
        at=NOW,
    )
    assert found(client, district.liaison, "烟花爆竹")["带队检查"]
    assert not found(client, district.office, draft.number)


def test_a_group_lists_fifty_and_says_that_there_are_more(client, district):
    for number in range(52):
        make_unit(f"cun-{number}", f"第{number}村", order=100 + number)
    client.force_login(district.office)

    page = client.get("/search/", {"q": "村"})

    (group,) = page.context["groups"]
    assert len(group.shown) == 50
    assert "只列出前 50 条" in page.content.decode()


def test_a_search_costs_the_same_whatever_it_finds(client, district):
    client.force_login(district.office)
    few = statements_of(client, "/search/?q=局")
    for number in range(20):
        make_user(f"p-{number}", name=f"局{number}")
        make_unit(f"ju-{number}", f"新{number}局", order=100 + number)

    assert statements_of(client, "/search/?q=局") == few

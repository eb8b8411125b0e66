"""The list of units, one unit's sheet and the office's edits of it."""

from datetime import date

import pytest

from organizations.enums import PostKind
from organizations.models import Unit
from organizations.services.people import end_appointment
from organizations.services.units import Validity, set_validity
from organizations.services.versions import version_of
from tests.builders import NOW, make_unit, make_user
from tests.counting import statements_of

pytestmark = pytest.mark.django_db
FORM = {
    "name": "区住房和城乡建设局",
    "full_name": "",
    "short_name": "区住建局",
    "kind": "department",
    "assessment_class": "class1",
    "order": "590",
    "sectors": "建筑施工、城镇燃气",
    "national_code": "",
    "source_note": "",
    "reason": "规范简称",
}


@pytest.fixture
def reform(office) -> tuple[Unit, Unit]:
    """The safety bureau that became the emergency bureau on 1 April 2019."""
    old, new = make_unit("ajj", "区安监局", order=20), make_unit("yjj", "区应急局", order=19)
    for unit, years in (
        (old, Validity(None, date(2019, 3, 31), new)),
        (new, Validity(date(2019, 4, 1), None, None)),
    ):
        set_validity(unit, years, seen=version_of(unit), actor=office, at=NOW, reason="机构改革")
    return old, new


def names_of(answer) -> list[str]:
    return [line.unit.name for group in answer.context["groups"] for line in group.lines]


def test_the_list_shows_the_units_of_today(desk, reform):
    assert names_of(desk.get("/units/")) == ["区安委办", "区应急局"]


def test_all_shows_abolished_units_with_their_successor(desk, reform):
    answer = desk.get("/units/?all=1")

    assert names_of(answer) == ["区安委办", "区应急局", "区安监局"]
    assert "2019年3月31日止" in answer.content.decode()


def test_a_past_day_shows_the_units_of_that_day(desk, reform):
    assert names_of(desk.get("/units/?on=2019-03-31")) == ["区安委办", "区安监局"]


def test_an_unreadable_day_is_said_and_not_an_error(desk):
    answer = desk.get("/units/?on=昨天")

    assert answer.status_code == 200
    assert "没有看懂这个日期" in answer.content.decode()


def test_the_list_costs_the_same_whatever_its_length(desk, zjj):
    path = "/units/"

    few = statements_of(desk, path)
    for number in range(20):
        unit = make_unit(f"u{number}", f"单位{number}", order=100 + number)
        make_user(f"head-{number}", (unit, PostKind.HEAD))

    assert statements_of(desk, path) == few <= 9


def test_the_sheet_of_an_abolished_unit_leads_to_its_successor(desk, reform):
    page = desk.get("/units/ajj/").content.decode()

    assert "已不在运行" in page
    assert 'href="/units/yjj/"' in page


def test_former_holders_and_the_record_are_not_for_other_units(client, office, post_of_liaison):
    end_appointment(
        post_of_liaison, last_day=date(2019, 8, 31), actor=office, at=NOW, reason="秘密调离"
    )
    stranger = make_user("other-1", (make_unit("jtj", "区交通局"), PostKind.HEAD))
    client.force_login(stranger)
    outside = client.get("/units/zjj/").content.decode()
    client.force_login(office)
    inside = client.get("/units/zjj/").content.decode()

    assert "李科员" not in outside
    assert "秘密调离" not in outside
    assert "李科员" in inside
    assert "免职日期定为“2019年8月31日”" in inside


def test_the_sheet_costs_the_same_however_many_hold_its_posts(desk, zjj):
    path = "/units/zjj/"

    make_user("first", (zjj, PostKind.LIAISON))
    few = statements_of(desk, path)
    for number in range(15):
        make_user(f"more-{number}", (zjj, PostKind.LIAISON))

    assert statements_of(desk, path) == few


def test_an_edit_is_saved_and_leads_back_to_the_sheet(desk, zjj):
    answer = desk.post("/units/zjj/edit/", FORM | {"seen": version_of(zjj)})

    zjj.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, "/units/zjj/")
    assert (zjj.short_name, zjj.sectors) == ("区住建局", ["建筑施工", "城镇燃气"])


def test_a_refused_edit_keeps_what_was_typed(desk, zjj):
    answer = desk.post(
        "/units/zjj/edit/", FORM | {"seen": version_of(zjj), "name": "", "is_verified": "on"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“单位名称”不能空着，请填写。" in page
    assert 'value="区住建局"' in page


def test_somebody_faster_is_shown_beside_and_a_second_save_decides(desk, zjj):
    seen = version_of(zjj)
    desk.post("/units/zjj/edit/", FORM | {"seen": seen, "short_name": "住建局"})

    conflict = desk.post("/units/zjj/edit/", FORM | {"seen": seen, "short_name": "区建设局"})

    page = conflict.content.decode()
    assert conflict.status_code == 409
    assert "现为：住建局" in page
    assert "您填：区建设局" in page
    again = desk.post(
        "/units/zjj/edit/",
        FORM | {"seen": conflict.context["form"].data["seen"], "short_name": "区建设局"},
    )
    zjj.refresh_from_db()
    assert (again.status_code, zjj.short_name) == (302, "区建设局")


def test_an_end_before_the_beginning_is_refused_at_its_field(desk, zjj):
    answer = desk.post(
        "/units/zjj/validity/",
        {
            "valid_from": "2019-05-01",
            "valid_to": "2019-04-30",
            "seen": version_of(zjj),
            "reason": "误",
        },
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors["valid_to"] == ["撤销日期不能早于设立日期，请核对。"]


def test_a_new_unit_starts_its_own_sheet(desk):
    form = {name: value for name, value in FORM.items() if name != "full_name"}

    answer = desk.post("/units/new/", form | {"code": "xj", "name": "新局", "valid_from": ""})

    assert (answer.status_code, answer.url) == (302, "/units/xj/")
    second = desk.post("/units/new/", form | {"code": "xj", "name": "新局"})
    assert second.status_code == 422
    assert Unit.objects.filter(code="xj").count() == 1

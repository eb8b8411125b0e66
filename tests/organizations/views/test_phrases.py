"""Phrases of the text and the units they mean."""

import pytest

from organizations.models import AliasMember, UnitAlias
from organizations.services.aliases import add_member, create_alias
from organizations.services.people import get_system_user
from organizations.services.versions import version_of
from tests.builders import NOW, make_unit
from tests.counting import statements_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def alias(office) -> UnitAlias:
    return create_alias("各有关部门", note="名单待核实。", actor=office, at=NOW, reason="登记")


def test_a_phrase_is_registered_and_filled(desk, zjj):
    made = desk.post(
        "/units/phrases/new/", {"phrase": "各有关部门", "note": "名单待核实。", "reason": "登记"}
    )
    alias = UnitAlias.objects.get()
    desk.post(f"/units/phrases/{alias.pk}/members/", {"unit": zjj.pk, "reason": "名单"})

    assert made.url == f"/units/phrases/{alias.pk}/"
    assert "今天指 1 个单位" in desk.get(made.url).content.decode()


def test_the_list_shows_whom_a_phrase_meant_on_a_day(desk, alias, zjj):
    desk.post(
        f"/units/phrases/{alias.pk}/members/",
        {"unit": zjj.pk, "valid_to": "2019-03-31", "reason": "名单"},
    )

    def meant(path: str) -> list[str]:
        return [m.unit.name for m in desk.get(path).context["aliases"][0].on_day]

    assert meant("/units/phrases/?on=2019-03-31") == ["区住房和城乡建设局"]
    assert meant("/units/phrases/") == []


def test_a_member_leaves_by_an_end_date(desk, alias, zjj):
    desk.post(f"/units/phrases/{alias.pk}/members/", {"unit": zjj.pk, "reason": "名单"})
    member = AliasMember.objects.get()

    answer = desk.post(
        f"/units/phrases/members/{member.pk}/", {"valid_to": "2019-06-30", "reason": "职责划出"}
    )

    assert answer.status_code == 302
    page = desk.get(f"/units/phrases/{alias.pk}/").content.decode()
    assert "今天没有单位属于这个称谓。" in page
    assert "2019年6月30日止" in page


def test_the_same_unit_twice_is_refused_in_words(desk, alias, zjj):
    form = {"unit": zjj.pk, "reason": "名单"}
    desk.post(f"/units/phrases/{alias.pk}/members/", form)

    answer = desk.post(f"/units/phrases/{alias.pk}/members/", form)

    assert answer.status_code == 422
    assert "这段时间已在“各有关部门”之内" in answer.content.decode()


def test_new_grounds_over_somebody_elses_are_a_conflict(desk, alias):
    seen = version_of(alias)
    form = {"note": "区编委文件。", "seen": seen, "reason": "核实"}
    assert desk.post(f"/units/phrases/{alias.pk}/edit/", form).status_code == 302

    answer = desk.post(f"/units/phrases/{alias.pk}/edit/", form | {"note": "另一说。"})

    assert answer.status_code == 409
    assert "现为：区编委文件。" in answer.content.decode()


def test_the_list_costs_the_same_whatever_its_length(desk, alias, zjj):
    path = "/units/phrases/"

    acts = {"actor": get_system_user(), "at": NOW, "reason": "登记"}
    add_member(alias, zjj, valid_from=None, valid_to=None, **acts)
    few = statements_of(desk, path)
    for number in range(20):
        more = create_alias(f"称谓{number}", note="", **acts)
        unit = make_unit(f"u{number}", f"单位{number}")
        add_member(more, unit, valid_from=None, valid_to=None, **acts)

    assert statements_of(desk, path) == few <= 9

"""Units by name: brackets hold a name together, phrases stand for many, unknown names are named."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from common.tracked import save_with_history
from organizations.models import AliasMember, Unit, UnitAlias
from organizations.services.people import get_system_user
from responsibilities.forms.unit_names import UnitNamesField
from responsibilities.unit_names import UnitNames, split_names
from tests.builders import NOW, TODAY, make_unit


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("区甲局、区乙局", ["区甲局", "区乙局"]),
        ("各镇(场、街道)、区甲局", ["各镇(场、街道)", "区甲局"]),
        ("各镇（场、街道）；区甲局，区乙局", ["各镇（场、街道）", "区甲局", "区乙局"]),
        ("区甲局\r\n区甲局\n", ["区甲局"]),
        ("  ", []),
    ],
)
def test_names_are_cut_outside_brackets_only(text: str, names: list[str]) -> None:
    assert split_names(text) == names


def _remember(phrase: str, *units: Unit) -> UnitAlias:
    alias = UnitAlias(phrase=phrase)
    save_with_history(alias, actor=get_system_user(), reason="测试", at=NOW)
    for unit in units:
        member = AliasMember(alias=alias, unit=unit)
        save_with_history(member, actor=get_system_user(), reason="测试", at=NOW)
    return alias


def _clean(text: str) -> list[tuple[Unit, UnitAlias | None]]:
    field = UnitNamesField(required=False)
    field.names = UnitNames.on(TODAY)
    return field.clean(text)


@pytest.mark.django_db
def test_a_phrase_stands_for_its_units_and_names_win_over_phrases() -> None:
    jia, yi = make_unit("jia", "区甲局"), make_unit("yi", "区乙局", order=20)
    alias = _remember("各镇(场、街道)", jia, yi)

    assert _clean("区乙局、各镇（场、街道）") == [(yi, None), (jia, alias)]
    assert _clean("yi") == [(yi, None)]
    assert _clean("") == []


@pytest.mark.django_db
def test_an_unknown_name_is_named() -> None:
    make_unit("jia", "区甲局")

    with pytest.raises(ValidationError, match="没有找到单位“区丁局、区戊局”"):
        _clean("区甲局、区丁局、区戊局")


@pytest.mark.django_db
def test_a_name_of_two_units_or_of_one_that_is_gone_is_no_guess() -> None:
    make_unit("jia", "区甲局", short_name="甲乙局")
    make_unit("yi", "区乙局", order=20, short_name="甲乙局")
    make_unit("old", "区旧局", order=30, valid_to=date(2019, 3, 1))

    with pytest.raises(
        ValidationError, match="“甲乙局”对应不止一个单位，请改填单位代码：jia、yi。"
    ):
        _clean("甲乙局")
    with pytest.raises(ValidationError, match="“区旧局”已撤销或尚未设立"):
        _clean("区旧局")


@pytest.mark.django_db
def test_phrases_are_suggested_before_units() -> None:
    jia = make_unit("jia", "区甲局")
    _remember("各有关部门", jia)

    assert list(UnitNames.on(TODAY).suggestions()) == ["各有关部门", "区甲局"]

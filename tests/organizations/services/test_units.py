"""Units in time, posts in units, phrases over units."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from common.errors import DomainError, NotAllowed, StaleVersion
from organizations.enums import PostKind, UnitKind
from organizations.models import Unit, UnitAlias
from organizations.services.aliases import add_member, create_alias, set_member_dates, update_alias
from organizations.services.posts import add_post, rename_post
from organizations.services.units import (
    UnitDetails,
    Validity,
    create_unit,
    set_validity,
    update_unit,
)
from organizations.services.versions import version_of
from tests.builders import NOW, make_unit

pytestmark = pytest.mark.django_db
DETAILS = UnitDetails(name="区应急管理局", short_name="区应急局", kind=UnitKind.DEPARTMENT, order=5)
END = date(2019, 3, 31)


def make(office, code="yjj", details=DETAILS, **changes):
    return create_unit(
        code, replace(details, **changes), valid_from=None, actor=office, at=NOW, reason="三定方案"
    )


def end(unit, office, *, heir, last=END):
    validity = Validity(None, last, heir)
    return set_validity(
        unit, validity, seen=version_of(unit), actor=office, at=NOW, reason="机构改革"
    )


def test_a_unit_is_added_with_its_history(office):
    unit = make(office)

    assert unit.history.latest().history_change_reason == "三定方案"


def test_a_code_that_is_an_address_is_refused(office):
    with pytest.raises(DomainError, match="系统保留"):
        make(office, code="phrases")


def test_a_unit_is_verified_only_on_some_basis(office):
    with pytest.raises(DomainError, match="要写明依据"):
        make(office, is_verified=True)


def test_a_unit_cannot_add_units(liaison):
    with pytest.raises(NotAllowed):
        make(liaison)


def test_saving_over_somebody_elses_change_is_refused(office):
    unit = make(office)
    seen = version_of(unit)
    update_unit(unit, replace(DETAILS, order=6), seen=seen, actor=office, at=NOW, reason="调整次序")

    with pytest.raises(StaleVersion):
        update_unit(
            unit, replace(DETAILS, order=7), seen=seen, actor=office, at=NOW, reason="调整次序"
        )

    assert Unit.objects.get(pk=unit.pk).order == 6


def test_saving_nothing_new_writes_no_history(office):
    unit = make(office)

    with pytest.raises(DomainError, match="没有改动"):
        update_unit(unit, DETAILS, seen=version_of(unit), actor=office, at=NOW, reason="保存")

    assert unit.history.count() == 1


def test_a_unit_ends_and_another_takes_over(office):
    old, heir = make_unit("ajj", "区安监局"), make(office)

    ended = end(old, office, heir=heir)

    assert (ended.valid_to, ended.successor) == (END, heir)
    assert list(Unit.objects.on(date(2019, 4, 1)).filter(code="ajj")) == []


def test_a_successor_needs_an_end(office):
    old, heir = make_unit("ajj", "区安监局"), make(office)

    with pytest.raises(DomainError, match="同时填写撤销日期"):
        end(old, office, heir=heir, last=None)


def test_units_never_take_over_from_each_other_in_a_ring(office):
    first, second, third = (make_unit(code, code) for code in ("a1", "b1", "c1"))
    end(first, office, heir=second, last=date(2019, 1, 31))
    end(second, office, heir=third, last=date(2019, 2, 28))

    with pytest.raises(DomainError, match="不能反过来承接"):
        end(third, office, heir=first)


def test_a_unit_that_ends_no_later_cannot_take_over(office):
    old, gone, heir = make_unit("a1", "甲局"), make_unit("b1", "乙局"), make_unit("c1", "丙局")
    end(gone, office, heir=heir, last=END)

    with pytest.raises(DomainError, match="不能承接"):
        end(old, office, heir=gone, last=END)


@pytest.mark.parametrize("kind", [PostKind.OFFICE, PostKind.AUDITOR, PostKind.LEADER])
def test_a_department_gets_no_post_that_sees_the_district(office, zjj, kind):
    with pytest.raises(DomainError, match="能看到全区数据"):
        add_post(zjj, kind, title="督办岗", actor=office, at=NOW, reason="设岗")


def test_a_post_is_set_up_once_and_renamed(office, zjj):
    post = add_post(zjj, PostKind.HEAD, title="局长", actor=office, at=NOW, reason="设岗")
    with pytest.raises(ValidationError, match="已有同名岗位"):
        add_post(zjj, PostKind.HEAD, title="局长", actor=office, at=NOW, reason="设岗")

    renamed = rename_post(post, title="党组书记、局长", actor=office, at=NOW, reason="职务调整")

    assert renamed.title == "党组书记、局长"


@pytest.fixture
def alias(office) -> UnitAlias:
    return create_alias("各有关部门", note="名单待核实。", actor=office, at=NOW, reason="登记")


def test_a_phrase_means_a_unit_within_its_days(office, alias, zjj):
    member = add_member(
        alias, zjj, valid_from=date(2019, 1, 1), valid_to=None, actor=office, at=NOW, reason="名单"
    )
    set_member_dates(
        member,
        valid_from=date(2019, 1, 1),
        valid_to=date(2019, 6, 30),
        actor=office,
        at=NOW,
        reason="职责划出",
    )

    assert list(alias.units_on(date(2019, 6, 30))) == [zjj]
    assert list(alias.units_on(date(2019, 7, 1))) == []


def test_a_unit_is_not_counted_twice_on_a_day(office, alias, zjj):
    dates = {"actor": office, "at": NOW, "reason": "名单"}
    add_member(alias, zjj, valid_from=None, valid_to=date(2019, 6, 30), **dates)

    with pytest.raises(DomainError, match="这段时间已在"):
        add_member(alias, zjj, valid_from=date(2019, 6, 30), valid_to=None, **dates)
    add_member(alias, zjj, valid_from=date(2019, 7, 1), valid_to=None, **dates)

    assert alias.members.count() == 2


def test_a_membership_does_not_end_before_it_begins(office, alias, zjj):
    with pytest.raises(DomainError, match="止日不能早于起日"):
        add_member(
            alias,
            zjj,
            valid_from=date(2019, 7, 1),
            valid_to=date(2019, 6, 30),
            actor=office,
            at=NOW,
            reason="误",
        )


def test_grounds_are_rewritten_unless_somebody_was_faster(office, alias):
    seen = version_of(alias)
    update_alias(alias, note="区编委文件。", seen=seen, actor=office, at=NOW, reason="核实")

    with pytest.raises(StaleVersion):
        update_alias(alias, note="另一说。", seen=seen, actor=office, at=NOW, reason="核实")

    assert UnitAlias.objects.get(pk=alias.pk).note == "区编委文件。"

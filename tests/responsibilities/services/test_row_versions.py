"""Acts on a row refuse to work on words or units that somebody changed meanwhile."""

import pytest

from common.errors import StaleVersion
from organizations.models import Unit, UnitAlias
from organizations.services.people import get_system_user
from responsibilities.enums import FulfilmentMode
from responsibilities.models import Assignment, Obligation
from responsibilities.services.assigning import UnitRoles, assign_units
from responsibilities.services.breakdown import (
    Wording,
    join_obligation,
    merge_obligations,
    revise_obligation,
    split_obligation,
    void_obligation,
)
from tests.builders import NOW, TODAY, make_plan, make_row, make_unit, sentence

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> Obligation:
    return make_row(make_plan(), "02-02", leads=[make_unit("zjj", "区住建局")])


def test_splitting_merging_and_voiding_refuse_an_old_version(row: Obligation) -> None:
    other = make_row(row.plan, "02-03", leads=[])
    stamp = {"actor": get_system_user(), "at": NOW, "reason": "调整", "version": row.version - 1}

    with pytest.raises(StaleVersion):
        split_obligation(row, Wording("另一项"), **stamp)
    with pytest.raises(StaleVersion):
        merge_obligations(row, other, **stamp)
    with pytest.raises(StaleVersion):
        void_obligation(row, **stamp)


@pytest.mark.parametrize(("given", "kept"), [(None, "原备注"), ("", ""), ("新备注", "新备注")])
def test_a_note_stays_unless_a_new_one_is_given(
    row: Obligation, given: str | None, kept: str
) -> None:
    system = get_system_user()
    for note in ("原备注", given):
        row = revise_obligation(
            row, Wording("题", note=note), version=row.version, actor=system, at=NOW, reason="改"
        )

    assert Obligation.objects.get(pk=row.pk).note == kept


def test_joining_a_sentence_keeps_the_reason(row: Obligation) -> None:
    source = join_obligation(
        row, sentence(row.plan, "02-03"), actor=get_system_user(), at=NOW, reason="同一件事"
    )

    assert source.history.get().history_change_reason == "02-03 句并入 02-02：同一件事"


def test_a_unit_that_stays_takes_the_phrase_it_is_now_named_by(row: Obligation) -> None:
    unit = Unit.objects.get(code="zjj")
    alias = UnitAlias(phrase="各有关部门", note="测试")
    alias._change_reason = "测试"
    alias.save()
    for phrase in (alias, None):
        row = assign_units(
            row,
            UnitRoles(FulfilmentMode.JOINT, [(unit, phrase)]),
            version=row.version,
            actor=get_system_user(),
            at=NOW,
            today=TODAY,
            reason="注明称谓",
        )

    assert Assignment.objects.get().alias == alias

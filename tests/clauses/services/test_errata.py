"""Corrections lie beside the text: they need grounds, do not overlap and keep their history."""

import pytest

from clauses.enums import Certainty
from clauses.models import Erratum, Plan
from clauses.services.errata import Reading, add_erratum, amend_erratum, erratum_stamp
from common.errors import DomainError, NotAllowed, StaleVersion
from organizations.enums import PostKind
from organizations.services.people import get_system_user
from tests.builders import NOW, PLAN_TEXT, make_plan, make_unit, make_user

pytestmark = pytest.mark.django_db
START = PLAN_TEXT.index("区安监局")
READING = Reading("区应急局", "2019年机构改革。", Certainty.QUERY)


@pytest.fixture
def plan() -> Plan:
    return make_plan()


def add(plan: Plan, start: int = START, end: int = START + 4, reading: Reading = READING, **more):
    actor = more.get("actor") or get_system_user()
    return add_erratum(plan, (start, end), reading, actor=actor, at=NOW)


def test_a_correction_keeps_the_original_and_leaves_the_text_alone(plan: Plan) -> None:
    erratum = add(plan)

    plan.refresh_from_db()
    assert (erratum.original, erratum.corrected) == ("区安监局", "区应急局")
    assert plan.source_text == PLAN_TEXT


@pytest.mark.parametrize(
    ("reading", "message"),
    [
        (Reading("区安监局", "依据", Certainty.CERTAIN), "与原文相同"),
        (Reading("区应急局", " ", Certainty.CERTAIN), "写明改正的依据"),
    ],
)
def test_a_correction_needs_a_change_and_grounds(
    plan: Plan, reading: Reading, message: str
) -> None:
    with pytest.raises(DomainError, match=message):
        add(plan, reading=reading)


def test_corrections_do_not_overlap(plan: Plan) -> None:
    add(plan)

    with pytest.raises(DomainError, match="与已有的校勘“区安监局”重叠"):
        add(plan, START + 3, START + 6)


def test_a_place_outside_the_text_is_refused(plan: Plan) -> None:
    with pytest.raises(DomainError, match="不在原文之内"):
        add(plan, len(PLAN_TEXT), len(PLAN_TEXT) + 1)


def test_an_amended_correction_names_who_and_why(plan: Plan) -> None:
    erratum = add(plan)
    seen = erratum_stamp(erratum)

    amend_erratum(
        erratum,
        Reading("区应急管理局", "印发稿。", Certainty.CERTAIN),
        seen=seen,
        actor=get_system_user(),
        at=NOW,
    )

    newest = Erratum.history.first()
    assert (newest.corrected, newest.history_change_reason) == (
        "区应急管理局",
        "修改校勘“区安监局”：印发稿。",
    )


def test_the_second_of_two_editors_is_told(plan: Plan) -> None:
    erratum = add(plan)
    seen = erratum_stamp(erratum)
    amend_erratum(
        erratum,
        Reading("区应急管理局", "印发稿。", Certainty.CERTAIN),
        seen=seen,
        actor=get_system_user(),
        at=NOW,
    )

    with pytest.raises(StaleVersion):
        amend_erratum(erratum, READING, seen=seen, actor=get_system_user(), at=NOW)


def test_a_liaison_may_not_correct_the_text(plan: Plan) -> None:
    liaison = make_user("liaison", (make_unit("zjj", "区住建局"), PostKind.LIAISON))

    with pytest.raises(NotAllowed):
        add(plan, actor=liaison)

"""Sentences that make no duty: what may be decided, and how it is taken back."""

import pytest

from clauses.enums import Disposition
from clauses.models import Plan
from clauses.services.dispositions import decline_provision, reopen_provision
from common.errors import DomainError
from organizations.services.people import get_system_user
from tests.builders import NOW, make_plan, sentence

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> Plan:
    return make_plan()


def decline(plan: Plan, code: str, disposition: Disposition, **more):
    return decline_provision(
        sentence(plan, code),
        disposition=disposition,
        reason="与他句同义。",
        actor=get_system_user(),
        at=NOW,
        **more,
    )


def test_a_duplicate_names_its_twin(plan: Plan) -> None:
    with pytest.raises(DomainError, match="要写明与哪一句重复"):
        decline(plan, "02-03", Disposition.DUPLICATE)


def test_a_sentence_is_no_duplicate_of_itself(plan: Plan) -> None:
    with pytest.raises(DomainError, match="不能与自身重复"):
        decline(plan, "02-03", Disposition.DUPLICATE, duplicate_of=sentence(plan, "02-03"))


def test_a_twin_is_kept_for_duplicates_only(plan: Plan) -> None:
    twin = sentence(plan, "02-02")

    decline(plan, "02-03", Disposition.DUPLICATE, duplicate_of=twin)
    decline(plan, "01-01", Disposition.TARGET, duplicate_of=twin)

    assert sentence(plan, "02-03").duplicate_of == twin
    assert sentence(plan, "01-01").duplicate_of is None


def test_reopening_needs_a_reason_and_something_to_reopen(plan: Plan) -> None:
    declined = decline(plan, "01-01", Disposition.TARGET)
    system = get_system_user()

    with pytest.raises(DomainError, match="恢复为未定要写明理由"):
        reopen_provision(declined, actor=system, at=NOW, reason=" ")
    reopen_provision(declined, actor=system, at=NOW, reason="上级要求立项")
    with pytest.raises(DomainError, match="本来就是未定"):
        reopen_provision(declined, actor=system, at=NOW, reason="再来一次")

    reopened = sentence(plan, "01-01")
    assert (reopened.disposition, reopened.decided_by) == (Disposition.OPEN, None)
    assert reopened.history.first().history_change_reason == "上级要求立项"

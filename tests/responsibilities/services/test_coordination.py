"""需领导协调: raised once, decided once, and only by those who may."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from common.errors import DomainError, NotAllowed
from organizations.enums import PostKind
from organizations.models import User
from responsibilities.enums import CoordinationState
from responsibilities.models import Coordination, Task
from responsibilities.services.coordination import decide_matter, raise_matter, withdraw_matter
from tests.builders import NOW, dispatch, make_plan, make_row, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    zjj, awb = make_unit("zjj", "区住建局"), make_unit("awb", "区安委办", order=1)
    return {
        "liaison": make_user("liaison", (zjj, PostKind.LIAISON)),
        "office": make_user("office", (awb, PostKind.OFFICE)),
        "leader": make_user("leader", (awb, PostKind.LEADER)),
    }


@pytest.fixture
def task(people: dict[str, User]) -> Task:
    plan = make_plan()
    unit = people["liaison"].appointments.get().post.unit
    dispatch(plan, make_row(plan, "02-02", leads=[unit], due_on=date(2019, 9, 20)))
    return Task.objects.get()


@pytest.fixture
def matter(task: Task, people: dict[str, User]) -> Coordination:
    return raise_matter(task, matter="用地未落实。", actor=people["office"], at=NOW)


def test_a_leaders_decision_comes_back_with_its_words(
    matter: Coordination, people: dict[str, User]
) -> None:
    said = "国土分局 10 月底前落实用地。"
    decide_matter(matter, decision=said, actor=people["leader"], at=NOW)

    matter.refresh_from_db()
    assert (matter.state, matter.decision) == (CoordinationState.DECIDED, said)
    assert matter.history.latest().history_change_reason == f"决定：{said}"


def test_the_office_names_the_paper_a_decision_rests_on(
    matter: Coordination, people: dict[str, User]
) -> None:
    with pytest.raises(DomainError, match="写明依据"):
        decide_matter(matter, decision="限期办结。", actor=people["office"], at=NOW)

    decide_matter(
        matter,
        decision="限期办结。",
        basis="区政府专题会纪要〔2019〕9号",
        actor=people["office"],
        at=NOW,
    )


@pytest.mark.parametrize("act", ["raise", "decide", "withdraw"])
def test_a_unit_neither_raises_nor_decides(
    act: str, task: Task, matter: Coordination, people: dict[str, User]
) -> None:
    who = people["liaison"]
    acts = {
        "raise": lambda: raise_matter(task, matter="请协调。", actor=who, at=NOW),
        "decide": lambda: decide_matter(matter, decision="同意。", actor=who, at=NOW),
        "withdraw": lambda: withdraw_matter(matter, reason="不用了。", actor=who, at=NOW),
    }
    with pytest.raises(NotAllowed):
        acts[act]()


def test_one_task_waits_for_one_decision(
    task: Task, matter: Coordination, people: dict[str, User]
) -> None:
    with pytest.raises(ValidationError, match="已有一项协调事项"):
        raise_matter(task, matter="再提一次。", actor=people["office"], at=NOW)


def test_what_was_withdrawn_cannot_be_decided(
    matter: Coordination, people: dict[str, User]
) -> None:
    withdraw_matter(matter, reason="部门间已商定。", actor=people["office"], at=NOW)

    with pytest.raises(DomainError, match="已撤回"):
        decide_matter(matter, decision="同意。", actor=people["leader"], at=NOW)

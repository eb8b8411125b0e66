"""A plan half broken down, which the tests of its pages share."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client

from clauses.enums import Disposition
from clauses.models import Plan
from clauses.services.dispositions import decline_provision
from organizations.enums import PostKind, UnitKind
from organizations.models import Unit, User
from organizations.services.people import get_system_user
from responsibilities.enums import Frequency, FulfilmentMode
from responsibilities.models import Obligation
from tests.builders import NOW, dispatch, make_plan, make_row, make_unit, make_user, sentence


@dataclass
class World:
    """The sample plan on 18 September 2019.

    01-01 is a target; 02-02 区乙局 due 1 August (48 days late); 02-01 both units each quarter
    (12 days left); 03-01 区甲局 with 区乙局 assisting, due 2020. 00-01 and 02-03 are left to
    :func:`make_world`'s caller: open, or declined when ``is_settled``.
    """

    plan: Plan
    jia: Unit
    yi: Unit
    office: User
    head: User
    stranger: User


def make_world(*, is_settled: bool = True, is_dispatched: bool = True) -> World:
    plan = make_plan()
    awb = make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)
    jia, yi = make_unit("jia", "区甲局", order=10), make_unit("yi", "区乙局", order=20)
    bing = make_unit("bing", "区丙局", order=30)
    decline_provision(
        sentence(plan, "01-01"),
        disposition=Disposition.TARGET,
        reason="总体目标，列入年度考核。",
        actor=get_system_user(),
        at=NOW,
    )
    rows = make_rows(plan, jia, yi)
    if is_dispatched:
        dispatch(plan, *rows)
    elif is_settled:
        settle(plan)
    return World(
        plan,
        jia,
        yi,
        office=make_user("office", (awb, PostKind.OFFICE)),
        head=make_user("head", (yi, PostKind.HEAD)),
        stranger=make_user("stranger", (bing, PostKind.LIAISON)),
    )


def make_rows(plan: Plan, jia: Unit, yi: Unit) -> list[Obligation]:
    return [
        make_row(
            plan,
            "02-01",
            leads=[jia, yi],
            mode=FulfilmentMode.SEPARATE,
            frequency=Frequency.QUARTERLY,
            title="按季检查",
        ),
        make_row(plan, "02-02", leads=[yi], due_on=date(2019, 8, 1), title="建立平台"),
        make_row(
            plan, "03-01", leads=[jia], assists=[yi], due_on=date(2020, 12, 31), title="制定方案"
        ),
    ]


def settle(plan: Plan) -> None:
    for provision in plan.provisions.open():
        decline_provision(
            provision,
            disposition=Disposition.EXPLANATION,
            reason="测试中不立项。",
            actor=get_system_user(),
            at=NOW,
        )


def read(client: Client, world: World, user: Any = None, query: str = "") -> str:
    client.force_login(user or world.office)
    response = client.get(f"{world.plan.get_absolute_url()}{query}")
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    """Return what a reader sees, without tags and blanks."""
    return "".join(re.sub(r"<[^>]+>", "", html).split())


def sentence_class(html: str, code: str) -> str:
    found = re.search(rf'<span class="s ([a-z_]*)" id="s{code}"', html)
    assert found, code
    return found[1]

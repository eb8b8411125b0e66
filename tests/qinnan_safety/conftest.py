"""A dispatched sample plan with two departments, and one person of every kind."""

from copy import deepcopy
from datetime import date
from types import SimpleNamespace

import pytest

from clauses.reading import read_plan
from clauses.services.importing import Particulars, import_document
from organizations.enums import PostKind, UnitKind
from organizations.services.people import get_system_user
from responsibilities.enums import Frequency, FulfilmentMode
from tests.builders import NOW, dispatch, make_plan, make_row, make_unit, make_user
from tests.standing import built_once

SECOND_PLAN = """样例区冬春火灾防控工作方案

一、工作任务

（一）加强巡查。区住建局要巡查一次。

（二）建立信息平台。区交通局要建立信息平台。
"""


def make_people() -> SimpleNamespace:
    """The office, the committee and two departments, with one person of every kind."""
    awb = make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)
    committee = make_unit("anweihui", "区安委会", kind=UnitKind.COMMITTEE, order=2)
    zjj, jtj = make_unit("zjj", "区住建局", order=10), make_unit("jtj", "区交通局", order=11)
    return SimpleNamespace(
        zjj=zjj,
        jtj=jtj,
        office=make_user("office-1", (awb, PostKind.OFFICE), name="陆科员"),
        auditor=make_user("auditor-1", (awb, PostKind.AUDITOR), name="周审计"),
        leader=make_user("leader-1", (committee, PostKind.LEADER), name="韦副区长"),
        liaison=make_user("liaison-1", (zjj, PostKind.LIAISON), name="李科员"),
        other=make_user("other-1", (jtj, PostKind.HEAD), name="覃局长"),
        nobody=make_user("nobody-1", name="新同事"),
    )


def make_district() -> SimpleNamespace:
    """The people with a dispatched plan.

    Row 02-01 is owed each quarter by both departments, 02-02 was due on 31 August by zjj alone,
    03-01 is due on 30 September by jtj alone; the other sentences are declined.
    """
    people, plan = make_people(), make_plan()
    rows = [
        make_row(
            plan,
            "02-01",
            leads=[people.zjj, people.jtj],
            mode=FulfilmentMode.SEPARATE,
            frequency=Frequency.QUARTERLY,
            title="每季度检查",
        ),
        make_row(plan, "02-02", leads=[people.zjj], due_on=date(2019, 8, 31), title="建立信息平台"),
        make_row(plan, "03-01", leads=[people.jtj], due_on=date(2019, 9, 30), title="制定实施方案"),
    ]
    dispatch(plan, *rows)
    return SimpleNamespace(**vars(people), plan=plan, rows=rows)


whole_district = built_once(make_district)


@pytest.fixture
def people(db) -> SimpleNamespace:
    return make_people()


@pytest.fixture
def district(db, whole_district) -> SimpleNamespace:
    return deepcopy(whole_district)


@pytest.fixture
def both(district):
    """Add a newer plan: 01-01 of zjj was due on 10 September, 02-01 of jtj falls due next year."""
    plan = import_document(
        read_plan(SECOND_PLAN),
        code="fire",
        actor=get_system_user(),
        at=NOW,
        particulars=Particulars(published_on=date(2019, 9, 1)),
    )
    late = make_row(plan, "01-01", leads=[district.zjj], due_on=date(2019, 9, 10), title="巡查")
    later = make_row(plan, "02-01", leads=[district.jtj], due_on=date(2020, 9, 1), title="建平台")
    dispatch(plan, late, later)
    return district

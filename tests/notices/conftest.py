"""Three departments with their people, and a source of duties that a test fills by hand."""

from datetime import date
from types import SimpleNamespace

import pytest

from notices import facts
from notices.facts import Kind, Source, Subject
from notices.rules import QUARTERLY, Schedule
from organizations.enums import PostKind, UnitKind
from tests.builders import make_unit, make_user

QUARTER, ONCE = "duty-quarter", "duty-once"


@pytest.fixture
def people(db) -> SimpleNamespace:
    """区住建局 has all three posts, 区交通局 a head alone, 区林业局 nobody."""
    awb = make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)
    zjj, jtj = make_unit("zjj", "区住建局"), make_unit("jtj", "区交通局", order=11)
    return SimpleNamespace(
        awb=awb,
        zjj=zjj,
        jtj=jtj,
        lyj=make_unit("lyj", "区林业局", order=12),
        office=make_user("office-1", (awb, PostKind.OFFICE), name="陆科员"),
        chief=make_user("chief-1", (awb, PostKind.HEAD), name="莫主任"),
        liaison=make_user("liaison-1", (zjj, PostKind.LIAISON), name="李科员"),
        deputy=make_user("deputy-1", (zjj, PostKind.DEPUTY), name="方副局长"),
        head=make_user("head-1", (zjj, PostKind.HEAD), name="覃局长"),
        other=make_user("other-1", (jtj, PostKind.HEAD), name="黄局长"),
    )


class Duties:
    """The duties of a made-up app: what a test puts in is owed until it is taken out."""

    def __init__(self) -> None:
        self.owed: dict[str, Subject] = {}

    def add(self, number, unit, due_on, *, starts_on=None, kind=None) -> Subject:
        subject = Subject(
            key=f"duty:{number}",
            kind=kind or (QUARTER if starts_on else ONCE),
            unit_id=unit.pk,
            due_on=due_on,
            starts_on=starts_on,
            label=f"23-{number:02d}",
            title="建立信息平台",
            ask="请报进展或申请延期。",
            url="/plan/",
        )
        self.owed[subject.key] = subject
        return subject

    def add_quarter(self, number, unit, due_on=date(2019, 9, 30)) -> Subject:
        """Owe something for the third quarter of 2019."""
        return self.add(number, unit, due_on, starts_on=date(2019, 7, 1))

    def source(self) -> Source:
        kinds = (
            Kind(QUARTER, "每季度", QUARTERLY),
            Kind(ONCE, "一次性", Schedule(days_before=(30, 7))),
        )

        def owed(today, lead_days):
            rows = list(self.owed.values())
            for n in range(0, len(rows), 2):
                yield rows[n : n + 2]

        def standing(keys):
            return {key: self.owed[key] for key in keys if key in self.owed}

        return Source("duty", kinds, owed, standing)


@pytest.fixture
def duties(monkeypatch) -> Duties:
    """The only source of duties is the test's own."""
    made = Duties()
    monkeypatch.setattr(facts, "_sources", {"duty": made.source()})
    return made

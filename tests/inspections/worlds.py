"""One department that owes a quarterly inspection, its people, and records in each state."""

from dataclasses import dataclass
from datetime import date, datetime

from common.clock import morning_of
from inspections.content import InspectionContent
from inspections.models import Inspection
from inspections.services.confirming import confirm_inspection
from inspections.services.recording import prepare_inspection, submit_inspection
from organizations.enums import PostKind, UnitKind
from organizations.models import Unit, User
from responsibilities.models import Task
from tests.builders import (
    NOW,
    make_content,
    make_inspected_row,
    make_plan,
    make_unit,
    make_user,
)


@dataclass
class Department:
    """区住建局 with a liaison and a head; 区安委办 and a stranger from 区交通局 besides."""

    unit: Unit
    people: dict[str, User]

    def task(self, quarter: str = "2019Q3") -> Task:
        return Task.objects.get(unit=self.unit, period=quarter)

    def draft(self, content: InspectionContent | None = None, *, at: datetime = NOW) -> Inspection:
        token = f"page-{Inspection.objects.count()}"
        return prepare_inspection(
            self.unit, content or make_content(), token=token, actor=self.people["liaison"], at=at
        )

    def sent(self, content: InspectionContent | None = None, *, at: datetime = NOW) -> Inspection:
        draft = self.draft(content, at=at)
        return submit_inspection(draft, version=1, actor=self.people["liaison"], at=at)

    def confirmed(self, inspected_on: date, confirmed_on: date) -> Inspection:
        """Return an inspection of that day, confirmed on that other day."""
        sent = self.sent(make_content(inspected_on, findings=()), at=morning_of(inspected_on))
        return self.confirm(sent, at=morning_of(confirmed_on, 15))

    def confirm(self, inspection: Inspection, *, at: datetime = NOW, **changed) -> Inspection:
        given = {
            "seen_sha256": inspection.content_sha256,
            "declared": True,
            "authenticated_at": at,
            "actor": self.people["head"],
        }
        return confirm_inspection(inspection, **given | changed, at=at)


def make_department() -> Department:
    zjj, jtj = make_unit("zjj", "区住建局"), make_unit("jtj", "区交通局", order=11)
    awb = make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)
    people = {
        "liaison": make_user("liaison", (zjj, PostKind.LIAISON), name="李科员"),
        "head": make_user("head", (zjj, PostKind.HEAD), name="覃局长"),
        "stranger": make_user("stranger", (jtj, PostKind.HEAD)),
        "office": make_user("office", (awb, PostKind.OFFICE)),
    }
    make_inspected_row(make_plan(), zjj)
    return Department(zjj, people)

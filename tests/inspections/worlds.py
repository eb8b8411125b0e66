"""One department that owes a quarterly inspection, its people, and records in each state."""

from dataclasses import dataclass
from datetime import date, datetime

from common.clock import morning_of
from inspections.content import InspectionContent
from inspections.enums import HazardGrade
from inspections.models import Hazard, Inspection
from inspections.services.confirming import confirm_inspection
from inspections.services.hazards import (
    Settled,
    Stamp,
    assess_hazard,
    close_hazard,
    raise_hazard,
    recheck_hazard,
    register_hazard,
    treat_hazard,
)
from inspections.services.recording import prepare_inspection, submit_inspection
from organizations.enums import PostKind, UnitKind
from organizations.models import Unit, User
from responsibilities.models import Task
from tests.builders import (
    NOW,
    make_content,
    make_hazard_content,
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


SETTLED = Settled(
    measures="清空通道，划禁停线。",
    responsible="站长",
    due_on=date(2019, 9, 25),
    funds="企业自筹 1 万元",
    emergency_plan="清空以前派人值守。",
)


class Steps:
    """Take a hazard of 区住建局 along the steps: the liaison works, the head judges."""

    def __init__(self, department: Department) -> None:
        self.department = department

    def stamp(self, who: str, note: str = "已办。", at=NOW) -> Stamp:
        return Stamp(self.department.people[who], at, at.date(), note)

    def raised(self, grade: HazardGrade = HazardGrade.GENERAL, token: str = "h") -> Hazard:  # noqa: S107
        content = make_hazard_content(grade=grade)
        liaison = self.department.people["liaison"]
        return raise_hazard(self.department.unit, content, token=token, actor=liaison, at=NOW)

    def registered(self, grade=HazardGrade.GENERAL, settled: Settled = SETTLED) -> Hazard:
        liaison = self.department.people["liaison"]
        return register_hazard(self.raised(grade), settled, version=1, actor=liaison, at=NOW)

    def treated(self, grade=HazardGrade.GENERAL) -> Hazard:
        return treat_hazard(self.registered(grade), self.stamp("liaison"), version=2)

    def assessed(self, grade=HazardGrade.GENERAL, who: str = "head") -> Hazard:
        checked = recheck_hazard(self.treated(grade), self.stamp(who), passed=True, version=3)
        party = {"third_party": "某评价公司", "third_party_no": "评〔2019〕7号"}
        extra = party if grade == HazardGrade.MAJOR else {}
        return assess_hazard(checked, self.stamp(who), passed=True, version=4, **extra)

    def closed(self, *, at=NOW) -> Hazard:
        return close_hazard(self.assessed(), self.stamp("head", at=at), version=5)

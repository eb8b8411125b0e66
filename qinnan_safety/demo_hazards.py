"""Demonstration hazards: what inspections found, followed as far as the day allows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from common.clock import morning_of
from inspections.enums import Handling, HazardGrade
from inspections.models import Finding, Hazard
from inspections.services.hazards import (
    HazardContent,
    Settled,
    Stamp,
    assess_hazard,
    close_hazard,
    raise_hazard,
    recheck_hazard,
    register_hazard,
    treat_hazard,
)
from inspections.services.listing import delist_hazard, list_hazard
from organizations.models import User
from qinnan_safety.demo_dice import dice
from qinnan_safety.demo_inspections import LEFT_WAITING, head_of

THIRD_PARTY = "（演示）某安全评价公司"


@dataclass(frozen=True)
class Course:
    """How fast one hazard goes along its steps, in days after it was found."""

    grade: HazardGrade
    registered: int
    due: int
    treated: int
    closed: int

    @classmethod
    def of(cls, finding: Finding) -> "Course":
        roll = dice("hazard", finding.inspection.unit.code, finding.inspection.quarter, finding.pk)
        if finding.inspection.unit.code in LEFT_WAITING:
            return cls(HazardGrade.GENERAL, 2, 55, 40, 60)
        if roll < 8:
            return cls(HazardGrade.MAJOR, 2, 60, 45, 58)
        slow = 12 if roll % 9 == 4 else 0
        return cls(HazardGrade.GENERAL, 1 + roll % 3, 15, 9 + roll % 6 + slow, 13 + roll % 6 + slow)


def follow_hazards(liaisons: Mapping[int, User], office: User, today: date) -> int:
    """Register what was to be put right by a date, and take each along. Returns: how many."""
    found = Finding.objects.filter(handling=Handling.BY_DATE).select_related("inspection__unit")
    count = 0
    for finding in found.order_by("inspection__inspected_on", "pk"):
        if finding.inspection.unit_id in liaisons:
            liaison = liaisons[finding.inspection.unit_id]
            _follow(finding, Course.of(finding), liaison, office, today)
            count += 1
    return count


def _follow(finding: Finding, course: Course, liaison: User, office: User, today: date) -> None:
    inspection, start = finding.inspection, finding.inspection.inspected_on

    def on(days: int, hour: int = 10) -> datetime | None:
        day = start + timedelta(days=days)
        return morning_of(day, hour) if day <= today else None

    hazard = raise_hazard(
        inspection.unit,
        _content(finding, course),
        token=f"demo-{finding.pk}",
        actor=liaison,
        at=morning_of(start, 18),
        inspection=inspection,
    )
    if (at := on(course.registered)) is not None:
        hazard = register_hazard(
            hazard, _settled(start, course), version=hazard.version, actor=liaison, at=at
        )
        if hazard.is_major:
            hazard = _list(hazard, office, at)
    if (at := on(course.treated)) is not None:
        stamp = Stamp(liaison, at, at.date(), "（演示）已按措施整改。")
        hazard = treat_hazard(hazard, stamp, version=hazard.version)
    if (at := on(course.closed)) is not None:
        judge = office if hazard.is_major else head_of(inspection.unit, start)
        _finish(hazard, judge, at)


def _content(finding: Finding, course: Course) -> HazardContent:
    return HazardContent(
        title=finding.problem[:80],
        place=finding.inspection.place_lines[0][:120],
        enterprise="（演示）某企业",
        grade=course.grade,
        found_on=finding.inspection.inspected_on,
        found_by=f"{finding.inspection.leader_name}带队"[:60],
    )


def _settled(start: date, course: Course) -> Settled:
    return Settled(
        measures="（演示）落实整改措施，纳入每日班前检查。",
        responsible="（演示）企业安全负责人",
        due_on=start + timedelta(days=course.due),
        funds="（演示）企业自筹",
        emergency_plan="（演示）整改期间设置警戒，派人值守。",
    )


def _list(hazard: Hazard, office: User, at: datetime) -> Hazard:
    number = f"（演示）钦南安委挂〔{at.year}〕{hazard.pk}号"
    return list_hazard(
        hazard,
        Stamp(office, at, at.date(), "（演示）提请区安委会同意挂牌督办。"),
        document_no=number,
        due_on=hazard.due_on or at.date(),
        version=hazard.version,
    )


def _finish(hazard: Hazard, judge: User, at: datetime) -> None:
    stamp = Stamp(judge, at, at.date(), "（演示）到场核对，已整改到位。")
    hazard = recheck_hazard(hazard, stamp, passed=True, version=hazard.version)
    party = {"third_party": THIRD_PARTY, "third_party_no": f"（演示）评〔{at.year}〕{hazard.pk}号"}
    extra = party if hazard.is_major else {}
    hazard = assess_hazard(hazard, stamp, passed=True, version=hazard.version, **extra)
    if hazard.is_listed:
        number = f"（演示）钦南安委摘〔{at.year}〕{hazard.pk}号"
        hazard = delist_hazard(hazard, stamp, document_no=number, version=hazard.version)
    close_hazard(hazard, stamp, version=hazard.version)

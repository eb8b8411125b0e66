"""What was found and is not followed: hazards nobody registered, problems that became no hazard.

Source: 方案(二十)“排查、登记、治理、监督、评估、销号等隐患排查治理全过程闭环管理”.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from clauses.models import Plan
from common.workdays import plus_working_days
from inspections.models import Hazard, Inspection
from inspections.reminders import REGISTER_WORKDAYS, found_subject, problems_subject
from notices.facts import Kind, Subject
from notices.services.planning import scheduled_kinds
from organizations.access import Access
from responsibilities.pages.checkup import Check, Finding


@dataclass(frozen=True)
class LooseEnds:
    """What a person's units found and have not followed."""

    hazards: int
    inspections: Sequence[Inspection]


def loose_ends(access: Access) -> LooseEnds:
    """Return what the person's own units, and those they took over, have not followed."""
    own = access.answered_ids
    return LooseEnds(
        hazards=Hazard.objects.filter(unit__in=own).unregistered().count(),
        inspections=list(Inspection.objects.filter(unit__in=own).unfollowed()),
    )


def unfollowed_check(_plan: Plan, today: date, most: int | None) -> Check:
    """What was not registered within the working days after which its unit is reminded."""
    hazards = Hazard.objects.unregistered().with_units().order_by("found_on", "pk")
    inspections = Inspection.objects.unfollowed().select_related("unit").order_by("pk")
    kinds = scheduled_kinds()
    found = [
        *(_of_hazard(each) for each in hazards if _is_late(found_subject(each), kinds, today)),
        *(
            _of_record(each)
            for each in inspections
            if _is_late(problems_subject(each), kinds, today)
        ),
    ]
    remedy = "请督促单位登记措施、责任、资金、时限、预案，跟踪到销号；不是隐患的，写明理由作废。"
    return Check("unfollowed", "查出后没有按时登记的隐患", remedy, len(found), found[:most])


def _is_late(subject: Subject, kinds: Mapping[str, Kind], today: date) -> bool:
    days = kinds[subject.kind].schedule.ladder[:1] or REGISTER_WORKDAYS
    return plus_working_days(subject.due_on, days[0]) <= today


def _of_hazard(hazard: Hazard) -> Finding:
    note = f"{hazard.unit.short_name} · {hazard.found_on.isoformat()} 发现，还没有登记"
    return Finding(hazard.title, note, hazard.get_absolute_url(), hazard.number)


def _of_record(record: Any) -> Finding:
    note = f"限期整改 {record.problems} 个，登记为隐患的 {record.followed} 处"
    text = f"{record.unit.short_name}{record.quarter_label}带队检查"
    return Finding(text, note, record.get_absolute_url(), record.number)

"""Who may do what with inspections."""

from datetime import date
from typing import TYPE_CHECKING

from organizations.access import access_of
from organizations.enums import UNIT_POSTS, PostKind
from organizations.models import Appointment, Unit, User
from organizations.succession import heirs_on

if TYPE_CHECKING:
    from inspections.models import Inspection


def can_prepare(user: User, unit: Unit, *, today: date) -> bool:
    """The unit's liaison, deputy and head write its records."""
    return access_of(user, today=today).holds_in(unit.pk, *UNIT_POSTS)


def can_edit(user: User, inspection: "Inspection", *, today: date) -> bool:
    """The unit's people change and send its records; for a unit that is gone, its heir's."""
    return access_of(user, today=today).holds_for(inspection.unit_id, *UNIT_POSTS)


def can_confirm(user: User, inspection: "Inspection", *, today: date) -> bool:
    """Only the unit's head answers whether they led; for a unit that is gone, the heir's head."""
    return access_of(user, today=today).holds_for(inspection.unit_id, PostKind.HEAD)


def can_void(user: User, inspection: "Inspection", *, today: date) -> bool:
    """The unit, or its heir, takes back its own record; the office may after a spot check.

    What a head ever confirmed, even if it was changed since, is no longer the liaison's to void.
    """
    access = access_of(user, today=today)
    if access.is_office or access.holds_for(inspection.unit_id, PostKind.HEAD):
        return True
    is_own = access.holds_for(inspection.unit_id, *UNIT_POSTS)
    return is_own and not inspection.was_ever_confirmed()


def head_post_on(user: User, unit_id: int, day: date) -> Appointment | None:
    """Return the head's post that the person held in the unit on ``day``."""
    held = Appointment.objects.on(day).filter(
        user=user, post__unit=unit_id, post__kind=PostKind.HEAD
    )
    return held.with_people().first()


def confirming_post(user: User, inspection: "Inspection", *, today: date) -> Appointment | None:
    """Return the post in which the person answers for the record.

    The head's post of the unit on the day of the inspection; for a unit that is gone otherwise
    the head's post that the person holds today in the unit that took it over.
    """
    held = head_post_on(user, inspection.unit_id, inspection.inspected_on)
    if held is not None:
        return held
    heir = heirs_on(today)[inspection.unit_id]
    return None if heir == inspection.unit_id else head_post_on(user, heir, today)


def can_work_on_hazards(user: User, unit_id: int, *, today: date) -> bool:
    """The unit's people, or its heir's, find, register and treat its hazards."""
    return access_of(user, today=today).holds_for(unit_id, *UNIT_POSTS)


def can_judge_hazard(user: User, unit_id: int, *, today: date) -> bool:
    """The unit's people, its heir's and the office recheck, assess and cross off."""
    access = access_of(user, today=today)
    return access.is_office or access.holds_for(unit_id, *UNIT_POSTS)


def can_list_hazards(user: User, *, today: date) -> bool:
    """Only the office puts hazards under 挂牌督办 and gives new dates."""
    return access_of(user, today=today).is_office

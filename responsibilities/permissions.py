"""Who may do what in the ledger."""

from datetime import date
from typing import TYPE_CHECKING

from organizations.access import access_of
from organizations.enums import UNIT_POSTS, PostKind
from organizations.models import Appointment, User
from organizations.permissions import is_system

if TYPE_CHECKING:
    from organizations.models import Unit
    from responsibilities.models import ProgressReport, Task


def can_manage_ledger(user: User, *, today: date) -> bool:
    """The office makes rows, assigns, sets deadlines and dispatches; jobs act as the system."""
    return is_system(user) or access_of(user, today=today).is_office


def can_work_on_task(user: User, task: "Task", *, today: date) -> bool:
    """The unit's liaison, deputy and head receive and report, for the unit's own tasks."""
    return access_of(user, today=today).holds_in(task.unit_id, *UNIT_POSTS)


def can_sign_for_unit(user: User, task: "Task", *, today: date) -> bool:
    """Only the head signs a request for more time (延期由主要负责人签字)."""
    return access_of(user, today=today).holds_in(task.unit_id, PostKind.HEAD)


def can_review(user: User, report: "ProgressReport", *, today: date) -> bool:
    """The office reviews, and nobody reviews what they wrote or signed themselves."""
    is_own = user.pk in {report.author_id, report.signed_by_id}
    return access_of(user, today=today).is_office and not is_own


def has_head(unit_id: int, *, today: date) -> bool:
    """Whether somebody with an account holds the head's post of the unit on the day."""
    held = Appointment.objects.on(today).filter(user__is_active=True)
    return held.filter(post__unit=unit_id, post__kind=PostKind.HEAD).exists()


def can_decide_matter(user: User, *, today: date) -> bool:
    """District leaders decide; the office may record what a leader decided elsewhere."""
    access = access_of(user, today=today)
    return access.is_leader or access.is_office


def can_head_unit(user: User, unit: "Unit", *, today: date) -> bool:
    """The unit's head decides how the unit reports."""
    return access_of(user, today=today).holds_in(unit.pk, PostKind.HEAD)


def can_remark(user: User, unit: "Unit", *, today: date) -> bool:
    """The unit's own people say what the unit has done to assist."""
    return access_of(user, today=today).holds_in(unit.pk, *UNIT_POSTS)


def can_hand_in_evidence(user: User, unit: "Unit", *, today: date) -> bool:
    """The unit's own people hand in its files and give them up again."""
    return access_of(user, today=today).holds_in(unit.pk, *UNIT_POSTS)

"""Who may do what in the assessment."""

from datetime import date

from organizations.access import access_of
from organizations.enums import UNIT_POSTS
from organizations.models import User
from organizations.permissions import is_system


def can_speak_for_unit(user: User, unit_id: int, *, today: date) -> bool:
    """The unit's own people score themselves and object; for one that is gone, its heir's."""
    return access_of(user, today=today).holds_for(unit_id, *UNIT_POSTS)


def can_manage_assessments(user: User, *, today: date) -> bool:
    """The office enters facts, computes and publishes; jobs act as the system."""
    return is_system(user) or access_of(user, today=today).is_office

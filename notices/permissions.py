"""Who may set and release reminders."""

from datetime import date

from organizations.access import access_of
from organizations.models import User
from organizations.permissions import is_system


def can_manage_reminders(user: User, *, today: date) -> bool:
    """The office pauses, releases and schedules; jobs act as the system."""
    return is_system(user) or access_of(user, today=today).is_office

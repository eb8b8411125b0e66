"""Who may work on the text of a plan."""

from datetime import date

from organizations.access import access_of
from organizations.models import User
from organizations.permissions import is_system


def can_break_down(user: User, *, today: date) -> bool:
    """The office breaks plans down; reference data and imports act as the system."""
    return is_system(user) or access_of(user, today=today).is_office

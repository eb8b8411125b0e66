"""Who may do what in the assessment."""

from datetime import date

from organizations.access import access_of
from organizations.models import User
from organizations.permissions import is_system


def can_manage_assessments(user: User, *, today: date) -> bool:
    """The office enters facts, computes and publishes; jobs act as the system."""
    return is_system(user) or access_of(user, today=today).is_office

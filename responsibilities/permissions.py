"""Who may do what in the ledger."""

from datetime import date

from organizations.access import access_of
from organizations.models import User
from organizations.permissions import is_system


def can_manage_ledger(user: User, *, today: date) -> bool:
    """The office makes rows, assigns units and deadlines, and dispatches; jobs act as the system."""
    return is_system(user) or access_of(user, today=today).is_office

"""Who may draft, issue and void documents."""

from datetime import date

from organizations.access import access_of
from organizations.models import User
from organizations.permissions import is_system


def can_manage_documents(user: User, *, today: date) -> bool:
    """The office drafts and issues; commands and the schedule act as the system."""
    return is_system(user) or access_of(user, today=today).is_office

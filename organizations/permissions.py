"""Who may change units, people and phrases."""

from datetime import date

from organizations.access import access_of
from organizations.models import User

SYSTEM_USERNAME = "system"


def is_system(user: User) -> bool:
    """Whether the actor is the system account of jobs and commands."""
    return user.username == SYSTEM_USERNAME


def can_manage_people(user: User, *, today: date) -> bool:
    """The office keeps the list of units and people; commands act as the system."""
    return is_system(user) or access_of(user, today=today).is_office

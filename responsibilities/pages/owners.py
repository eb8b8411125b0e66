"""The units of a row in their roles, with the people who answer for them today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import F, OuterRef

from common.subrows import Subrows
from organizations.access import Access
from organizations.enums import PostKind
from organizations.models import Appointment, Unit, UnitAlias
from organizations.people import name_of
from responsibilities.enums import AssignmentRole
from responsibilities.models import Assignment, Obligation

CONTACTS = (PostKind.HEAD, PostKind.LIAISON)
# 同一称谓下的单位多于这个数，折叠起来。
FOLDED = 3


@dataclass(frozen=True)
class Contact:
    """A person who answers for a unit."""

    kind: PostKind
    name: str
    phone: str


@dataclass(frozen=True)
class Owner:
    """A unit in its role, with the people who hold its posts today."""

    unit: Unit
    people: tuple[Contact, ...]
    is_mine: bool


@dataclass(frozen=True)
class OwnerGroup:
    """Units that stand on a row for one and the same reason: a phrase of the text, or by name."""

    role: AssignmentRole
    alias: UnitAlias | None
    owners: tuple[Owner, ...]
    is_rest: bool = False

    @property
    def is_folded(self) -> bool:
        return len(self.owners) > FOLDED

    @property
    def has_mine(self) -> bool:
        return any(owner.is_mine for owner in self.owners)


@dataclass(frozen=True)
class RoleOwners:
    """All units of one role, in groups."""

    role: AssignmentRole
    groups: tuple[OwnerGroup, ...]

    @property
    def label(self) -> str:
        return self.role.label


def held_units(row: Obligation, today: date) -> list[Any]:
    """Return the units of a row in their roles, each with the ``people`` to ask: one query."""
    return list(_told_units(today).filter(obligation=row))


@lru_cache(maxsize=2)
def _told_units(today: date) -> Any:
    """The units in their roles, each with who holds its posts on ``today``; kept is the question,
    put together once."""
    people = Appointment.objects.on(today).filter(
        post__unit=OuterRef("unit"), post__kind__in=CONTACTS
    )
    told = {"kind": F("post__kind"), "name": name_of("user"), "phone": F("user__phone")}
    return (
        Assignment.objects.select_related("unit", "alias")
        .annotate(people=Subrows(people.order_by("starts_on", "pk"), **told))
        .order_by("unit__order", "pk")
    )


def owner_groups(held: Sequence[Any], access: Access) -> tuple[OwnerGroup, ...]:
    """Group the units by role and by the phrase that brought them; the own unit comes first."""
    grouped: dict[tuple[str, int | None], list[Any]] = {}
    for item in held:
        key = item.alias_id if item.unit_id not in access.unit_ids else -item.unit_id
        grouped.setdefault((item.role, key), []).append(item)
    mine = {(item.role, item.alias_id) for item in held if item.unit_id in access.unit_ids}
    groups = [
        OwnerGroup(
            AssignmentRole(role),
            items[0].alias,
            tuple(_owner(item, access) for item in items),
            is_rest=key is not None and (role, key) in mine,
        )
        for (role, key), items in grouped.items()
    ]
    order = list(AssignmentRole)
    return tuple(sorted(groups, key=lambda g: (order.index(g.role), not g.owners[0].is_mine)))


def _owner(item: Any, access: Access) -> Owner:
    people = (Contact(**line | {"kind": PostKind(line["kind"])}) for line in item.people)
    ranked = tuple(sorted(people, key=lambda person: CONTACTS.index(person.kind)))
    return Owner(item.unit, ranked, item.unit_id in access.unit_ids)

"""Units: their names, their years, and the unit that takes over."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from django.db import transaction

from common.clock import day_of
from common.errors import DomainError, require
from common.tracked import save_with_history
from organizations.models import Unit, User
from organizations.permissions import can_manage_people
from organizations.services.versions import ensure_unchanged

# 这些词是“单位人员”下的页面地址，不能作单位代码。
RESERVED_CODES = frozenset({"new", "phrases"})


@dataclass(frozen=True)
class UnitDetails:
    """What the office may rewrite of a unit; its code never changes."""

    name: str
    short_name: str
    kind: str
    order: int
    full_name: str = ""
    assessment_class: str = ""
    national_code: str = ""
    sectors: Sequence[str] = field(default_factory=list)
    is_verified: bool = False
    source_note: str = ""


@dataclass(frozen=True)
class Validity:
    """The years of a unit (both days count) and who takes over after them."""

    valid_from: date | None = None
    valid_to: date | None = None
    successor: Unit | None = None


def create_unit(
    code: str,
    details: UnitDetails,
    *,
    valid_from: date | None,
    actor: User,
    at: datetime,
    reason: str,
) -> Unit:
    """Add a unit to the district's list."""
    with transaction.atomic():
        require(can_manage_people(actor, today=day_of(at)))
        if code in RESERVED_CODES:
            raise DomainError(f"“{code}”是系统保留的地址，请换一个单位代码。")
        _ensure_basis(details)
        unit = Unit(code=code, valid_from=valid_from, **_columns(details))
        save_with_history(unit, actor=actor, reason=reason, at=at)
    return unit


def update_unit(
    unit: Unit, details: UnitDetails, *, seen: int, actor: User, at: datetime, reason: str
) -> Unit:
    """Rewrite a unit's names, kind, place in the official order, or whether it is verified.

    Raises: StaleVersion when somebody changed the unit after ``seen``.
    """
    with transaction.atomic():
        require(can_manage_people(actor, today=day_of(at)))
        current = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        ensure_unchanged(current, seen)
        _ensure_basis(details)
        columns = _columns(details)
        if all(getattr(current, name) == value for name, value in columns.items()):
            raise DomainError("没有改动，不用保存。")
        for name, value in columns.items():
            setattr(current, name, value)
        save_with_history(current, actor=actor, reason=reason, at=at, fields=list(columns))
    return current


def set_validity(
    unit: Unit, validity: Validity, *, seen: int, actor: User, at: datetime, reason: str
) -> Unit:
    """Say from when to when a unit exists and which unit takes over.

    Raises: StaleVersion; DomainError for a successor that cannot take over.
    """
    with transaction.atomic():
        require(can_manage_people(actor, today=day_of(at)))
        current = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        ensure_unchanged(current, seen)
        _ensure_heir(current, validity)
        current.valid_from = validity.valid_from
        current.valid_to = validity.valid_to
        current.successor = validity.successor
        fields = ["valid_from", "valid_to", "successor"]
        save_with_history(current, actor=actor, reason=reason, at=at, fields=fields)
    return current


def _columns(details: UnitDetails) -> dict[str, object]:
    return asdict(details) | {"sectors": list(details.sectors)}


def _ensure_basis(details: UnitDetails) -> None:
    if details.is_verified and not details.source_note.strip():
        raise DomainError("标为已核实的单位要写明依据，如机构改革方案文号。")


def _ensure_heir(unit: Unit, validity: Validity) -> None:
    if validity.successor is None:
        return
    if validity.valid_to is None:
        raise DomainError("填写承接单位的，要同时填写撤销日期。")
    everyone = Unit.objects.in_bulk()
    heir = everyone[validity.successor.pk]
    seen: set[int] = set()
    following: int | None = heir.pk
    while following is not None and following not in seen:
        if following == unit.pk:
            raise DomainError(f"{heir}本身由{unit}承接，不能反过来承接{unit}。")
        seen.add(following)
        following = everyone[following].successor_id
    if heir.valid_to is not None and heir.valid_to <= validity.valid_to:
        raise DomainError(f"{heir}不晚于{unit}撤销，不能承接，请改选仍在运行的单位。")

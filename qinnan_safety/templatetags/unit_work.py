"""What a unit's sheet says of its tasks: units know nothing of tasks, the page joins both."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.db.models import Count, Q
from django.urls import reverse

from organizations.models import Unit
from responsibilities.enums import AssignmentRole, TaskState
from responsibilities.models import Assignment, Obligation, Task

register = template.Library()


@dataclass(frozen=True)
class UnitWork:
    """A unit's rows by role and its tasks, as the reader may see them."""

    led: int
    assisted: int
    total: int
    closed: int
    overdue: int
    url: str
    proof_url: str

    @property
    def open(self) -> int:
        return self.total - self.closed


@register.simple_tag(takes_context=True)
def unit_work(context: dict[str, Any], unit: Unit) -> UnitWork | None:
    """Count the unit's tasks for its own people and for the district; None for everybody else."""
    request = context["request"]
    access, today = request.access, request.today
    if not access.sees_all and unit.pk not in access.unit_ids:
        return None
    rows = Obligation.objects.visible_to(access).live()
    held = Assignment.objects.filter(unit=unit, obligation__in=rows)
    roles = dict(held.order_by().values_list("role").annotate(Count("pk")))
    tasks = Task.objects.visible_to(access).filter(unit=unit)
    counted = tasks.exclude(state__in=[TaskState.VOID, TaskState.UNDISPATCHED])
    numbers = counted.aggregate(
        total=Count("pk"),
        closed=Count("pk", filter=Q(state=TaskState.CLOSED)),
        overdue=Count("pk", filter=Q(due_on__lt=today) & ~Q(state=TaskState.CLOSED)),
    )
    ledger = reverse("responsibilities:obligation_list")
    return UnitWork(
        led=roles.get(AssignmentRole.LEAD, 0),
        assisted=roles.get(AssignmentRole.ASSIST, 0),
        url=f"{ledger}?unit={unit.code}" if access.sees_all else ledger,
        proof_url=f"{reverse('responsibilities:evidence_list')}?unit={unit.code}",
        **numbers,
    )

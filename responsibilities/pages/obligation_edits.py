"""What the office needs to see while it changes a row: the text, the open work, a conflict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q

from common.changes import name_of_actor
from common.forms import Compared
from responsibilities.enums import OPEN_TASK_STATES, TaskState
from responsibilities.forms.obligation import RowForm
from responsibilities.models import Obligation, ObligationSource
from responsibilities.pages.obligation_text import Passage, passages, sentences_around
from responsibilities.rules import Lamp
from responsibilities.services.expected import late_for_newcomers


@dataclass(frozen=True)
class Standing:
    """Where a row stands: its lamp, its text, and the tasks that a change would touch.

    ``orphans`` are sentences that no other row carries, ``sole`` the sources that are all there
    is of their sentence in any row. ``late_on`` is the date, already past, by which a
    unit made lead today would be late from the first.
    """

    lamp: Lamp
    passages: list[Passage]
    open_count: int
    closed_count: int
    extended_count: int
    sources: Sequence[ObligationSource]
    orphans: list[str]
    sole: list[int]
    late_on: date | None
    late_days: int


@dataclass(frozen=True)
class Conflict:
    """Who saved in between, when and why, and the two versions field by field."""

    actor: str
    at: datetime
    reason: str
    fields: list[Compared]

    @property
    def clashes(self) -> list[Compared]:
        return [field for field in self.fields if field.differs]


def standing_of(row: Obligation, *, today: date) -> Standing:
    """Return what the forms of a row show beside their fields."""
    counts = row.tasks.aggregate(
        open=Count("pk", filter=Q(state__in=OPEN_TASK_STATES)),
        closed=Count("pk", filter=Q(state=TaskState.CLOSED)),
        extended=Count(
            "pk", filter=Q(state__in=OPEN_TASK_STATES) & ~Q(due_on=F("original_due_on"))
        ),
    )
    sentences = sentences_around(row)
    late_on = late_for_newcomers([row], today=today).get(row.pk)
    carried = "provision__obligation_sources"
    sources = list(
        row.sources.select_related("provision").annotate(
            rows=Count(f"{carried}__obligation", distinct=True), pieces=Count(carried)
        )
    )
    return Standing(
        lamp=row.lamp_on(today),
        passages=passages(sentences),
        open_count=counts["open"],
        closed_count=counts["closed"],
        extended_count=counts["extended"],
        sources=sources,
        orphans=sorted({s.provision.code for s in sources if s.rows == 1}),
        sole=[s.pk for s in sources if s.pieces == 1],
        late_on=late_on,
        late_days=(today - late_on).days if late_on else 0,
    )


def conflict_of(row: Obligation, form: RowForm) -> Conflict:
    """Return the last change of the row beside what the person typed."""
    last = row.history.select_related("history_user").order_by("-history_date", "-history_id")[0]
    return Conflict(
        actor=name_of_actor(last),
        at=last.history_date,
        reason=last.history_change_reason or "",
        fields=form.compared(),
    )

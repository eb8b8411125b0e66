"""The dispatch page (下发): what stands in the way, what is ready, what would come of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from clauses.models import Plan
from common.templatetags.display import fullwidth
from organizations.access import Access
from responsibilities.enums import AssignmentRole, DeadlineKind
from responsibilities.models import Assignment, Obligation
from responsibilities.rules import few_units
from responsibilities.services.dispatch import (
    Preview,
    Problem,
    ProblemKind,
    find_problems,
    preview_dispatch,
)

NAMED_UNITS = 3
OPENING = 20
# 每一类问题到哪一页去解决。
FIXED_AT = {
    ProblemKind.OPEN_SENTENCE: "responsibilities:provision_detail",
    ProblemKind.NO_LEAD: "responsibilities:obligation_units",
    ProblemKind.MANY_LEADS: "responsibilities:obligation_units",
    ProblemKind.NO_INTERVAL: "responsibilities:obligation_deadline",
    ProblemKind.NO_DEADLINE: "responsibilities:obligation_deadline",
}


@dataclass(frozen=True)
class Fix:
    """A sentence or row that stands in the way, and where that is put right."""

    code: str
    title: str
    url: str


@dataclass(frozen=True)
class Obstacle:
    """One kind of problem with everything that it concerns."""

    problem: Problem
    fixes: tuple[Fix, ...]

    @property
    def words(self) -> str:
        return self.problem.words


@dataclass(frozen=True)
class ReadyRow:
    """A draft row that could go out."""

    row: Obligation
    lead: str
    deadline: str


@dataclass(frozen=True)
class DispatchPage:
    """Everything on the page except the form."""

    plan: Plan
    obstacles: tuple[Obstacle, ...]
    ready: tuple[ReadyRow, ...]
    blocked_count: int
    dispatched_count: int

    @property
    def is_blocked(self) -> bool:
        """Whether nothing can go out at all: a sentence of the plan is still undecided."""
        return any(obstacle.problem.is_of_sentences for obstacle in self.obstacles)

    @property
    def dateless(self) -> list[Obligation]:
        """Rows that go out without a date: only bodies that are never chased lead them."""
        return [row for row in self.ready_rows if row.deadline_kind == DeadlineKind.UNDECIDED]

    @property
    def ready_rows(self) -> list[Obligation]:
        return [item.row for item in self.ready]


def build_dispatch_page(plan: Plan, *, access: Access) -> DispatchPage:
    """Sort the plan's draft rows into those that are ready and those that are not yet."""
    rows = list(Obligation.objects.visible_to(access).of_plan(plan).live().order_by("code"))
    drafts = [row for row in rows if row.dispatched_at is None]
    problems = find_problems(plan, drafts)
    titles = {row.code: row.title for row in drafts}
    openings = _openings(plan)
    blocked = {code for item in problems if not item.is_of_sentences for code in item.codes}
    ready = [row for row in drafts if row.code not in blocked]
    leads = _leads(ready)
    return DispatchPage(
        plan=plan,
        obstacles=tuple(
            _obstacle(plan, problem, openings if problem.is_of_sentences else titles)
            for problem in problems
        ),
        ready=tuple(ReadyRow(row, leads.get(row.pk, ""), row.deadline_in_words) for row in ready),
        blocked_count=len(blocked),
        dispatched_count=len(rows) - len(drafts),
    )


def preview_of(
    rows: Iterable[Obligation], *, today: date, starts_on: date | None
) -> tuple[int, Preview]:
    """Return how many rows would go out and what they would make."""
    chosen = list(rows)
    return len(chosen), preview_dispatch(chosen, today=today, starts_on=starts_on)


def _openings(plan: Plan) -> dict[str, str]:
    """Return the first words of each undecided sentence of the plan."""
    return {
        code: fullwidth(text if len(text) <= OPENING else f"{text[:OPENING]}……")
        for code, text in plan.provisions.open().values_list("code", "text")
    }


def _obstacle(plan: Plan, problem: Problem, titles: Mapping[str, str]) -> Obstacle:
    name = FIXED_AT[problem.kind]
    return Obstacle(
        problem,
        tuple(
            Fix(code, titles.get(code, ""), reverse(name, args=[plan.code, code]))
            for code in problem.codes
        ),
    )


def _leads(rows: Iterable[Obligation]) -> dict[int, str]:
    listed = (
        Assignment.objects.filter(obligation__in=rows, role=AssignmentRole.LEAD)
        .order_by("unit__order", "unit")
        .values_list("obligation", "unit__short_name")
    )
    names: dict[int, list[str]] = defaultdict(list)
    for row, name in listed:
        names[row].append(name)
    return {row: few_units(found, most=NAMED_UNITS) for row, found in names.items()}

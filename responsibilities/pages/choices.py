"""What a person may choose from on the ledger, read in one statement.

Plans, units, clauses, sections and saved views are five short lists; each read on its own costs
more than all of them together, and the ledger is opened all day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    CharField,
    Expression,
    F,
    JSONField,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, JSONObject, Left, RowNumber
from django.urls import reverse

from clauses.models import Clause, Plan, Section
from clauses.rules import clause_mark, numbered
from organizations.access import Access
from organizations.models import Unit
from responsibilities.filters import Choices
from responsibilities.models import SavedView

OWN, SHARED = 0, 1
# 亮灯规则随方案而定，和方案一同读出。
DAYS = ("due_soon_days", "due_soon_days_periodic", "quiet_days")
EXCERPT = 24  # 没有条名的条款，以开头几个字代替
PLANS = 12  # 可选的方案只列最近几份，更早的从方案页进来


class Entry(NamedTuple):
    """One choice of any list; ``days`` are those of a plan's lamps."""

    listed: str
    position: int
    key: int
    code: str
    name: str
    more: str
    days: dict[str, int] | None


@dataclass(frozen=True)
class View:
    """A saved view as a tab: its name and query; ``pk`` is None for the built-in ones."""

    name: str
    query: str
    pk: int | None = None
    is_own: bool = False

    def get_absolute_url(self) -> str:
        url = reverse("responsibilities:obligation_list")
        return f"{url}?{self.query}" if self.query else url


@dataclass(frozen=True)
class Frame:
    """The lists around the rows: what can be chosen, and the person's saved views."""

    choices: Choices
    views: tuple[View, ...]


def frame_of(access: Access, *, today: date, plan: str = "") -> Frame:
    """Read the choices within ``plan``, or within the current plan if there is no such plan."""
    lists: dict[str, list[Entry]] = {
        name: [] for name in ("plan", "unit", "clause", "section", "view")
    }
    for entry in sorted(_entries(access, today, plan)):
        lists[entry.listed].append(entry)
    known = {entry.code: entry for entry in lists["plan"]}
    if plan and plan not in known:
        return frame_of(access, today=today)
    chosen = known.get(plan) or next(iter(known.values()), None)
    choices = Choices(
        plan=_plan(chosen) if chosen else None,
        plans={
            entry.code: f"{entry.name}（{entry.more}）" if entry.more else entry.name
            for entry in lists["plan"]
        },
        units=_named(lists["unit"]),
        clauses={entry.code: _clause(entry) for entry in lists["clause"]},
        sections={s.code: numbered(s.more, s.name) for s in lists["section"]},
    )
    views = [View(v.name, v.more, v.key, v.position == OWN) for v in lists["view"]]
    return Frame(choices, tuple(views))


def _named(entries: list[Entry]) -> dict[str, str]:
    return {entry.code: entry.name for entry in entries}


def _clause(entry: Entry) -> str:
    """Return a clause's number and title; one without a title is told by its first words."""
    return numbered(clause_mark(entry.more), entry.name.removeprefix(entry.more).strip())


def _plan(entry: Entry) -> Plan:
    return Plan(
        pk=entry.key,
        code=entry.code,
        title=entry.name,
        version_label=entry.more,
        **entry.days or {},
    )


def _entries(access: Access, today: date, plan: str) -> Iterator[Entry]:
    plans = Plan.objects.visible_to(access)
    newest = plans.newest_first()
    inside: dict[str, Any] = {"plan__code": plan} if plan else {"plan": newest.values("pk")[:1]}
    own = Case(When(owner=access.user, then=Value(OWN)), default=Value(SHARED))
    text: CharField[str, str] = CharField()
    shaped = _shaped_lists()
    lists = [
        shaped["clause"].visible_to(access).filter(**inside),
        shaped["section"].filter(**inside),
        _list("view", SavedView.objects.visible_to(access), Value("", text), "name", "query", own),
    ]
    if access.sees_all:
        lists.append(shaped["unit"].visible_to(access).on(today))
    offered = Q(pk__in=newest.values("pk")[:PLANS]) | Q(code=plan)
    first = shaped["plan"].visible_to(access).filter(offered)
    for row in first.union(*lists, all=True):
        yield Entry(*row)


@cache
def _shaped_lists() -> Mapping[str, Any]:
    """The lists that are shaped the same for everybody; kept are the questions, put together
    once."""
    number = Cast("number", CharField())
    begins = Case(When(title="", then=Left("text", EXCERPT)), default=F("title"))
    clauses = Clause.objects.annotate(begins=begins)
    age = Window(RowNumber(), order_by=[F("published_on").desc(nulls_last=True), "-pk"])
    days = JSONObject(**{name: name for name in DAYS})
    return {
        "clause": _list("clause", clauses, number, "begins", "label", F("start")),
        "section": _list("section", Section.objects.all(), number, "heading", "label"),
        "unit": _list("unit", Unit.objects.all(), F("code"), "short_name", position=F("order")),
        "plan": _list("plan", Plan.objects.all(), F("code"), "title", "version_label", age, days),
    }


def _list(
    listed: str,
    rows: QuerySet[Any],
    code: Expression | F,
    name: str,
    more: str = "",
    position: Expression | F | None = None,
    days: Expression | None = None,
) -> QuerySet[Any, tuple[Any, ...]]:
    """Shape one list like every other, so that they can be read together."""
    text: CharField[str, str] = CharField()
    shaped: QuerySet[Any, tuple[Any, ...]] = (
        rows.order_by()
        .annotate(
            c_listed=Value(listed, text),
            c_position=position or F("number"),
            c_code=code,
            c_more=F(more) if more else Value("", text),
            c_days=days or Value(None, JSONField()),
        )
        .values_list("c_listed", "c_position", "pk", "c_code", name, "c_more", "c_days")
    )
    return shaped

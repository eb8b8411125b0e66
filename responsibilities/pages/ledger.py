"""The ledger page (任务台账): groups, counts and tabs as one person sees them on one day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import parse_qsl

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import StrIndex
from django.urls import reverse

from organizations.access import Access
from responsibilities.enums import LAMP_ORDER, AssignmentRole, LampKind
from responsibilities.filters import Choices, Filters
from responsibilities.models import Assignment, Obligation
from responsibilities.models.obligation import ObligationQuerySet
from responsibilities.pages.choices import Frame, View
from responsibilities.pages.rows import COLUMNS, ROLE_WORDS, Row, drawn

PAGE_SIZE = 50
MAX_PAGES = 20  # 再往后请加筛选条件：没有人翻得到第 1000 行
BUILT_IN = (
    View("全部", ""),
    View("本季要到期", "due=quarter"),
    View("逾期", "lamp=overdue"),
    View("待明确", "deadline=undecided"),
    View("未下发", "state=draft"),
    View("每季必做", "frequency=quarterly"),
)
# 未下发的任务单位看不到，相应的视图也不给；配合的任务由牵头单位办，不算本单位到期、逾期。
BUILT_IN_OF_UNIT = (
    View("全部", ""),
    View("牵头", "role=lead"),
    View("配合", "role=assist"),
    View("本季要到期", "role=lead&due=quarter"),
    View("逾期", "lamp=overdue&role=lead"),
    View("每季必做", "frequency=quarterly"),
)
GROUP_KEYS = {
    "lamp": ("lamp_kind",),
    "section": ("clause__section__number",),
    "clause": ("clause__number",),
    "lead": ("lead_id", "lead_name"),
}


@dataclass(frozen=True)
class Group:
    """Rows under one heading; ``count`` is of the whole filtered set, not of the page."""

    label: str
    count: int
    rows: tuple[Row, ...]
    lamp: LampKind | None = None
    is_continued: bool = False


@dataclass(frozen=True)
class Tab:
    """A view as a tab; ``count`` is None where it is not worked out."""

    view: View
    query: str
    current: bool
    count: int | None = None

    @property
    def name(self) -> str:
        return self.view.name

    @property
    def url(self) -> str:
        return ledger_url(self.query)


@dataclass(frozen=True)
class Page:
    """Everything between the heading and the foot of the ledger."""

    groups: tuple[Group, ...] = ()
    tabs: tuple[Tab, ...] = ()
    total: int = 0
    number: int = 1
    pages: int = 1
    is_cut: bool = False

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE_SIZE + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.number * PAGE_SIZE, self.total)

    @property
    def previous_number(self) -> int:
        return self.number - 1

    @property
    def next_number(self) -> int:
        return self.number + 1

    @property
    def own_view(self) -> View | None:
        """The saved view that is open, if it is the person's own."""
        return next((tab.view for tab in self.tabs if tab.current and tab.view.is_own), None)


def ledger_url(query: str) -> str:
    """Return the address of the ledger under a query string."""
    url = reverse("responsibilities:obligation_list")
    return f"{url}?{query}" if query else url


def ledger_rows(
    filters: Filters, choices: Choices, *, access: Access, today: date
) -> ObligationQuerySet:
    """Return the rows that the person sees under the filters, in the order of the page.

    The export starts here too, so that it can never hold other rows.
    """
    seen = _keyed(_seen(choices, access, today), filters.group)
    return _wanted(seen, filters, choices, access, today)


def _wanted(
    seen: ObligationQuerySet, filters: Filters, choices: Choices, access: Access, today: date
) -> ObligationQuerySet:
    wanted = filters.condition(choices, access=access, today=today)
    return seen.filter(wanted).order_by(*_order(filters, access))


def ledger_page(
    filters: Filters, frame: Frame, *, number: int, access: Access, today: date
) -> Page:
    """Build one page: four statements whatever the number of rows."""
    plan = frame.choices.plan
    if plan is None:
        return Page()
    seen = _keyed(_seen(frame.choices, access, today), filters.group)
    counts, tabs = _counts(seen, filters, frame, access, today)
    total = sum(counts.values())
    pages = max(1, -(-total // PAGE_SIZE))
    shown = min(max(number, 1), pages, MAX_PAGES)
    start = (shown - 1) * PAGE_SIZE
    rows = _wanted(seen, filters, frame.choices, access, today)
    # 多取前一行，只为知道本页第一组是不是从上一页接下来的。
    before = min(start, 1)
    keys = _keys(filters.group, access)
    records = list(rows.values(*COLUMNS, *{"own_role", *keys})[start - before : start + PAGE_SIZE])
    previous = _key(records.pop(0), keys) if before else None
    lines = drawn(records, plan=plan, access=access, today=today)
    pairs = zip((_key(record, keys) for record in records), lines, strict=True)
    groups = tuple(
        Group(
            label=_label(filters.group, key, frame.choices),
            count=counts.get(key, 0),
            rows=tuple(row for _, row in members),
            lamp=LampKind(key[-1]) if filters.group == "lamp" else None,
            is_continued=key == previous,
        )
        for key, members in groupby(pairs, key=lambda pair: pair[0])
    )
    return Page(groups, tabs, total, shown, min(pages, MAX_PAGES), pages > MAX_PAGES)


def single_row(row: Obligation, *, access: Access, today: date) -> Row | None:
    """Return one row as the ledger draws it, or None if the person does not see it."""
    seen = _seen(Choices(plan=row.plan), access, today).filter(pk=row.pk)
    drawn_rows = drawn(
        list(seen.values(*COLUMNS, "own_role")), plan=row.plan, access=access, today=today
    )
    return next(iter(drawn_rows), None)


def _seen(choices: Choices, access: Access, today: date) -> ObligationQuerySet:
    """Every row of the plan that the person may see, void ones included, with lamps, and with
    the role of the person's unit where it does not lead."""
    rows = Obligation.objects.visible_to(access)
    rows = rows.of_plan(choices.plan) if choices.plan else rows.none()
    rows = rows.annotate(own_role=_own_role(access))
    return rows.with_row_dates(access).with_lamp(today=today, plan=choices.plan)


def _own_role(access: Access) -> Combinable:
    if access.sees_all:
        return Value("", output_field=CharField())
    held = Assignment.objects.filter(obligation=OuterRef("pk"), unit__in=access.unit_ids)
    others = held.order_by("role").values("role")[:1]
    return Case(
        When(Exists(held.filter(role=AssignmentRole.LEAD)), then=Value("")),
        default=Subquery(others),
        output_field=CharField(),
    )


def _keys(group: str, access: Access) -> tuple[str, ...]:
    """Return the columns that make a group; a unit sees what it leads apart from the rest."""
    apart = ("own_role",) if group == "lamp" and not access.sees_all else ()
    return (*apart, *GROUP_KEYS[group])


def _keyed(rows: ObligationQuerySet, group: str) -> ObligationQuerySet:
    if group != "lead":
        return rows
    leads = Assignment.objects.filter(obligation=OuterRef("pk"), role=AssignmentRole.LEAD).order_by(
        "unit__order", "pk"
    )
    first = {
        name: Subquery(leads.values(column)[:1])
        for name, column in (
            ("lead_id", "unit"),
            ("lead_name", "unit__short_name"),
            ("lead_order", "unit__order"),
        )
    }
    return rows.annotate(**first)


def _order(filters: Filters, access: Access) -> list[Any]:
    # 亮灯的次序取它在名单里的位置：判灯的式子只算一遍。
    rank = StrIndex(Value(",".join(LAMP_ORDER)), F("lamp_kind"))
    grouped: dict[str, list[Any]] = {
        "lamp": [rank] if access.sees_all else ["own_role", rank],
        "section": [F("clause__section__number").asc(nulls_last=True)],
        "clause": ["clause__start"],
        "lead": [F("lead_order").asc(nulls_last=True), "lead_id"],
    }
    dates = [F("row_due_on"), F("due_on")]
    sorted_by: dict[str, list[Any]] = {
        "due": [day.asc(nulls_last=True) for day in dates],
        "far": [day.desc(nulls_last=True) for day in dates],
        "code": [],
    }
    return [*grouped[filters.group], *sorted_by[filters.sort], "code", "pk"]


def _key(record: Mapping[str, Any], keys: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(record[key] for key in keys)


def _counts(
    seen: ObligationQuerySet, filters: Filters, frame: Frame, access: Access, today: date
) -> tuple[dict[tuple[Any, ...], int], tuple[Tab, ...]]:
    """Count the groups under the filters and the built-in views without them, in one statement."""
    built_in = BUILT_IN if access.sees_all else BUILT_IN_OF_UNIT
    asked = [Filters(**dict(parse_qsl(view.query)), plan=filters.plan) for view in built_in]
    wanted = [
        item.condition(frame.choices, access=access, today=today) for item in [filters, *asked]
    ]
    columns = {f"count_{place}": Count("pk", filter=q) for place, q in enumerate(wanted)}
    keys = _keys(filters.group, access)
    found = list(seen.order_by().values_list(*keys).annotate(**columns))
    width = len(keys)
    sums = [sum(column) for column in zip(*(line[width + 1 :] for line in found), strict=True)]
    saved = [Tab(view, view.query, view.query == filters.query()) for view in frame.views]
    plain = filters.query(group="lamp", sort="due")
    fixed = [
        Tab(view, item.query(), item.query() == plain and not any(tab.current for tab in saved), n)
        for view, item, n in zip(built_in, asked, sums or [0] * len(asked), strict=True)
    ]
    counts = {line[:width]: line[width] for line in found if line[width]}
    return counts, (*fixed, *saved)


def _label(group: str, key: tuple[Any, ...], choices: Choices) -> str:
    if group == "lamp":
        *role, lamp = key
        words = [ROLE_WORDS[each] for each in role if each]
        return " · ".join([*words, LampKind(lamp).label])
    if group == "lead":
        return key[1] or "未定牵头单位"
    if group == "clause":
        return choices.clauses.get(str(key[0]), "")
    return choices.sections.get(str(key[0]), "未分部分")

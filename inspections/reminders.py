"""What inspections and hazards tell the reminders: what heads have to confirm, what is due, and
what was found and is not followed."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.urls import reverse

from common import clock
from common.clock import day_of
from inspections.enums import HazardGrade, InspectionState
from inspections.expected import inspection_tasks, owing
from inspections.models import Hazard, Inspection
from notices.facts import Kind, Source, Subject
from notices.rules import Schedule
from organizations.enums import PostKind
from organizations.succession import lines_on
from responsibilities.fulfilment import Slot
from responsibilities.periods import Period

M = TypeVar("M", Inspection, Hazard)
CHUNK = 1000
TO_CONFIRM, HAZARD, FOUND, PROBLEMS = "inspection", "hazard", "found", "problems"
REGISTER_WORKDAYS = (3,)  # 查出后第几个工作日提醒登记；区安委办可在“提醒管理”里改
# 逾期以后由季度任务逐级催办，不重复催。
KIND_CONFIRM = Kind(
    "inspection-confirm",
    "带队检查待确认",
    Schedule(at_middle=True, days_before=(15,), workdays_before=(5, 1), ladder=()),
    audience=(PostKind.HEAD,),
)
KIND_OF_GRADE = {
    HazardGrade.GENERAL: Kind("hazard-general", "一般隐患", Schedule(days_before=(7, 1))),
    HazardGrade.MAJOR: Kind(
        "hazard-major", "重大隐患", Schedule(days_before=(30, 15, 7), workdays_before=(1,))
    ),
}
KIND_FOUND = Kind(
    "hazard-found", "还没有登记的隐患", Schedule(ladder=REGISTER_WORKDAYS), since="记下"
)
KIND_PROBLEMS = Kind(
    "inspection-problems",
    "检查发现、还没有登记为隐患的问题",
    Schedule(ladder=REGISTER_WORKDAYS),
    since="报出",
)
ASK_CONFIRM = "联络员已填好，请您确认。"
ASK_HAZARD = "请督促整改销号。"
ASK_FOUND = "请登记措施、责任和时限。"
ASK_PROBLEMS = "请登记为隐患，跟踪到销号。"


def inspections_owed(_today: date, _lead_days: int) -> Iterator[Sequence[Subject]]:
    """Yield what waits for heads, a chunk at a time."""
    yield from _chunks(Inspection.objects.awaiting(), _to_confirm)


def hazards_owed(today: date, lead_days: int) -> Iterator[Sequence[Subject]]:
    """Yield the registered hazards that are due within ``lead_days`` or late, a chunk at a time."""
    near = Hazard.objects.open().filter(due_on__lte=today + timedelta(days=lead_days))
    yield from _chunks(near, _hazard)


def found_owed(_today: date, _lead_days: int) -> Iterator[Sequence[Subject]]:
    """Yield the hazards that were written down and not registered yet, a chunk at a time."""
    yield from _chunks(Hazard.objects.unregistered(), found_subject)


def problems_owed(_today: date, _lead_days: int) -> Iterator[Sequence[Subject]]:
    """Yield the inspections whose problems did not all become hazards, a chunk at a time."""
    yield from _chunks(Inspection.objects.unfollowed(), problems_subject)


def _chunks(found: "QuerySet[M]", subject: Callable[[M], Subject]) -> Iterator[Sequence[Subject]]:
    """Walk along the key, so that memory does not grow with the number of rows."""
    last = 0
    while True:
        rows = list(found.filter(pk__gt=last).order_by("pk")[:CHUNK])
        if not rows:
            return
        yield [subject(row) for row in rows]
        last = rows[-1].pk


def inspections_standing(keys: Collection[str]) -> dict[str, Subject]:
    """Return those of the inspections that still wait for the head."""
    found = Inspection.objects.awaiting().filter(pk__in=_pks(keys))
    return {subject.key: subject for subject in map(_to_confirm, found)}


def hazards_standing(keys: Collection[str]) -> dict[str, Subject]:
    """Return those of the hazards that are still open."""
    found = Hazard.objects.open().filter(pk__in=_pks(keys), due_on__isnull=False)
    return {subject.key: subject for subject in map(_hazard, found)}


def hazards_of_units(units: Collection[int], until: date) -> list[Subject]:
    """Return the open hazards of units that are due up to a day, for their calendars."""
    near = Hazard.objects.open().filter(unit__in=units, due_on__lte=until)
    return [_hazard(hazard) for hazard in near.order_by("due_on", "pk")[:CHUNK]]


def found_standing(keys: Collection[str]) -> dict[str, Subject]:
    """Return those of the hazards that are still not registered."""
    found = Hazard.objects.unregistered().filter(pk__in=_pks(keys))
    return {subject.key: subject for subject in map(found_subject, found)}


def problems_standing(keys: Collection[str]) -> dict[str, Subject]:
    """Return those of the inspections whose problems still are not all followed."""
    found = Inspection.objects.unfollowed().filter(pk__in=_pks(keys))
    return {subject.key: subject for subject in map(problems_subject, found)}


def waiting_for_heads(slots: Collection[Slot]) -> set[Slot]:
    """Return the quarters in which all that is asked was sent and the head has the word.

    What a predecessor sent counts for the unit to which its task has moved.
    """
    if not slots:
        return set()
    asked, periods = {slot.unit_id for slot in slots}, {slot.period for slot in slots}
    lines = lines_on(clock.today())
    members = [pk for pk, line in lines.items() if not asked.isdisjoint(line)]
    owed: dict[str, set[int]] = defaultdict(set)
    tasks = inspection_tasks().filter(unit__in=members, period__in=periods)
    for unit, period in tasks.values_list("unit", "period"):
        owed[period].add(unit)
    sent = Inspection.objects.filter(
        unit__in=members,
        quarter__in=periods,
        state__in=[InspectionState.AWAITING, InspectionState.CONFIRMED],
    )
    counts = Counter(
        (owing(unit, lines, owed[quarter]), quarter)
        for unit, quarter in sent.values_list("unit", "quarter")
    )
    return {slot for slot in slots if counts[slot.unit_id, slot.period] >= slot.times}


def _pks(keys: Collection[str]) -> list[int]:
    return [int(key.partition(":")[2]) for key in keys]


def _to_confirm(inspection: Inspection) -> Subject:
    quarter = Period.parse(inspection.quarter)
    return Subject(
        key=f"{TO_CONFIRM}:{inspection.pk}",
        kind=KIND_CONFIRM.code,
        unit_id=inspection.unit_id,
        due_on=quarter.last_day,
        starts_on=quarter.first_day,
        label=quarter.label.removeprefix(f"{quarter.year}年"),
        title="带队检查",
        ask=ASK_CONFIRM,
        url=reverse("inspections:inspection_confirm", args=[inspection.pk]),
    )


def _hazard(hazard: Hazard) -> Subject:
    assert hazard.due_on is not None  # noqa: S101 - both queries ask for a date
    return Subject(
        key=f"{HAZARD}:{hazard.pk}",
        kind=KIND_OF_GRADE[HazardGrade(hazard.grade)].code,
        unit_id=hazard.unit_id,
        due_on=hazard.due_on,
        starts_on=None,
        label=hazard.number,
        title=hazard.title,
        ask=ASK_HAZARD,
        url=hazard.get_absolute_url(),
    )


def found_subject(hazard: Any) -> Subject:
    """Return what the unit owes for one of ``unregistered``, from the day it was written down."""
    return Subject(
        key=f"{FOUND}:{hazard.pk}",
        kind=KIND_FOUND.code,
        unit_id=hazard.unit_id,
        due_on=day_of(hazard.written_at) if hazard.written_at else hazard.found_on,
        starts_on=None,
        label=hazard.number,
        title=hazard.title,
        ask=ASK_FOUND,
        url=hazard.get_absolute_url(),
        late=KIND_FOUND.since,
    )


def problems_subject(inspection: Any) -> Subject:
    """Return what the unit owes for one of ``unfollowed``, from the day the record was sent."""
    sent_at = inspection.submitted_at
    loose = inspection.problems - inspection.followed
    return Subject(
        key=f"{PROBLEMS}:{inspection.pk}",
        kind=KIND_PROBLEMS.code,
        unit_id=inspection.unit_id,
        due_on=day_of(sent_at) if sent_at else inspection.inspected_on,
        starts_on=None,
        label=inspection.number,
        title=f"{loose} 个限期整改的问题",
        ask=ASK_PROBLEMS,
        url=inspection.get_absolute_url(),
        late=KIND_PROBLEMS.since,
    )


SOURCES = (
    Source(TO_CONFIRM, (KIND_CONFIRM,), inspections_owed, inspections_standing),
    Source(
        HAZARD,
        tuple(KIND_OF_GRADE.values()),
        hazards_owed,
        hazards_standing,
        hazards_of_units,
    ),
    Source(FOUND, (KIND_FOUND,), found_owed, found_standing),
    Source(PROBLEMS, (KIND_PROBLEMS,), problems_owed, problems_standing),
)

"""What a search finds, within what the person may see: clauses, rows, inspections, hazards, units,
phrases, people."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.urls import reverse

from clauses.models import Clause, Erratum, Plan, Provision
from clauses.rules import labels_of
from inspections.models import Hazard, Inspection
from organizations.access import Access
from organizations.models import Unit, UnitAlias
from organizations.people import people_found, person_line
from qinnan_safety.search_words import Piece, Query, excerpt, forms_of, marked
from responsibilities.enums import LampKind
from responsibilities.models import Assignment, Obligation

LISTED = 50
INSPECTION_COLUMNS = ("field", "places", "checked", "leader_name", "opinion")
HAZARD_COLUMNS = ("title", "place", "enterprise", "description")
INSPECTION_NUMBER = re.compile(r"jc-(?P<quarter>\d{4}q[1-4])-(?P<pk>\d{1,9})")
HAZARD_NUMBER = re.compile(r"qh-?(?P<pk>\d{1,9})")
FIRST = 8  # 每一类先列出的条数，其余收在“更多”里
CODE_LENGTH = len("23-07")  # 拆出的任务编号后面还有字母，句号没有


@dataclass(frozen=True)
class Hit:
    """One line of the results; ``is_named`` says that the words are its whole name."""

    url: str
    pieces: Sequence[Piece]
    code: str = ""
    aside: str = ""
    lamp: LampKind | None = None
    icon: str = "text"
    is_verbatim: bool = False
    is_named: bool = False
    plan: str = ""


@dataclass(frozen=True)
class HitGroup:
    """Hits of one sort; ``is_cut`` says that there are more than are listed."""

    heading: str
    hits: Sequence[Hit] = field(default_factory=list)

    @property
    def shown(self) -> Sequence[Hit]:
        return self.hits[:LISTED]

    @property
    def first(self) -> Sequence[Hit]:
        return self.hits[:FIRST]

    @property
    def rest(self) -> Sequence[Hit]:
        return self.hits[FIRST:LISTED]

    @property
    def is_cut(self) -> bool:
        return len(self.hits) > LISTED


def search_all(query: Query, access: Access, today: date) -> list[HitGroup]:
    """Return the groups that have hits, first the one with what is called so; a fixed number of
    queries whatever is found."""
    if not query:
        return []
    plans = _plan_names(access)
    rows = HitGroup("任务", _rows(query, access, today, plans))
    text = HitGroup("条文", _text(query, access, plans))
    groups = [
        *((rows, text) if query.clause is None else (text, rows)),
        HitGroup("带队检查", _inspections(query, access)),
        HitGroup("隐患", _hazards(query, access, today)),
        HitGroup("单位", _units(query, access, today)),
        HitGroup("条文称谓", _aliases(query, access)),
    ]
    if access.is_office:
        groups.append(HitGroup("人员", _people(query, today)))
    groups.sort(key=lambda group: not any(hit.is_named for hit in group.hits))
    return [group for group in groups if group.hits]


def _plan_names(access: Access) -> dict[str, str]:
    """Return code → title of the plans; empty while there is one, which need not be named."""
    names = dict(Plan.objects.visible_to(access).values_list("code", "title"))
    return names if len(names) > 1 else {}


def _all_words(query: Query, condition: Callable[[str], Q]) -> Q:
    """Every word must be found, in its half- or full-width form."""
    wanted = Q()
    for word in query.words:
        either = Q()
        for form in forms_of(word):
            either |= condition(form)
        wanted &= either
    return wanted


def _rows(query: Query, access: Access, today: date, plans: Mapping[str, str]) -> list[Hit]:
    rows = Obligation.objects.visible_to(access).live().with_row_dates(access)
    titled = _all_words(query, lambda form: Q(title__icontains=form))
    wanted = _all_words(query, lambda form: _row_holds(form, access))
    rank = Case(When(titled, then=1), default=2)
    if query.code:
        wanted |= Q(code__startswith=query.code)
        rank = Case(When(code__startswith=query.code, then=0), default=rank)
    if query.clause is not None:
        named = Q(clause__label__in=labels_of(query.clause))
        wanted |= named
        rank = Case(When(named, then=0), default=rank)
    found = rows.with_lamp(today=today).filter(wanted).annotate(rank=rank)
    return [
        Hit(
            url=reverse(
                "responsibilities:obligation_detail", args=[row["plan__code"], row["code"]]
            ),
            pieces=marked(row["title"], query.words),
            code=row["code"],
            aside=LampKind(row["lamp_kind"]).label,
            lamp=LampKind(row["lamp_kind"]),
            plan=plans.get(row["plan__code"], ""),
        )
        for row in found.order_by("rank", "-plan__published_on", "code").values(
            "plan__code", "code", "title", "lamp_kind"
        )[: LISTED + 1]
    ]


def _row_holds(form: str, access: Access) -> Q:
    """A row holds a word in its own words, its sentences, or – for the district – its units."""
    holds = Q(pk__in=Obligation.objects.search(form).order_by().values("pk"))
    if access.sees_all:
        named = Q(unit__name__icontains=form) | Q(unit__short_name__icontains=form)
        holds |= Q(Exists(Assignment.objects.filter(named, obligation=OuterRef("pk"))))
    return holds


def _text(query: Query, access: Access, plans: Mapping[str, str]) -> list[Hit]:
    """Clauses named or titled so, then sentences; a clause whose words lie apart comes last."""
    words = _all_words(query, lambda form: Q(text__icontains=form))
    titled = _all_words(query, lambda form: Q(title__icontains=form))
    if query.clause is not None:
        titled |= Q(label__in=labels_of(query.clause))
    named = list(_clauses(titled, access))
    sentences = _sentences(query, words, access)
    told = [*(clause.pk for clause in named), *(found.clause_id for found in sentences)]
    apart = _clauses(words & ~Q(pk__in=[pk for pk in told if pk is not None]), access)
    return [
        *(_clause_hit(clause, query, plans) for clause in named),
        *(_sentence_hit(provision, query, plans) for provision in sentences),
        *(_clause_hit(clause, query, plans) for clause in apart),
    ]


def _clauses(wanted: Q, access: Access) -> "QuerySet[Clause]":
    found = Clause.objects.visible_to(access).filter(wanted).select_related("plan")
    ordered = found.order_by("-plan__published_on", "plan", "number")
    return ordered.defer("plan__source_text", "text")[: LISTED + 1]


def _sentences(query: Query, words: Q, access: Access) -> list[Provision]:
    wanted = words | _all_words(query, _is_corrected_to)
    if query.code:
        wanted |= Q(code__startswith=query.code[:CODE_LENGTH])
    found = Provision.objects.visible_to(access).filter(wanted).select_related("plan", "clause")
    ordered = found.order_by("-plan__published_on", "plan", "ordinal")
    return list(ordered.defer("plan__source_text", "clause__text")[: LISTED + 1])


def _is_corrected_to(form: str) -> Q:
    """A sentence also holds what the errata say it should read: 〔2016〕32号."""
    places = Erratum.objects.filter(
        plan=OuterRef("plan"),
        start__gte=OuterRef("start"),
        start__lt=OuterRef("end"),
        corrected__icontains=form,
    )
    return Q(Exists(places))


def _clause_hit(clause: Clause, query: Query, plans: Mapping[str, str]) -> Hit:
    pieces, plan = marked(str(clause), query.words), plans.get(clause.plan.code, "")
    return Hit(clause.get_absolute_url(), pieces, aside="整条", plan=plan)


def _sentence_hit(provision: Provision, query: Query, plans: Mapping[str, str]) -> Hit:
    clause = provision.clause
    pieces = marked(excerpt(provision.text, query.words), query.words)
    place = clause.name if clause else "条前文字"
    is_corrected = not query.code and not any(piece.is_hit for piece in pieces)
    return Hit(
        url=provision.get_absolute_url(),
        pieces=pieces,
        code=provision.code,
        aside=f"{place}，校勘所作" if is_corrected else place,
        plan=plans.get(provision.plan.code, ""),
        is_verbatim=True,
    )


def _inspections(query: Query, access: Access) -> list[Hit]:
    """Records that hold the words, or that a number (JC-2019Q3-0012) names; the newest first."""
    wanted = _all_words(query, lambda form: _holds(form, INSPECTION_COLUMNS, access))
    if number := INSPECTION_NUMBER.fullmatch(" ".join(query.words)):
        wanted |= Q(quarter=number["quarter"].upper(), pk=int(number["pk"]))
    records = Inspection.objects.visible_to(access).live().filter(wanted).select_related("unit")
    return [
        Hit(
            url=record.get_absolute_url(),
            pieces=marked(f"{record.unit.short_name}：{record.field}", query.words),
            code=record.number,
            aside=record.get_state_display(),
            icon="calendar",
        )
        for record in records[: LISTED + 1]
    ]


def _hazards(query: Query, access: Access, today: date) -> list[Hit]:
    """Hazards that hold the words, or that a number (QH-0012) names; open and near ones first."""
    wanted = _all_words(query, lambda form: _holds(form, HAZARD_COLUMNS, access))
    if number := HAZARD_NUMBER.fullmatch(" ".join(query.words)):
        wanted |= Q(pk=int(number["pk"]))
    found = Hazard.objects.visible_to(access).live().filter(wanted).nearest_first()
    hits = []
    for hazard in found[: LISTED + 1]:
        lamp = hazard.lamp_on(today)
        pieces = marked(f"{hazard.enterprise}：{hazard.title}", query.words)
        url = hazard.get_absolute_url()
        hits.append(Hit(url, pieces, code=hazard.number, aside=lamp.text, lamp=lamp.kind))
    return hits


def _holds(form: str, columns: Sequence[str], access: Access) -> Q:
    """A record holds a word in its own words or – for the district – in its unit's name."""
    named = ("unit__name", "unit__short_name") if access.sees_all else ()
    holds = Q()
    for column in (*columns, *named):
        holds |= Q(**{f"{column}__icontains": form})
    return holds


def _units(query: Query, access: Access, today: date) -> list[Hit]:
    units = Unit.objects.visible_to(access).select_related("successor")
    wanted = _all_words(
        query,
        lambda form: (
            Q(name__icontains=form)
            | Q(full_name__icontains=form)
            | Q(short_name__icontains=form)
            | Q(code__iexact=form)
        ),
    )
    found = sorted(
        units.filter(wanted).order_by("order", "pk")[: LISTED + 1],
        key=lambda unit: not unit.is_valid_on(today),
    )
    return [
        Hit(
            url=unit.get_absolute_url(),
            pieces=marked(unit.name, query.words),
            aside=_unit_aside(unit, today),
            icon="unit",
            is_named=" ".join(query.words) in {unit.name, unit.short_name, unit.full_name},
        )
        for unit in found
    ]


def _unit_aside(unit: Unit, today: date) -> str:
    if unit.is_valid_on(today):
        return unit.get_kind_display()
    return f"已撤销，由{unit.successor}承接" if unit.successor else "已不在运行"


def _aliases(query: Query, access: Access) -> list[Hit]:
    if not access.is_signed_in:
        return []
    wanted = _all_words(query, lambda form: Q(phrase__icontains=form))
    return [
        Hit(
            url=reverse("organizations:alias_detail", args=[alias.pk]),
            pieces=marked(alias.phrase, query.words),
            icon="people",
        )
        for alias in UnitAlias.objects.filter(wanted)[: LISTED + 1]
    ]


def _people(query: Query, today: date) -> list[Hit]:
    lines: list[Any] = [
        person_line(user, today)
        for user in people_found(" ".join(query.words), shows_closed=True)[: LISTED + 1]
    ]
    return [
        Hit(
            url=reverse("organizations:person_detail", args=[line.user.pk]),
            pieces=marked(str(line.user), query.words),
            aside="、".join(str(held.post) for held in line.now) or "没有岗位",
            icon="person",
        )
        for line in lines
    ]

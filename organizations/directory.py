"""The list of units and the sheet of one unit, as they stand on a day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from organizations.access import Access
from organizations.enums import TERRITORIAL_KINDS, UNIT_POSTS, PostKind, UnitKind
from organizations.models import AliasMember, Appointment, Post, Unit

# 单位名录的分组，按行文次序。
GROUPS: tuple[tuple[str, frozenset[UnitKind]], ...] = (
    ("安委会及其办公室", frozenset({UnitKind.COMMITTEE, UnitKind.COMMITTEE_OFFICE})),
    ("镇（场、街道）", TERRITORIAL_KINDS),
    ("党委部门", frozenset({UnitKind.PARTY_ORGAN})),
    ("政府部门和驻区单位", frozenset({UnitKind.DEPARTMENT})),
    ("群团组织", frozenset({UnitKind.MASS_ORGANISATION})),
    ("监督协同机关", frozenset({UnitKind.SUPERVISORY_BODY})),
    ("功能区", frozenset({UnitKind.ZONE})),
)
UNCHASED = "只作联系，不催办、不考核"


@dataclass
class UnitLine:
    """One unit of the list and who answers for it on the day."""

    unit: Unit
    exists: bool
    heads: list[Appointment] = field(default_factory=list)
    liaisons: list[Appointment] = field(default_factory=list)


@dataclass(frozen=True)
class UnitGroup:
    """Units of one sort, in official order."""

    heading: str
    lines: tuple[UnitLine, ...]
    note: str = ""


@dataclass
class PostLine:
    """A post with those who hold it, will hold it and held it."""

    post: Post
    now: list[Appointment] = field(default_factory=list)
    coming: list[Appointment] = field(default_factory=list)
    before: list[Appointment] = field(default_factory=list)


def unit_groups(units: Iterable[Unit], day: date) -> list[UnitGroup]:
    """Group ``units`` by sort; one query for the people of all of them."""
    lines = {unit.pk: UnitLine(unit, unit.is_valid_on(day)) for unit in units}
    held = Appointment.objects.on(day).with_people()
    for appointment in held.filter(post__kind__in=UNIT_POSTS):
        line = lines.get(appointment.post.unit_id)
        if line is None:
            continue
        if appointment.post.kind == PostKind.HEAD:
            line.heads.append(appointment)
        elif appointment.post.kind == PostKind.LIAISON:
            line.liaisons.append(appointment)
    groups = []
    for heading, kinds in GROUPS:
        members = tuple(line for line in lines.values() if line.unit.kind in kinds)
        if members:
            unchased = not any(line.unit.is_chased for line in members)
            groups.append(UnitGroup(heading, members, UNCHASED if unchased else ""))
    return groups


@dataclass(frozen=True)
class Lineage:
    """Where a unit comes from and which units took over from it, nearest first."""

    predecessors: tuple[Unit, ...]
    successors: tuple[Unit, ...]


def lineage_of(unit: Unit) -> Lineage:
    """Follow the chain of successors; one query for all units."""
    everyone = {each.pk: each for each in Unit.objects.all()}
    chain: list[Unit] = []
    following = unit.successor_id
    while following is not None and following not in {each.pk for each in chain}:
        chain.append(everyone[following])
        following = everyone[following].successor_id
    before = tuple(each for each in everyone.values() if each.successor_id == unit.pk)
    return Lineage(before, tuple(chain))


def post_lines(unit: Unit, day: date) -> list[PostLine]:
    """Return the unit's posts, the head's first, with their holders; two queries."""
    kinds = list(PostKind)
    posts = sorted(
        Post.objects.filter(unit=unit), key=lambda p: (kinds.index(PostKind(p.kind)), p.pk)
    )
    lines = {post.pk: PostLine(post) for post in posts}
    for held in Appointment.objects.with_people().filter(post__unit=unit).order_by("-starts_on"):
        line = lines[held.post_id]
        if held.starts_on > day:
            line.coming.append(held)
        elif held.ends_on is not None and held.ends_on < day:
            line.before.append(held)
        else:
            line.now.append(held)
    return list(lines.values())


@dataclass(frozen=True)
class Basis:
    """Phrases that mean the unit on the same grounds."""

    note: str
    members: tuple[AliasMember, ...]


def memberships_of(unit: Unit) -> list[Basis]:
    """Return the phrases of the text that mean the unit, at any time, by their grounds."""
    found = AliasMember.objects.filter(unit=unit).select_related("alias").order_by("alias")
    by_note: dict[str, list[AliasMember]] = {}
    for member in found:
        by_note.setdefault(member.alias.note, []).append(member)
    return [Basis(note, tuple(members)) for note, members in by_note.items()]


def may_read_record(access: Access, unit: Unit) -> bool:
    """Earlier holders and the record of changes are for the unit itself and the district."""
    return access.sees_all or unit.pk in access.unit_ids

"""A whole set: one document for every unit that a kind lists for a period."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import DatabaseError, OperationalError, transaction

from common.clock import day_of, morning_of
from common.errors import DomainError, require
from documents.enums import DocumentState, FileFormat
from documents.kinds import DocumentKind, all_kinds, kind_of
from documents.models import BuildJob, Document
from documents.permissions import can_manage_documents
from documents.rules import period_days
from documents.services.drafting import draft_document, revise_document
from documents.services.jobs import WholeSet, request_build
from documents.services.telling import tell_office
from organizations.models import Unit, User

logger = logging.getLogger(__name__)
RENEWED = "期满，按期末的情况另起一版"
UNEXPECTED = "起草时出错，系统已记录，请联系管理员。"


@dataclass
class DraftedSet:
    """What was drafted or found, and whose document could not be drafted."""

    documents: list[Document] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def draft_set(kind_slug: str, period: str, *, actor: User, at: datetime) -> DraftedSet:
    """Draft a document for every unit, or open what is there (成套拟稿).

    Raises: NotAllowed; UnknownKind; DomainError when the kind is not made by units, none is
    listed, or the records suffice for none of them.
    """
    require(can_manage_documents(actor, today=day_of(at)))
    kind = kind_of(kind_slug)
    if kind.units is None:
        raise DomainError("这种文件面向全区，只有一份，请直接拟稿。")
    drafted = _draft(kind, period, kind.units(period, day_of(at)), actor=actor, at=at)
    if not drafted.documents:
        _, reason = drafted.left_out[-1] if drafted.left_out else ("", "这一期没有要发的单位。")
        raise DomainError(reason)
    return drafted


def build_ended(period: str, *, actor: User, at: datetime, today: date) -> list[BuildJob]:
    """Draft and ask for everything that a period ends with, once for each kind (期满生成).

    A kind whose records do not suffice yet is left for the next call, and all of it while another
    scheduler holds the keys. The office is told once of all that is new. Returns: the new jobs.
    """
    try:
        with transaction.atomic():
            return _build_kinds(period, actor=actor, at=at, today=today)
    except OperationalError as error:
        logger.warning("The papers of %s have to wait: %s", period, error)
        return []


def _build_kinds(period: str, *, actor: User, at: datetime, today: date) -> list[BuildJob]:
    jobs = []
    for kind in all_kinds():
        key = f"{period}:{kind.slug}"
        if not kind.ends_period or BuildJob.objects.filter(key=key).exists():
            continue
        try:
            jobs.append(_build_kind(kind, period, key, actor=actor, at=at, today=today))
        except DomainError as error:
            logger.info("%s has to wait: %s", key, error.message)
        except ValidationError:
            if not BuildJob.objects.filter(key=key).exists():
                raise  # else another scheduler was a moment earlier
    if jobs:
        tell_office(jobs, actor=actor, at=at)
    return jobs


@transaction.atomic
def _build_kind(
    kind: DocumentKind, period: str, key: str, *, actor: User, at: datetime, today: date
) -> BuildJob:
    """Draft, and ask for the files under the key: all of it or nothing."""
    label = f"{kind.period_label(period)}{kind.label}"
    units: Sequence[Unit | None] = kind.units(period, today) if kind.units else [None]
    undecided = _undecided(kind, period, units)
    drafted = _draft(kind, period, undecided, actor=actor, at=at, renews=True)
    count = len(drafted.documents)
    return request_build(
        drafted.documents,
        [FileFormat.PDF] if kind.is_per_unit else list(FileFormat),
        title=f"{label}（{count} 份）" if kind.is_per_unit else label,
        actor=actor,
        at=at,
        as_of=today,
        whole=WholeSet(key, drafted.left_out),
    )


def _draft(
    kind: DocumentKind,
    period: str,
    units: Iterable[Unit | None],
    *,
    actor: User,
    at: datetime,
    renews: bool = False,
) -> DraftedSet:
    """Draft for one unit after the other; what goes wrong for one is written beside its name.

    ``renews`` begins the next edition of what is out already.
    """
    drafted = DraftedSet()
    for unit in units:
        name = unit.name if unit else "全区"
        try:
            with transaction.atomic():
                document = draft_document(kind.slug, period, unit, actor=actor, at=at)
                if renews and not document.is_draft:
                    document = revise_document(document, reason=RENEWED, actor=actor, at=at)
        except DomainError as error:
            drafted.left_out.append((name, error.message))
        except DatabaseError:
            raise
        except Exception:
            logger.exception("Drafting %s %s failed for %s", kind.slug, period, name)
            drafted.left_out.append((name, UNEXPECTED))
        else:
            drafted.documents.append(document)
    return drafted


def _undecided(kind: DocumentKind, period: str, units: Iterable[Unit | None]) -> list[Unit | None]:
    """Leave out those whose document a person issued or voided after the period had ended.

    What was decided before cannot have spoken of the whole period: its next edition begins.
    """
    about = {"kind": kind.slug, "period": period}
    open_drafts = Document.objects.filter(**about, state=DocumentState.DRAFT)
    settled = Document.history.filter(**about).exclude(state=DocumentState.DRAFT)
    if (days := period_days(period)) is not None:
        settled = settled.filter(history_date__gte=morning_of(days[1] + timedelta(days=1), 0))
    decided = set(settled.values_list("unit", flat=True)) - set(
        open_drafts.values_list("unit", flat=True)
    )
    return [unit for unit in units if (unit.pk if unit else None) not in decided]

"""Store a plan: the frozen text and everything that is cut from it, in one transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from clauses.models import Clause, Erratum, Plan, Provision, Section
from common.errors import DomainError
from common.tracked import create_many_with_history, save_with_history
from organizations.models import User


@dataclass(frozen=True)
class SectionSpan:
    number: int
    heading: str
    start: int
    end: int
    label: str = ""


@dataclass(frozen=True)
class ClauseSpan:
    number: int
    label: str
    title: str
    start: int
    end: int
    section: int | None = None


@dataclass(frozen=True)
class ProvisionSpan:
    code: str
    start: int
    end: int
    clause: int | None = None


@dataclass(frozen=True)
class ErratumSpan:
    start: int
    end: int
    original: str
    corrected: str
    basis: str
    certainty: str


@dataclass(frozen=True)
class PlanSpec:
    """A plan as read: offsets count characters of ``text``; numbers are those of the plan."""

    code: str
    title: str
    text: str
    body_start: int
    body_end: int
    sections: Sequence[SectionSpan]
    clauses: Sequence[ClauseSpan]
    provisions: Sequence[ProvisionSpan]
    errata: Sequence[ErratumSpan] = ()
    version_label: str = ""
    issuer: str = ""
    published_on: date | None = None


def text_sha256(text: str) -> str:
    """Return the SHA-256 of the text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def store_plan(spec: PlanSpec, *, actor: User, at: datetime, reason: str) -> Plan:
    """Write a plan with its sections, clauses, sentences and errata, or nothing at all.

    Raises: DomainError when a plan of that code or of exactly that text is already there.
    """
    digest = text_sha256(spec.text)
    with transaction.atomic():
        _refuse_duplicate(spec, digest)
        plan = Plan(
            code=spec.code,
            title=spec.title,
            version_label=spec.version_label,
            issuer=spec.issuer,
            published_on=spec.published_on,
            source_text=spec.text,
            source_sha256=digest,
            body_start=spec.body_start,
            body_end=spec.body_end,
        )
        save_with_history(plan, actor=actor, reason=reason, at=at)
        clauses = _store_clauses(plan, spec, actor=actor, at=at, reason=reason)
        _store_provisions(plan, spec, clauses, actor=actor, at=at, reason=reason)
        _store_errata(plan, spec, actor=actor, at=at, reason=reason)
    return plan


def _refuse_duplicate(spec: PlanSpec, digest: str) -> None:
    twin = Plan.objects.filter(source_sha256=digest).without_text().first()
    if twin is not None:
        raise DomainError(f"这份文件与已导入的《{twin.title}》一字不差，不用再次导入。")
    if Plan.objects.filter(code=spec.code).exists():
        raise DomainError(f"代码为“{spec.code}”的方案已经存在，请换一个代码。")


def _store_clauses(
    plan: Plan, spec: PlanSpec, *, actor: User, at: datetime, reason: str
) -> dict[int, Clause]:
    sections = create_many_with_history(
        [
            Section(
                plan=plan,
                number=s.number,
                label=s.label,
                heading=s.heading,
                start=s.start,
                end=s.end,
            )
            for s in spec.sections
        ],
        actor=actor,
        reason=reason,
        at=at,
    )
    by_number = {section.number: section for section in sections}
    clauses = create_many_with_history(
        [
            Clause(
                plan=plan,
                section=by_number.get(c.section) if c.section is not None else None,
                number=c.number,
                label=c.label,
                title=c.title,
                text=spec.text[c.start : c.end],
                start=c.start,
                end=c.end,
            )
            for c in spec.clauses
        ],
        actor=actor,
        reason=reason,
        at=at,
    )
    return {clause.number: clause for clause in clauses}


def _store_provisions(
    plan: Plan,
    spec: PlanSpec,
    clauses: dict[int, Clause],
    *,
    actor: User,
    at: datetime,
    reason: str,
) -> None:
    create_many_with_history(
        [
            Provision(
                plan=plan,
                clause=clauses[p.clause] if p.clause is not None else None,
                code=p.code,
                ordinal=ordinal,
                text=spec.text[p.start : p.end],
                start=p.start,
                end=p.end,
            )
            for ordinal, p in enumerate(sorted(spec.provisions, key=lambda p: p.start), start=1)
        ],
        actor=actor,
        reason=reason,
        at=at,
    )


def _store_errata(plan: Plan, spec: PlanSpec, *, actor: User, at: datetime, reason: str) -> None:
    for erratum in spec.errata:
        if spec.text[erratum.start : erratum.end] != erratum.original:
            raise DomainError(f"校勘“{erratum.original}”与原文不符，请核对起止位置。")
    create_many_with_history(
        [
            Erratum(
                plan=plan,
                start=e.start,
                end=e.end,
                original=e.original,
                corrected=e.corrected,
                basis=e.basis,
                certainty=e.certainty,
            )
            for e in spec.errata
        ],
        actor=actor,
        reason=reason,
        at=at,
    )

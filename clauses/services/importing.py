"""Store a plan that was read from a file."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count, groupby

from clauses.models import Plan
from clauses.permissions import can_break_down
from clauses.reading import PlanDocument
from clauses.reading.document import PlanClause, PlanProvision, PlanSection
from clauses.services.storing import (
    ClauseSpan,
    PlanSpec,
    ProvisionSpan,
    SectionSpan,
    store_plan,
)
from common.clock import day_of
from common.errors import DomainError, require
from organizations.models import User

TAKEN_BY_PAGES = frozenset({"import"})  # /plan/import/ 是导入页
# 标题、条名只供显示和检索，列宽以内照录，过长截断；全文总在原文里。
TITLE_LENGTH, HEADING_LENGTH, LABEL_LENGTH, CODE_LENGTH = 120, 80, 20, 12
ISSUER_LENGTH = 60
PLAN_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True)
class Particulars:
    """What the office knows of a plan beside its text; an empty title means the text's own."""

    title: str = ""
    version_label: str = ""
    issuer: str = ""
    published_on: date | None = None


def import_document(
    document: PlanDocument,
    *,
    code: str,
    actor: User,
    at: datetime,
    particulars: Particulars = Particulars(),
) -> Plan:
    """Store the plan of a file, every sentence undecided; nothing is stored in part (导入方案).

    Proposals are not stored: the workbench offers them again, sentence by sentence.
    Raises: NotAllowed; DomainError when the code or the text is there already or the particulars
    cannot be stored.
    """
    require(can_break_down(actor, today=day_of(at)))
    title = particulars.title.strip() or document.title.strip()
    if not title:
        raise DomainError("文件里没有找到方案标题，请填写标题。")
    if not PLAN_CODE.fullmatch(code):
        raise DomainError(f"方案代码“{code}”不对，只能用字母、数字、短横和下划线，不超过 40 个。")
    if len(particulars.issuer) > ISSUER_LENGTH:
        raise DomainError(f"制发单位最多 {ISSUER_LENGTH} 个字，请写简称。")
    if code in TAKEN_BY_PAGES:
        raise DomainError(f"“{code}”不能用作方案代码，请换一个代码。")
    spec = _spec(document, code, replace(particulars, title=title))
    return store_plan(spec, actor=actor, at=at, reason=f"导入方案《{title}》")


def _spec(document: PlanDocument, code: str, known: Particulars) -> PlanSpec:
    numbers = clause_numbers(document)
    owners = {p.code: numbers[p.clause] for p in document.provisions if p.clause is not None}
    clauses = [_clause(clause, numbers[clause.ordinal]) for clause in document.clauses]
    for number, run in zip(count(max(numbers.values(), default=0) + 1), _loose(document)):
        clauses.append(_clause_of(run, number, document))
        owners |= {item.code: number for item in run}
    return PlanSpec(
        code=code,
        title=known.title[:TITLE_LENGTH],
        text=document.text,
        body_start=document.body_start,
        body_end=document.body_end,
        version_label=known.version_label or document.version_label,
        issuer=known.issuer,
        published_on=known.published_on,
        sections=[_section(section) for section in document.sections],
        clauses=clauses,
        provisions=[
            ProvisionSpan(
                code=_fitting(item.code),
                start=item.start,
                end=item.end,
                clause=owners.get(item.code),
            )
            for item in document.provisions
        ],
    )


def clause_numbers(document: PlanDocument) -> dict[int, int]:
    """Return ordinal → number: the plan's own numbers, or ordinals where they begin again."""
    numbers = Counter(clause.number for clause in document.clauses)
    restart = any(count > 1 for count in numbers.values())
    return {
        clause.ordinal: clause.ordinal if restart else clause.number for clause in document.clauses
    }


def _loose(document: PlanDocument) -> Iterator[list[PlanProvision]]:
    """Yield runs of sentences that stand under a heading but in no numbered clause."""
    starts = sorted(clause.start for clause in document.clauses)
    loose = [p for p in document.provisions if p.clause is None and p.section is not None]
    in_order = sorted(loose, key=lambda item: item.start)
    for _, run in groupby(in_order, key=lambda p: (p.section, bisect_right(starts, p.start))):
        yield list(run)


def _clause_of(run: list[PlanProvision], number: int, document: PlanDocument) -> ClauseSpan:
    """Make the sentences a clause of their own, so that rows can be made from them.

    A section without numbered clauses is its own clause, with its number and heading; its
    number here only continues the count and is shown nowhere.
    """
    section = next(item for item in document.sections if item.ordinal == run[0].section)
    if any(clause.section == section.ordinal for clause in document.clauses):
        return ClauseSpan(number, "", "", run[0].start, run[-1].end, section.ordinal)
    return ClauseSpan(
        number=number,
        label=section.label.strip()[:LABEL_LENGTH],
        title=section.heading[:TITLE_LENGTH],
        start=section.start,
        end=max(section.end, run[-1].end),
        section=section.ordinal,
    )


def _section(section: PlanSection) -> SectionSpan:
    return SectionSpan(
        number=section.ordinal,
        label=section.label.strip()[:LABEL_LENGTH],
        heading=section.heading[:HEADING_LENGTH],
        start=section.start,
        end=section.end,
    )


def _clause(clause: PlanClause, number: int) -> ClauseSpan:
    return ClauseSpan(
        number=number,
        label=clause.label[:LABEL_LENGTH],
        title=clause.title[:TITLE_LENGTH],
        start=clause.start,
        end=clause.end,
        section=clause.section,
    )


def _fitting(code: str) -> str:
    if len(code) > CODE_LENGTH:
        raise DomainError(f"句号“{code}”过长，不能导入，请核对文件的编号层级。")
    return code

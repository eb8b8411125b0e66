"""Every row of a plan's ledger with its lamp, read once and added up for the homes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from clauses.models import Plan
from clauses.rules import numbered
from organizations.access import Access
from responsibilities.enums import DeadlineKind, LampKind, ObligationState
from responsibilities.models import Obligation
from responsibilities.pages.rows import COLUMNS

SECTION = ("clause__section__number", "clause__section__label", "clause__section__heading")
# 一部分里画得下的柱数；再多就先留下要管的。
MAX_BARS = 200


@dataclass(frozen=True)
class Section:
    """One part of the plan: its bars in the vein, and its rows counted by lamp."""

    number: int
    label: str
    url: str
    bars: Sequence[dict[str, str]]
    counts: Counter[str]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def overdue(self) -> int:
        return self.counts[LampKind.OVERDUE]

    @property
    def summary(self) -> str:
        said = f"{self.total} 项"
        return f"{said}，逾期 {self.overdue} 项" if self.overdue else said

    @property
    def parts(self) -> list[dict[str, Any]]:
        return [
            {"kind": kind.value, "label": kind.label, "count": self.counts[kind]}
            for kind in LampKind
        ]


@dataclass(frozen=True)
class LedgerRows:
    """The live rows of one plan as values of ``rows.COLUMNS`` with ``lamp_kind``."""

    plan: Plan
    records: Sequence[dict[str, Any]]
    names_plan: bool = False

    def url(self, **conditions: str) -> str:
        """Return the ledger's address under ``conditions``, within this plan if there are more."""
        if self.names_plan:
            conditions = {"plan": self.plan.code} | conditions
        address = reverse("responsibilities:obligation_list")
        return f"{address}?{urlencode(conditions)}" if conditions else address

    @property
    def urls(self) -> dict[str, str]:
        """The addresses that the homes link: all rows, the drafts, and those under each lamp."""
        lamps = {kind.value: self.url(lamp=kind.value) for kind in LampKind}
        return lamps | {"all": self.url(), "draft": self.url(state="draft")}

    @property
    def total(self) -> int:
        return len(self.records)

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(record["lamp_kind"] for record in self.records)

    @property
    def drafts(self) -> int:
        return sum(record["state"] == ObligationState.DRAFT for record in self.records)

    @property
    def closed(self) -> int:
        return self.counts[LampKind.CLOSED]

    @property
    def tasks(self) -> int:
        return sum(int(record["task_count"]) for record in self.records)

    @property
    def sent(self) -> int:
        return self.total - self.drafts

    @property
    def closed_tasks(self) -> int:
        return self.tasks - sum(int(record["open_count"]) for record in self.records)

    def of_kind(self, kind: LampKind) -> list[dict[str, Any]]:
        """Return the rows under a lamp, nearest date first, long-silent ones after them."""
        found = [record for record in self.records if record["lamp_kind"] == kind]
        return sorted(found, key=lambda r: (r["row_due_on"] or date.max, r["code"]))

    def undecided_drafts(self) -> list[dict[str, Any]]:
        return [
            record
            for record in self.records
            if record["state"] == ObligationState.DRAFT
            and record["deadline_kind"] == DeadlineKind.UNDECIDED
        ]

    @property
    def lamp_key(self) -> list[dict[str, Any]]:
        """The legend of the vein; each lamp leads to its rows in the ledger."""
        counts = self.counts
        return [
            {
                "kind": kind.value,
                "label": kind.label,
                "count": counts[kind],
                "url": self.url(lamp=kind.value),
            }
            for kind in LampKind
        ]

    @cached_property
    def sections(self) -> list[Section]:
        """The parts of the plan in order, each with its bars in the order of clauses."""
        grouped: dict[tuple[int, str], list[dict[str, Any]]] = {}
        for record in self.records:
            number, label, heading = (record[name] for name in SECTION)
            said = numbered(label, heading) if number else "未分部分"
            grouped.setdefault((number or 0, said), []).append(record)
        ledger = reverse("responsibilities:obligation_list")
        base = f"{ledger}{self.plan.code}/"
        return [
            Section(
                number=number,
                label=label,
                url=self.url(section=str(number)),
                bars=[_bar(record, base) for record in _most_urgent(records)],
                counts=Counter(record["lamp_kind"] for record in records),
            )
            for (number, label), records in sorted(grouped.items())
        ]


def ledger_rows(plan: Plan, access: Access, today: date, *, names_plan: bool = False) -> LedgerRows:
    """Read the rows that the person may see, in the order of the text: one query."""
    rows = Obligation.objects.visible_to(access).of_plan(plan).live()
    dated = rows.with_row_dates(access).with_lamp(today=today, plan=plan).order_by("code")
    columns = (*COLUMNS, "open_count", "lamp_kind", *SECTION)
    return LedgerRows(plan, list(dated.values(*columns)), names_plan=names_plan)


def _most_urgent(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(records) <= MAX_BARS:
        return records
    rank = {kind.value: place for place, kind in enumerate(LampKind)}
    kept = sorted(records, key=lambda record: rank[record["lamp_kind"]])[:MAX_BARS]
    return sorted(kept, key=lambda record: record["code"])


def _bar(record: dict[str, Any], base: str) -> dict[str, str]:
    kind = LampKind(record["lamp_kind"])
    return {
        "kind": kind.value,
        "url": f"{base}{record['code']}/",
        "title": f"{record['title']}，{kind.label}",
    }

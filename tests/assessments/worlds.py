"""Facts written by hand for the tests of the rules: one unit of each class, third quarter 2019."""

import json
from datetime import date
from decimal import Decimal

from assessments.enums import FactKind, Part, RuleKind
from assessments.rules.facts import (
    Due,
    Entered,
    Event,
    IndicatorRule,
    LongTerm,
    Ref,
    SchemeRules,
    Snapshot,
    UnitFacts,
)
from organizations.enums import AssessmentClass
from qinnan_safety.environment import BASE_DIR

POINTS = ("points", "rate", "excess_rate")


def default_scheme(kind: AssessmentClass) -> SchemeRules:
    """Return the scheme of a class as the fixture holds it, without a database."""
    entries = json.loads((BASE_DIR / "fixtures/reference/schemes.json").read_text())
    entry = next(entry for entry in entries if entry["assessment_class"] == kind)
    return SchemeRules(
        entry["name"],
        kind,
        1,
        tuple(_rule(number, item) for number, item in enumerate(entry["indicators"], start=1)),
    )


def _rule(number: int, item: dict[str, str]) -> IndicatorRule:
    return IndicatorRule(
        number=number,
        part=Part(item["part"]),
        heading=item["heading"],
        title=item["title"],
        rule=RuleKind(item["rule"]),
        record=FactKind(item["record"]) if "record" in item else None,
        every_months=int(item.get("every_months", 3)),
        **{name: Decimal(item[name]) for name in POINTS if name in item},
    )


def snapshot(*units: UnitFacts, schemes: tuple[SchemeRules, ...] = (), year: bool = False):
    """Return a snapshot of the third quarter of 2019, or of the year, all of it over."""
    first, last = date(2019, 1 if year else 7, 1), date(2019, 12 if year else 9, 31 if year else 30)
    return Snapshot(
        period="2019" if year else "2019Q3",
        first_day=first,
        last_day=last,
        due_until=last,
        as_of="2020-01-10T09:00:00+08:00",
        schemes=schemes or tuple(default_scheme(kind) for kind in AssessmentClass),
        units=units,
    )


def ref(label: str) -> Ref:
    return Ref("task", f"sample/{label}", label)


def due(label: str, on: date, done: date | None) -> Due:
    return Due(on, f"任务{label}", ref(label), done)


def event(label: str, on: date) -> Event:
    return Event(on, f"任务{label}：退回补正，缺文号", ref(label))


def quiet(label: str, days: int) -> LongTerm:
    return LongTerm(f"长期{label}", ref(label), days, days > 90)


def record(kind: FactKind, on: date, number: int = 1, **more: object) -> Entered:
    paper = f"钦南发〔2019〕{number}号"
    return Entered(on, kind, kind.label, paper, Ref("fact", str(number), paper), **more)

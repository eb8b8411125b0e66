"""Facts of a unit that is gone: they stay with it, and its heir is not charged for them."""

from assessments.models import EnteredFact, VetoDecision
from common.days import full_day
from responsibilities.enums import Frequency
from responsibilities.periods import Period

ELSEWHERE = "文件写明由承接单位承担的，登记在承接单位名下"
GONE_UNITS = f"已撤销的单位只计入它在的考核期，不转给承接单位；{ELSEWHERE}。"


def spans_of(record: EnteredFact | VetoDecision) -> list[Period]:
    """Return the quarter and the year to which a record belongs; what names a year, that year."""
    if isinstance(record, VetoDecision) or record.period:
        quarter = Period.parse(record.period)
    else:
        quarter = Period.containing(record.happened_on, Frequency.QUARTERLY)
    year = Period(quarter.year, 1, 12)
    return [quarter, year] if quarter != year else [year]


def counting_spans(record: EnteredFact | VetoDecision) -> list[Period]:
    """Return those of them in which the unit is assessed: it was there on their last day."""
    return [span for span in spans_of(record) if record.unit.is_valid_on(span.last_day)]


def named(spans: list[Period]) -> str:
    """Name a quarter, a year, or a quarter and its year: 2019年第三季度和全年."""
    return "和".join("全年" if place else span.label for place, span in enumerate(spans))


def stays_with(record: EnteredFact | VetoDecision) -> str:
    """Say for which assessments a record of a unit that is gone does not count; "" for others.

    Source: docs/decisions/0008，谁在任时的事由谁承担，不随机构改革转给承接单位。
    """
    unit = record.unit
    missed = [span for span in spans_of(record) if not unit.is_valid_on(span.last_day)]
    if not missed or unit.valid_to is None:
        return ""
    heir = f"承接单位{unit.successor}" if unit.successor else "别的单位"
    words = f"{unit}{full_day(unit.valid_to)}撤销，不参加{named(missed)}考核"
    return f"{words}，这一条也不计入{heir}；{ELSEWHERE}。"

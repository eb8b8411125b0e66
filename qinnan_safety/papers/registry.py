"""The kinds of documents this platform writes, in the order in which they are offered."""

from datetime import date

from assessments.services.computing import assessed_span
from common.clock import day_of
from common.days import full_day
from common.errors import DomainError
from documents.enums import Audience
from documents.exceptions import NotYet
from documents.kinds import DocumentKind, register
from qinnan_safety.papers.breakdown import breakdown
from qinnan_safety.papers.bulletin import bulletin
from qinnan_safety.papers.corrections import corrected_at, corrections
from qinnan_safety.papers.figures import quarter_of
from qinnan_safety.papers.grades import grades_report
from qinnan_safety.papers.one_page import one_page
from qinnan_safety.papers.scorecard import assessment_of, require_shown, scorecard, scored_units
from qinnan_safety.papers.slips import slip, talk, talked_units, urgent_units
from qinnan_safety.papers.standings import standings_report
from responsibilities.periods import Period

DISTRICT, UNIT, LEADERS = Audience.DISTRICT, Audience.UNIT, Audience.LEADERS


def quarter_label(code: str) -> str:
    return quarter_of(code).label


def period_label(code: str) -> str:
    """Return the words for a period. Raises: DomainError."""
    try:
        return Period.parse(code).label
    except ValueError as error:
        raise DomainError(str(error)) from None


def scored_label(code: str) -> str:
    """Return the words for a quarter or a year. Raises: DomainError for anything else."""
    return assessed_span(code).label


def quarter_until(code: str, today: date) -> date:
    """Return the last day that a paper on the quarter speaks of: its own last day, or today."""
    return min(quarter_of(code).last_day, today)


def scored_until(code: str, today: date) -> date:
    """Return the day on which the result that a paper reports was computed, today at the latest."""
    current = assessment_of(code).current()
    return min(day_of(current.known_at or current.as_of), today)


def require_ended(code: str, today: date) -> None:
    """Refuse to number the bulletin of a quarter that still runs. Raises: NotYet."""
    quarter = quarter_of(code)
    if today <= quarter.last_day:
        raise NotYet(
            f"{quarter.label}到{full_day(quarter.last_day)}才结束，"
            "通报可以先起草、核稿，期满以后才能签发。"
        )


KINDS = (
    DocumentKind(
        "bulletin",
        "季度通报",
        DISTRICT,
        bulletin,
        quarter_label,
        ends_period=True,
        require_ready=require_ended,
        reports_until=quarter_until,
    ),
    DocumentKind(
        "scorecard",
        "单位考核成绩单",
        UNIT,
        scorecard,
        period_label,
        scored_units,
        ends_period=True,
        require_ready=require_shown,
        corrections=corrections,
        corrected_at=corrected_at,
        reports_until=scored_until,
    ),
    DocumentKind(
        "one-page",
        "领导一页纸",
        LEADERS,
        one_page,
        quarter_label,
        ends_period=True,
        reports_until=quarter_until,
    ),
    DocumentKind(
        "grades",
        "全区考核报告（公开版）",
        DISTRICT,
        grades_report,
        scored_label,
        ends_period=True,
        corrections=corrections,
        corrected_at=corrected_at,
        reports_until=scored_until,
    ),
    DocumentKind(
        "standings",
        "全区考核报告（领导版）",
        LEADERS,
        standings_report,
        scored_label,
        ends_period=True,
        require_ready=require_shown,
        corrections=corrections,
        corrected_at=corrected_at,
        reports_until=scored_until,
    ),
    DocumentKind("slip", "督办单", UNIT, slip, quarter_label, urgent_units),
    DocumentKind("talk", "约谈通知书", UNIT, talk, quarter_label, talked_units),
    DocumentKind(
        "breakdown",
        "任务分解表",
        DISTRICT,
        breakdown,
        quarter_label,
        reports_until=quarter_until,
    ),
)


def register_kinds() -> None:
    """Tell the documents app what can be drafted."""
    for kind in KINDS:
        register(kind)

"""A small district whose third quarter of 2019 is over: two departments of the first class."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from assessments.enums import FactKind
from assessments.models import Assessment, Computation
from assessments.services.computing import compute_assessment
from assessments.services.entering import FactContent, enter_fact
from assessments.services.loading import load_schemes
from assessments.services.publishing import (
    finalize_assessment,
    open_objections,
    publish_assessment,
)
from clauses.models import Plan
from organizations.enums import PostKind, UnitKind
from organizations.models import Unit, User
from organizations.services.people import get_system_user
from responsibilities.enums import ReportKind, ReviewDecision
from responsibilities.models import Obligation, ProgressReport, Task
from responsibilities.services.progress import ReportContent, review_report, submit_report
from tests.builders import dispatch, make_plan, make_row, make_unit, make_user

SHANGHAI = ZoneInfo("Asia/Shanghai")
# 测试的世界建于九月十八日；十月八日测算三季度。
AFTER = datetime(2019, 10, 8, 9, 0, tzinfo=SHANGHAI)
# 前一晚公示、当天截止，所以十月八日可以终评。
SHOWN = AFTER - timedelta(hours=12)


@dataclass
class District:
    plan: Plan
    own: Unit
    other: Unit
    office: User
    liaison: User
    head: User
    leader: User
    rows: dict[str, Obligation]

    def task(self, code: str) -> Task:
        return Task.objects.get(obligation=self.rows[code])

    def close(self, code: str, day: int, *, decision: ReviewDecision | None = None) -> None:
        """Send a closing in on a day of September; the office decides within the hour."""
        at = datetime(2019, 9, day, 15, 0, tzinfo=SHANGHAI)
        content = ReportContent(
            kind=ReportKind.CLOSING, summary="已办结。", document_no="钦南发〔2019〕1号"
        )
        report = submit_report(
            self.task(code), content, token=f"{code}-{day}", actor=self.liaison, at=at
        )
        if decision is not None:
            decide(self, report, decision, at.replace(hour=16))

    def enter(self, kind: FactKind, day: date = date(2019, 9, 20), **more: object) -> None:
        content = FactContent(kind, day, kind.label, "钦南发〔2019〕2号", **more)
        enter_fact(self.own, content, actor=self.office, at=AFTER - timedelta(days=1))

    def compute(self, at: datetime = AFTER) -> Computation:
        return compute_assessment("2019Q3", actor=self.office, at=at, reason="季度考核")

    @property
    def assessment(self) -> Assessment:
        return Assessment.objects.get()


def make_district() -> District:
    """区住建局 owes 02-02 by 20 September, 02-03 by the 25th and 03-01 by the end of the month."""
    plan = make_plan()
    awb = make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)
    own = make_unit("own", "区住建局", assessment_class="class1")
    other = make_unit("other", "区交通局", order=11, assessment_class="class1")
    make_unit("court", "区法院", kind=UnitKind.SUPERVISORY_BODY, order=12)
    people = {
        "office": make_user("office", (awb, PostKind.OFFICE)),
        "liaison": make_user("own-liaison", (own, PostKind.LIAISON)),
        "head": make_user("own-head", (own, PostKind.HEAD)),
        "leader": make_user("leader", (awb, PostKind.LEADER)),
    }
    made = [
        make_row(plan, code, leads=[own], due_on=date(2019, 9, day))
        for code, day in (("02-02", 20), ("02-03", 25), ("03-01", 30))
    ]
    dispatch(plan, *made)
    rows = {row.code: Obligation.objects.get(pk=row.pk) for row in made}
    load_schemes(
        settings.FIXTURES_DIR / "reference/schemes.json",
        actor=get_system_user(),
        at=AFTER - timedelta(days=20),
    )
    return District(plan=plan, own=own, other=other, rows=rows, **people)


def send(
    district: District, code: str, *day: int, decided: datetime | None = None
) -> ProgressReport:
    """Send a closing in; without ``decided`` the office passes it within the hour."""
    at = datetime(*day, 15, 0, tzinfo=SHANGHAI)
    content = ReportContent(ReportKind.CLOSING, summary="已办结。", document_no="钦南发〔2019〕1号")
    token = f"{code}-{at.isoformat()}"
    report = submit_report(district.task(code), content, token=token, actor=district.liaison, at=at)
    if decided is None:
        decide(district, report, ReviewDecision.PASS, at.replace(hour=16))
    return report


def decide(
    district: District, report: ProgressReport, decision: ReviewDecision, at: datetime
) -> None:
    review_report(
        report,
        decision,
        seen_sha256=report.content_sha256,
        actor=district.office,
        at=at,
        reason="缺少盖章" if decision == ReviewDecision.RETURN else "",
    )


def published(district: District) -> Assessment:
    """Compute the quarter and take it through objections to publication."""
    district.compute(SHOWN)
    who: Any = {"actor": district.office, "at": AFTER}
    found = open_objections(
        district.assessment, until=SHOWN.date(), version=1, actor=district.office, at=SHOWN
    )
    found = finalize_assessment(found, version=2, **who)
    return publish_assessment(found, version=3, **who)

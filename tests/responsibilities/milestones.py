"""A row with three milestones, and a report that ticks some of them off."""

from datetime import date

from organizations.models import User
from responsibilities.enums import ReportKind
from responsibilities.models import Obligation, ProgressReport
from responsibilities.services.milestones import Planned, set_milestones
from responsibilities.services.progress import ReportContent, submit_report
from tests.builders import NOW
from tests.responsibilities.town import Town

STEPS = (Planned("建成平台"), Planned("联网", date(2019, 9, 10)), Planned("投入运行"))


def row_of(town: Town) -> Obligation:
    return Obligation.objects.with_plan().get(pk=town.first.obligation_id)


def plan_steps(town: Town, *steps: Planned, actor: User | None = None) -> Obligation:
    row = row_of(town)
    actor = actor or town.office
    return set_milestones(
        row, steps, version=row.version, actor=actor, at=NOW, reason="按实施方案分步"
    )


def tick(town: Town, *titles: str, **said: object) -> ProgressReport:
    content = ReportContent(kind=ReportKind.PROGRESS, summary="有进展。", milestones=titles, **said)
    return submit_report(town.first, content, token="a", actor=town.liaison, at=NOW)

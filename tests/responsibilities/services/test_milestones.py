"""Milestones are set by the office, ticked off by units with a report, and never percentages."""

from datetime import date, timedelta

import pytest

from common.errors import DomainError, NotAllowed, StaleVersion
from responsibilities.as_of import milestones_as_of, row_as_of, tasks_as_of
from responsibilities.enums import ReportKind
from responsibilities.fingerprint import fingerprint
from responsibilities.milestones import steps_of
from responsibilities.models import Milestone, ProgressReport
from responsibilities.pages.timeline import obligation_acts
from responsibilities.services.milestones import Planned, set_milestones
from responsibilities.services.progress import ReportContent
from tests.builders import NOW, TODAY, rights
from tests.responsibilities.milestones import STEPS, plan_steps, row_of, tick
from tests.responsibilities.town import Town

pytestmark = pytest.mark.django_db


def state(town: Town) -> list[tuple[str, date | None]]:
    return [(s.milestone.title, s.done_on) for s in steps_of([town.first])[town.first.pk].all]


def test_a_step_is_reached_when_the_office_has_accepted_the_report(town: Town) -> None:
    plan_steps(town, *STEPS)
    report = tick(town, "建成平台", happened_on=date(2019, 9, 12))
    assert [day for _, day in state(town)] == [None, None, None]

    town.review(report, report.content_sha256)

    assert state(town) == [("建成平台", date(2019, 9, 12)), ("联网", None), ("投入运行", None)]
    assert [t.title for t in ProgressReport.objects.get().ticks.all()] == ["建成平台"]


def test_the_review_binds_to_the_ticks_and_reports_without_keep_their_mark(town: Town) -> None:
    plan_steps(town, *STEPS)
    plain = {"kind": "progress", "summary": "有进展。"}
    report = tick(town, "联网", "建成平台")

    assert report.current_sha256 == report.content_sha256
    assert report.content_sha256 != ReportContent(ReportKind.PROGRESS, "有进展。").sha256
    assert fingerprint(plain) == fingerprint(plain, (), ()) != fingerprint(plain, (), ["联网"])


def test_what_a_unit_ticked_stays_under_new_words_and_when_dropped(town: Town) -> None:
    plan_steps(town, *STEPS)
    report = tick(town, "建成平台")
    town.review(report, report.content_sha256)
    first, second, _ = Milestone.objects.all()

    plan_steps(town, Planned("联网", key=second.pk), Planned("平台建成", key=first.pk))

    assert state(town) == [("联网", None), ("平台建成", TODAY)]
    assert not ProgressReport.objects.with_evidence().get().is_changed_since_review
    assert Milestone.objects.filter(is_dropped=True).get().title == "投入运行"


def test_a_step_that_is_gone_meanwhile_is_named_and_nothing_is_sent(town: Town) -> None:
    plan_steps(town, *STEPS)
    plan_steps(town, Planned("建成平台"))

    with pytest.raises(DomainError, match="所勾的里程碑有的已改动"):
        tick(town, "联网")
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([Planned("建成"), Planned("建成 ")], "名称不能相同"),
        ([Planned(" ")], "要写明名称"),
        ([Planned(f"第{n}步") for n in range(13)], "最多 12 个"),
    ],
)
def test_what_does_not_hold_together_is_refused(
    town: Town, steps: list[Planned], sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence):
        plan_steps(town, *steps)


def test_only_the_office_sets_them_and_the_second_of_two_is_told(town: Town) -> None:
    with pytest.raises(NotAllowed):
        plan_steps(town, *STEPS, actor=town.liaison)
    row = row_of(town)
    plan_steps(town, *STEPS)
    with pytest.raises(StaleVersion):
        set_milestones(row, [], version=row.version, actor=town.office, at=NOW, reason="不分步")


def test_history_tells_it_and_a_past_day_shows_what_stood_then(town: Town) -> None:
    plan_steps(town, *STEPS)
    report = tick(town, "联网")
    town.review(report, report.content_sha256)
    row = row_of(town)
    set_milestones(
        row,
        [Planned("全部办成")],
        version=row.version,
        actor=town.office,
        at=NOW + timedelta(days=1),
        reason="合并几步",
    )

    told = obligation_acts(row_of(town), rights(town.liaison))
    past = row_as_of(row_of(town), TODAY, rights(town.office))
    assert past is not None
    then = milestones_as_of(past, tasks_as_of(past, TODAY, rights(town.office)), TODAY)

    assert told[0].reason == "合并几步"
    assert any("里程碑 全部办成" in line for line in told[0].lines)
    assert [(item.title, done) for item, done in then] == [
        ("建成平台", 0),
        ("联网", 1),
        ("投入运行", 0),
    ]

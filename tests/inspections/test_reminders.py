"""What heads and liaisons are told: to confirm, what is due, and nothing that is done."""

from datetime import date

import pytest

from common.clock import morning_of
from common.tracked import save_with_history
from inspections.enums import HazardGrade
from inspections.models import Inspection
from inspections.reminders import (
    hazards_of_units,
    hazards_owed,
    hazards_standing,
    inspections_owed,
    inspections_standing,
)
from inspections.services.recording import edit_inspection
from notices.models import Notice
from notices.rules import TEXT_LIMIT
from notices.services.delivering import deliver_notices
from notices.services.planning import plan_notices
from responsibilities.models import Obligation
from responsibilities.reminders import owed as tasks_owed
from tests.builders import NOW, TODAY, make_content
from tests.inspections.worlds import Department, Steps


def test_the_head_gets_the_link_when_the_record_is_sent(department: Department) -> None:
    sent = department.sent()

    notice = Notice.objects.get(kind="inspection-confirm")
    assert notice.recipient == department.people["head"]
    assert notice.text == "【区安委办】第三季度带队检查待您确认，9月30日前。李科员已填好。"
    assert notice.url == f"/inspections/{sent.pk}/confirm/"
    assert len(notice.text) <= TEXT_LIMIT


def test_a_change_of_what_was_confirmed_calls_the_head_again(department: Department) -> None:
    confirmed = department.confirm(department.sent())
    liaison = department.people["liaison"]
    changed = make_content(checked="另查了消防设施。")

    edit_inspection(confirmed, changed, version=confirmed.version, actor=liaison, at=NOW)

    assert Notice.objects.filter(recipient=department.people["head"]).count() == 2


def test_what_waits_is_owed_until_it_is_confirmed(department: Department) -> None:
    sent = department.sent()
    (subject,) = next(inspections_owed(TODAY, 30))

    assert (subject.due_on, subject.label, subject.unit_id) == (
        date(2019, 9, 30),
        "第三季度",
        department.unit.pk,
    )
    assert subject.key in inspections_standing([subject.key])
    department.confirm(Inspection.objects.get(pk=sent.pk))
    assert inspections_standing([subject.key]) == {}
    assert list(inspections_owed(TODAY, 30)) == []


def test_the_quarters_task_asks_for_the_inspection(department: Department) -> None:
    asked = {subject.ask for chunk in tasks_owed(TODAY, 30) for subject in chunk}
    pages = {subject.url for chunk in tasks_owed(TODAY, 30) for subject in chunk}

    assert (asked, pages) == ({"请带队检查并确认。"}, {"/inspections/"})


def test_of_an_ended_quarter_only_what_was_done_in_it_is_asked(department: Department) -> None:
    plan_notices(at=NOW, today=TODAY)

    # 3月31日到9月18日是171天。
    late = Notice.objects.get(recipient=department.people["liaison"], window="2019-03-31")
    assert late.text == (
        "【区安委办】02-01 每季度带队检查已逾期 171 天，期内带队检查过的，请补报并确认。"
    )


def told(person: str, department: Department) -> list[str]:
    """What the days' reminders of the third quarter came to for somebody."""
    mine = Notice.objects.filter(recipient=department.people[person], posted_by=None)
    notices = mine.filter(window="2019-09-30")
    return list(notices.order_by("pk").values_list("text", "state"))


def test_once_the_record_is_sent_the_head_is_asked_and_the_liaison_rests(
    department: Department,
) -> None:
    middle, fortnight = date(2019, 8, 15), date(2019, 9, 15)
    plan_notices(at=morning_of(middle), today=middle)
    department.sent(make_content(date(2019, 8, 14), findings=()), at=morning_of(middle, 10))
    deliver_notices(at=morning_of(middle, 11), today=middle)
    rests = ("【区安委办】02-01 每季度带队检查，9月30日前，请带队检查并确认。", "cancelled")
    assert told("liaison", department) == [rests]

    plan_notices(at=morning_of(fortnight), today=fortnight)
    deliver_notices(at=morning_of(fortnight), today=fortnight)
    assert told("liaison", department) == [rests]
    asked = ("【区安委办】第三季度 带队检查，9月30日前，联络员已填好，请您确认。", "sent")
    assert told("head", department) == [rests, asked]

    late = date(2019, 10, 8)  # 国庆后第一个工作日
    plan_notices(at=morning_of(late), today=late)
    deliver_notices(at=morning_of(late), today=late)
    chase = (
        "【区安委办】区住建局02-01 每季度带队检查已逾期 8 天，联络员已填好，请您确认。",
        "sent",
    )
    assert told("liaison", department) == [rests]
    assert told("head", department) == [rests, asked, chase]


def test_two_inspections_a_quarter_rest_only_when_both_were_sent(department: Department) -> None:
    department.sent()
    row = Obligation.objects.get()
    row.times_per_period = 2
    save_with_history(row, actor=department.people["office"], reason="每季度两次", at=NOW)

    def rests() -> list[bool]:
        return [subject.rests for chunk in tasks_owed(TODAY, 30) for subject in chunk]

    assert not any(rests())
    department.sent(make_content(date(2019, 9, 16)))
    (third_quarter,) = [rest for rest in rests() if rest]
    assert third_quarter


@pytest.mark.parametrize(
    ("grade", "kind"),
    [(HazardGrade.GENERAL, "hazard-general"), (HazardGrade.MAJOR, "hazard-major")],
)
def test_a_registered_hazard_is_due_until_it_is_crossed_off(
    department: Department, grade: HazardGrade, kind: str
) -> None:
    steps = Steps(department)
    steps.raised(token="unregistered")
    hazard = steps.registered(grade)

    (subject,) = next(hazards_owed(TODAY, 7))
    assert (subject.kind, subject.due_on, subject.url) == (
        kind,
        date(2019, 9, 25),
        hazard.get_absolute_url(),
    )
    assert list(hazards_owed(TODAY, 6)) == []
    calendar = [hazards_of_units([department.unit.pk], date(2019, 9, day)) for day in (24, 25)]
    assert calendar == [[], [subject]]
    assert subject.key in hazards_standing([subject.key, "hazard:987654"])


def test_a_hazard_that_is_crossed_off_is_owed_no_more(department: Department) -> None:
    closed = Steps(department).closed(at=morning_of(TODAY, 16))

    assert list(hazards_owed(date(2019, 12, 31), 30)) == []
    assert hazards_standing([f"hazard:{closed.pk}"]) == {}

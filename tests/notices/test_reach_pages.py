"""A person's own settings and calendar feed, and the proof of what a unit was told."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from icalendar import Calendar

from common.tracked import save_with_history
from notices.models import Delivery, Notice, NoticePreference
from notices.services.delivering import deliver_notices
from notices.services.planning import plan_notices
from responsibilities.models import Task
from responsibilities.reminders import SOURCE
from tests.builders import NOW, TODAY, dispatch, make_plan, make_row

pytestmark = pytest.mark.django_db
REACH = "/notices/reach/"


@pytest.fixture
def desk(client, people):
    client.force_login(people.liaison)
    return client


def text_of(answer) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def test_a_person_sets_an_address_and_a_pause(desk, people):
    form = {"email": "li@example.org", "mobile": "13907770001"}
    form |= {"muted_until": "2019-09-30", "seen": "0"}

    assert "接收设置已保存" in text_of(desk.post(REACH, form, follow=True))

    mine = NoticePreference.of(people.liaison.pk)
    assert (mine.email, mine.mobile) == ("li@example.org", "13907770001")
    assert mine.muted_until == date(2019, 9, 30)
    assert desk.post(REACH, form).status_code == 409


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("email", "不是邮箱", "不像一个邮箱地址"),
        ("mobile", "0777-210001", "应是 11 位手机号"),
        ("muted_until", "2019-09-17", "不能早于今天"),
        ("muted_until", "2020-09-17", "最长三个月"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(desk, column, value, said):
    answer = desk.post(REACH, {"seen": "0", column: value})

    assert answer.status_code == 422
    assert said in text_of(answer)
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.select_one(f"[name={column}]")["value"] == value


def feed_of(desk) -> str:
    page = BeautifulSoup(desk.post(f"{REACH}feed/").content, "html.parser")
    return page.select_one("code").text


def test_a_calendar_shows_the_units_open_due_dates_until_it_is_revoked(
    desk, client, people, monkeypatch
):
    monkeypatch.setattr("notices.facts._sources", {"task": SOURCE})
    plan = make_plan()
    rows = [
        make_row(plan, "02-02", leads=[people.zjj], due_on=date(2019, 10, 31), title="建平台"),
        make_row(plan, "02-03", leads=[people.jtj], due_on=date(2019, 10, 31)),
    ]
    dispatch(plan, *rows)
    address = feed_of(desk)
    client.logout()

    answer = client.get(address)

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [(e["summary"], e["dtstart"].dt, e["dtend"].dt) for e in events] == [
        ("02-02 建平台", date(2019, 10, 31), date(2019, 11, 1))
    ]
    assert answer["Cache-Control"] == "private, no-cache"
    again = client.get(address, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    task = Task.objects.get(unit=people.zjj)
    task.due_on = date(2019, 10, 30)
    save_with_history(task, actor=people.office, reason="提前", at=NOW)
    changed = client.get(address, headers={"If-None-Match": answer["ETag"]})
    assert (changed.status_code, changed["ETag"] != answer["ETag"]) == (200, True)
    client.force_login(people.liaison)
    client.post(f"{REACH}feed/revoke/")
    assert client.get(address).status_code == 404


def test_a_new_calendar_address_ends_the_old_one_and_the_token_is_not_stored(desk, people):
    first, second = feed_of(desk), feed_of(desk)

    assert desk.get(first).status_code == 404
    assert desk.get(second).status_code == 200
    token = second.rpartition("/")[2].removesuffix(".ics")
    assert token not in str(NoticePreference.objects.values().get(user=people.liaison))


def test_the_calendar_of_a_closed_account_is_closed(desk, people):
    address = feed_of(desk)
    type(people.liaison).objects.filter(pk=people.liaison.pk).update(is_active=False)

    assert desk.get(address).status_code == 404


def test_the_proof_lists_what_a_unit_was_told_with_its_stamps(client, people, duties):
    duties.add_quarter(1, people.zjj)
    duties.add(2, people.zjj, date(2019, 9, 12))
    duties.add_quarter(3, people.jtj)
    plan_notices(at=NOW, today=TODAY)
    deliver_notices(at=NOW, today=TODAY)
    Delivery.objects.create(
        notice=Notice.objects.get(subject="duty:1"),
        channel="email",
        state="sent",
        not_before=NOW,
        sent_at=NOW + timedelta(minutes=1),
    )
    client.force_login(people.office)

    said = text_of(client.get("/notices/units/zjj/"))

    assert "2019年提醒和催办证明" in said
    assert "就 2 件事向该单位及有关人员发出提醒 2 条，其中逾期催办 1 条；已读 0 条" in said
    assert "电子邮件 09-18 09:31" in said
    assert "23-03" not in said
    assert "区住建局 2" in text_of(client.get("/notices/desk/"))
    assert "没有发出过提醒" in text_of(client.get("/notices/units/zjj/?year=2018"))
    assert client.get("/notices/units/zjj/?year=2020").status_code == 404


def test_a_unit_reads_its_own_proof_and_no_other(client, people, duties):
    client.force_login(people.liaison)

    assert client.get("/notices/units/zjj/").status_code == 200
    assert client.get("/notices/units/jtj/").status_code == 404


def test_what_did_not_get_out_is_listed_and_can_be_tried_again(client, people, duties):
    duties.add_quarter(1, people.zjj)
    plan_notices(at=NOW, today=TODAY)
    deliver_notices(at=NOW, today=TODAY)
    stuck = Delivery.objects.create(
        notice=Notice.objects.get(),
        channel="robot",
        state="uncertain",
        not_before=NOW,
        last_error="发送途中中断，不知道是否送出",
    )
    client.force_login(people.office)
    assert "不知道是否送出" in text_of(client.get("/notices/desk/deliveries/"))

    said = text_of(client.post(f"/notices/desk/deliveries/{stuck.pk}/", follow=True))

    assert "已重新排入投递" in said
    assert Delivery.objects.get().state == "waiting"

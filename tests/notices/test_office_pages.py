"""The office's pages about reminders."""

import pytest
from bs4 import BeautifulSoup

from common.clock import reading
from notices.models import Notice, PlannerClock, ReminderSchedule, ReminderSetting
from notices.services.planning import plan_notices
from qinnan_safety.heartbeat import STALE_AFTER
from tests.builders import NOW, TODAY, make_plan
from tests.counting import statements_of
from tests.notices.conftest import QUARTER

pytestmark = pytest.mark.django_db
DESK = "/notices/desk/"


@pytest.fixture
def desk(client, people):
    client.force_login(people.office)
    return client


def text_of(answer) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


def test_the_preview_names_who_would_get_what_and_writes_nothing(desk, people, duties):
    duties.add_quarter(1, people.zjj)

    said = text_of(desk.get(f"{DESK}preview/"))

    assert "会新发 1 条" in said
    assert "李科员 · 到期前15天" in said
    assert not Notice.objects.exists()


def test_the_desk_says_on_which_days_each_kind_is_called_to_mind(desk, duties):
    said = text_of(desk.get(DESK))

    assert "期初、期中、到期前 15 天、到期前 5 个工作日" in said
    assert "逾期后第 1、4、7、10、15 个工作日逐级催办" in said


def test_what_is_held_can_be_let_through_with_a_reason(desk, people, duties):
    duties.add_quarter(1, people.zjj)
    plan_notices(at=NOW, today=TODAY)
    Notice.objects.all().move_all("held", reason="超过上限")
    assert "1 条提醒等您核对" in text_of(desk.get(DESK))
    make_plan()
    assert "提醒超过上限，暂缓待核对 1 条" in text_of(desk.get("/"))

    said = text_of(desk.post(f"{DESK}held/", {"reason": ""}, follow=True))
    assert "“理由”不能空着" in said

    said = text_of(desk.post(f"{DESK}held/", {"reason": "已核对"}, follow=True))
    assert "1 条提醒已放行" in said
    assert Notice.objects.get().state == "planned"


def test_pausing_shows_on_the_desk(desk, duties):
    form = {"is_paused": "on", "cap": "500", "seen": "0", "reason": "系统割接"}

    said = text_of(desk.post(f"{DESK}limits/", form, follow=True))

    assert "自动提醒已暂停" in said
    assert (ReminderSetting.current().is_paused, ReminderSetting.current().cap) == (True, 500)


def test_a_pause_is_not_forgotten(desk, people, duties):
    make_plan()
    duties.add_quarter(1, people.zjj)
    home = statements_of(desk, "/")
    form = {"is_paused": "on", "cap": "500", "seen": "0", "reason": "系统割接"}
    desk.post(f"{DESK}limits/", form)
    desk.post(f"{DESK}limits/", {**form, "cap": "400", "seen": "1"})
    began = ReminderSetting.history.earliest().history_date
    ReminderSetting.history.filter(history_date=began).update(history_date=NOW)

    for page in ("/", DESK, f"{DESK}preview/"):
        assert f"提醒已暂停（{people.office}，9月18日起）" in text_of(desk.get(page)), page
    assert statements_of(desk, "/") == home
    assert "已暂停，现在恢复，会新发 1 条" in text_of(desk.get(f"{DESK}preview/"))

    desk.post(f"{DESK}limits/", {"cap": "400", "seen": "2", "reason": "割接完成"})
    for page in ("/", DESK, f"{DESK}preview/"):
        assert "已暂停" not in text_of(desk.get(page)), page


def test_the_preview_counts_everything_and_says_when_all_would_be_held(desk, people, duties):
    for number in range(1, 203):
        duties.add_quarter(number, people.zjj)

    said = text_of(desk.get(f"{DESK}preview/"))
    assert "会新发 202 条" in said
    assert "共 202 条，只列出前 200 条" in said

    desk.post(f"{DESK}limits/", {"cap": "201", "seen": "0", "reason": "测试"})
    said = text_of(desk.get(f"{DESK}preview/"))
    assert "现在运行，202 条会整批暂缓" in said
    assert "超过一次最多 201 条" in said
    pause = {"is_paused": "on", "cap": "201", "seen": "1", "reason": "测试"}
    desk.post(f"{DESK}limits/", pause)
    said = text_of(desk.get(f"{DESK}preview/"))
    assert "自动提醒已暂停，现在恢复，202 条会整批暂缓" in said


def test_days_are_typed_as_people_write_them(desk, duties):
    address = f"{DESK}schedule/{QUARTER}/"
    typed = {"days_before": "30、7", "workdays_before": "", "ladder": "1，3", "seen": "0"}

    answer = desk.post(address, {**typed, "reason": "按区安委办要求"})

    assert answer.status_code == 302
    stored = ReminderSchedule.objects.get()
    assert (stored.days_before, stored.workdays_before, stored.ladder) == ([7, 30], [], [1, 3])
    assert stored.history.get().history_change_reason == "按区安委办要求"


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("days_before", "十五", "应是天数"),
        ("days_before", "0", "1 到 366 之间"),
        ("workdays_before", "61", "1 到 60 之间"),
        ("ladder", "1、2、3、4、5、6", "最多 5 级"),
    ],
)
def test_days_that_make_no_sense_are_refused_and_kept(desk, duties, column, value, said):
    typed = {"ladder": "1", "seen": "0", "reason": "测试", column: value}

    answer = desk.post(f"{DESK}schedule/{QUARTER}/", typed)

    assert answer.status_code == 422
    assert said in text_of(answer)
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.select_one(f"[name={column}]")["value"] == value


def test_a_form_that_is_out_of_date_shows_both(desk, duties):
    form = {"cap": "500", "seen": "0", "reason": "测试"}
    desk.post(f"{DESK}limits/", form)

    answer = desk.post(f"{DESK}limits/", {**form, "cap": "600"})

    assert answer.status_code == 409
    assert "现为：500 您填：600" in text_of(answer)


def note(seconds_ago: float, **columns) -> None:
    now = reading()
    PlannerClock.objects.note(
        now.host, wall=now.wall - seconds_ago, steady=now.steady - seconds_ago, **columns
    )


@pytest.mark.parametrize(
    ("seconds_ago", "columns", "said"),
    [
        (STALE_AFTER + 1, {}, "后台已 1 分钟没有动静"),
        (10, {"held_since": 1.0}, "服务器时钟被拨动过"),
    ],
)
def test_the_office_is_told_when_nobody_works_behind_the_pages(desk, seconds_ago, columns, said):
    pages = ("/", "/tasks/", "/inspections/", "/documents/", "/notices/", DESK)
    for page in pages:
        assert "后台还没有运行过" in text_of(desk.get(page)), page
    note(seconds_ago, **columns)

    for page in pages:
        assert said in text_of(desk.get(page)), page


def test_the_alarm_rides_on_the_count_of_what_is_unread(desk, people):
    note(60)
    run = {"subject": "task:1", "window": "1", "url": "/", "run": "r", "planned_on": TODAY}
    for rule, state in (("start", "sent"), ("middle", "sent"), ("days-15", "read")):
        Notice.objects.create(
            recipient=people.office,
            kind="k",
            rule=rule,
            text="有事",
            state=state,
            planned_at=NOW,
            sent_at=NOW,
            **run,
        )
    units = statements_of(desk, "/units/")
    assert desk.get("/units/").context["shell"]["unread"] == 2

    PlannerClock.objects.forget()
    assert desk.get("/units/").context["shell"]["unread"] == 2
    assert statements_of(desk, "/units/") == units


def test_nobody_is_alarmed_while_the_work_goes_on_nor_a_unit_at_all(desk, people):
    note(60)
    assert "后台" not in text_of(desk.get("/"))
    PlannerClock.objects.forget()

    desk.force_login(people.liaison)
    assert "后台" not in text_of(desk.get("/"))


def test_the_clock_can_be_confirmed_on_the_desk(desk, duties):
    note(0, held_since=1.0)
    assert "时钟被拨动过" in text_of(desk.get(DESK))

    said = text_of(desk.post(f"{DESK}clock/", follow=True))

    assert "已按现在的时钟继续" in said
    assert PlannerClock.objects.get().held_since is None

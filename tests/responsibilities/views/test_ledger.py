"""The ledger page: what it lists, to whom, in what order, at what cost."""

from copy import deepcopy
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.tracked import save_with_history
from organizations.services.people import get_system_user
from responsibilities.enums import DeadlineKind, Frequency, FulfilmentMode, TaskState
from responsibilities.services.deadlines import Deadline, set_deadline
from responsibilities.services.rollup import refresh_rollup
from tests.builders import NOW, TODAY, dispatch, make_row, make_user
from tests.responsibilities.views.ledger_worlds import (
    LEDGER,
    Ledger,
    codes,
    groups,
    make_ledger,
    tabs,
    text_of,
)
from tests.standing import built_once

pytestmark = pytest.mark.django_db


whole = built_once(make_ledger)


@pytest.fixture
def ledger(db: None, whole: Ledger) -> Ledger:
    return deepcopy(whole)


@pytest.fixture
def office(client: Client, ledger: Ledger) -> Client:
    client.force_login(ledger.people["office"])
    return client


def test_groups_rows_by_lamp_with_the_nearest_first(office: Client) -> None:
    page = office.get(LEDGER)

    assert codes(page) == ["02-02", "02-01", "01-01", "03-01", "02-03"]
    assert groups(page) == [("逾期", 1), ("临期", 1), ("正常", 2), ("未启动", 1)]
    assert "逾期 48 天" in text_of(page)
    assert "剩 12 天" in text_of(page)


def test_counts_the_built_in_views(office: Client) -> None:
    # 本季(到 9 月 30 日):02-02 已逾期,02-01 还剩 12 天。
    assert tabs(office.get(LEDGER)) == {
        "全部": 5,
        "本季要到期": 2,
        "逾期": 1,
        "待明确": 1,
        "未下发": 1,
        "每季必做": 1,
    }


def test_shows_units_progress_and_exceptions_of_a_row(office: Client, ledger: Ledger) -> None:
    first, second = ledger.rows["soon"].tasks.filter(period="2019Q3").order_by("unit__order")
    first.state, first.closed_on, first.closed_at = TaskState.CLOSED, TODAY, NOW
    first.closed_by, first.last_reported_on = get_system_user(), TODAY
    second.state = TaskState.RETURNED
    for task in (first, second):
        save_with_history(task, actor=get_system_user(), reason="测试", at=NOW)
    refresh_rollup([ledger.rows["soon"].pk])

    line = text_of(office.get(f"{LEDGER}?q=02-01")).split('data-row id="row-')[1].split("</tr>")[0]

    assert "区甲局等 2 家" in line
    assert '<span class="due due_soon"><i class="l due_soon" aria-hidden="true"></i>' in line
    assert "退回补正" in line
    assert 'aria-label="完成 1，共 2 件"' in line
    assert ">9-18<" in line


def test_counts_only_the_current_period(office: Client) -> None:
    # 三、四季度各一件,本季只算三季度的两件。
    assert "完成 0，共 2 件" in text_of(office.get(f"{LEDGER}?q=02-01"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("group=section", [("一、总体要求", 1), ("二、落实责任", 4)]),
        (
            "group=clause",
            [("（一）目标任务", 1), ("（二）部门责任", 3), ("（三）属地责任", 1)],
        ),
        ("group=lead", [("区甲局", 3), ("区乙局", 2)]),
    ],
)
def test_groups_otherwise_when_asked(
    office: Client, query: str, expected: list[tuple[str, int]]
) -> None:
    assert groups(office.get(f"{LEDGER}?{query}")) == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("due", ["02-02", "02-01", "02-03"]),
        ("far", ["02-01", "02-02", "02-03"]),
        ("code", ["02-01", "02-02", "02-03"]),
    ],
)
def test_sorts_within_groups(office: Client, sort: str, expected: list[str]) -> None:
    page = office.get(f"{LEDGER}?group=clause&clause=2&sort={sort}")

    assert codes(page) == expected


def test_a_unit_sees_its_own_rows_with_its_own_lamp_and_counts(
    client: Client, ledger: Ledger
) -> None:
    client.force_login(ledger.people["jia"])

    page = client.get(LEDGER)

    assert codes(page) == ["02-01", "03-01"]
    assert tabs(page) == {
        "全部": 2,
        "牵头": 2,
        "配合": 0,
        "本季要到期": 1,
        "逾期": 0,
        "每季必做": 1,
    }
    assert "完成 0，共 1 件" in text_of(page)


def test_what_a_unit_assists_with_is_told_apart_and_not_its_own_lateness(
    client: Client, ledger: Ledger
) -> None:
    jia, yi = ledger.units["jia"], ledger.units["yi"]
    row = make_row(ledger.plan, "03-01", leads=[jia], assists=[yi], due_on=date(2019, 8, 1))
    dispatch(ledger.plan, row)
    client.force_login(ledger.people["yi"])

    page = client.get(LEDGER)

    assert groups(page) == [
        ("逾期", 1),
        ("临期", 1),
        ("正常", 1),
        ("配合 · 逾期", 1),
        ("配合 · 正常", 1),
    ]
    assert tabs(page) == {
        "全部": 5,
        "牵头": 3,
        "配合": 2,
        "本季要到期": 2,
        "逾期": 1,
        "每季必做": 1,
    }
    assert codes(page)[3:] == ["03-01b", "03-01"]
    assert text_of(page).count('<td class="c-seg">配合</td>') == 2


def test_a_silent_row_of_many_units_says_which_of_them_told_nothing(
    office: Client, ledger: Ledger
) -> None:
    jia, yi = ledger.units["jia"], ledger.units["yi"]
    row = make_row(ledger.plan, "03-01", leads=[jia, yi], mode=FulfilmentMode.SEPARATE)
    lasting = Deadline(DeadlineKind.CONTINUOUS, "长期坚持")
    stamp = {"actor": get_system_user(), "at": NOW, "reason": "测试"}
    set_deadline(row, lasting, version=row.version, today=TODAY, **stamp)
    row.refresh_from_db()
    dispatch(ledger.plan, row, starts_on=date(2019, 1, 1), today=date(2019, 1, 1))
    told = row.tasks.get(unit=yi)
    told.last_reported_on = date(2019, 9, 12)
    save_with_history(told, **stamp)
    refresh_rollup([row.pk])

    # 从 1 月 1 日到 9 月 18 日是 260 天。
    line = text_of(office.get(f"{LEDGER}?q=03-01b")).split('data-row id="row-')[1]

    assert "260 天未更新" in line
    assert ">9-12<" in line
    assert '<span class="st amber">区甲局未更新</span>' in line
    # 往日台账说的一样。
    assert "区甲局未更新" in text_of(office.get(f"{LEDGER}history/?on=2019-09-18"))


@pytest.mark.parametrize(
    "query",
    ["", "group=lead", "group=clause", "unit=yi", "lamp=overdue", "q=建立平台", "state=draft"],
)
def test_nothing_of_another_units_rows_reaches_a_unit(
    client: Client, ledger: Ledger, query: str
) -> None:
    client.force_login(ledger.people["jia"])

    page = client.get(f"{LEDGER}?{query}")

    for secret in ("02-02", "02-03", "01-01", "降低事故总量", "通报情况", "逾期 48 天"):
        assert secret not in text_of(page).replace('value="建立平台"', "")
    assert all(count <= 2 for _, count in groups(page))
    assert 'name="unit"' not in text_of(page)
    assert 'name="state"' not in text_of(page)
    assert "<option" not in text_of(page) or "区乙局</option>" not in text_of(page)


@pytest.mark.parametrize("who", ["leader", "auditor", "jia", "yi"])
def test_only_the_office_meets_means_of_change(client: Client, ledger: Ledger, who: str) -> None:
    client.force_login(ledger.people[who])

    page = text_of(client.get(LEDGER))

    assert 'name="rows"' not in page
    assert "data-edit" not in page


def test_a_leader_sees_every_row(client: Client, ledger: Ledger) -> None:
    client.force_login(ledger.people["leader"])

    assert len(codes(client.get(LEDGER))) == 5


def test_a_person_without_a_post_sees_nothing(client: Client, ledger: Ledger) -> None:
    client.force_login(make_user("nobody"))

    assert codes(client.get(LEDGER)) == []


def test_a_visitor_is_sent_to_sign_in(client: Client, ledger: Ledger) -> None:
    assert client.get(LEDGER).status_code == 302


def test_htmx_receives_the_rows_alone_and_the_clean_address(office: Client) -> None:
    answer = office.get(f"{LEDGER}?q=&lamp=overdue&unit=", headers={"HX-Request": "true"})

    assert codes(answer) == ["02-02"]
    assert "<html" not in text_of(answer)
    assert answer["HX-Push-Url"] == "/tasks/?lamp=overdue"
    assert 'hx-swap-oob="true"' in text_of(answer)


def test_going_back_in_the_browser_receives_the_whole_page(office: Client) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}

    assert "<html" in text_of(office.get(LEDGER, headers=headers))


def _add_rows(ledger: Ledger, count: int) -> None:
    units = [ledger.units["jia"], ledger.units["yi"]]
    rows = [
        make_row(
            ledger.plan,
            "02-01",
            leads=units,
            mode=FulfilmentMode.SEPARATE,
            frequency=Frequency.QUARTERLY,
        )
        for _ in range(count)
    ]
    dispatch(ledger.plan, *rows)


@pytest.mark.parametrize("who", ["office", "leader", "jia"])
@pytest.mark.parametrize("query", ["", "group=lead&sort=far", "unit=jia&role=lead&q=检查&due=year"])
def test_costs_the_same_for_few_rows_and_for_many(
    client: Client, ledger: Ledger, who: str, query: str
) -> None:
    client.force_login(ledger.people[who])
    client.get(LEDGER)
    with CaptureQueriesContext(connection) as few:
        client.get(f"{LEDGER}?{query}")
    _add_rows(ledger, 20)

    with CaptureQueriesContext(connection) as many:
        client.get(f"{LEDGER}?{query}")

    assert len(many) == len(few)
    assert len(many) <= 7, [item["sql"][:90] for item in many.captured_queries]


def test_turns_pages_of_fifty_and_says_where_a_group_goes_on(
    office: Client, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("responsibilities.pages.ledger.PAGE_SIZE", 2)

    first, second = office.get(LEDGER), office.get(f"{LEDGER}?page=2")
    third = office.get(f"{LEDGER}?page=3")

    assert codes(first) + codes(second) + codes(third) == [
        "02-02",
        "02-01",
        "01-01",
        "03-01",
        "02-03",
    ]
    assert groups(second) == [("正常", 2)]
    assert "接上页" not in text_of(second)
    beyond = office.get(f"{LEDGER}?page=999999999999")
    assert beyond.status_code == 200
    assert codes(office.get(f"{LEDGER}?page=99")) == ["02-03"]


def test_a_group_cut_by_the_page_goes_on_with_its_whole_count(
    office: Client, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("responsibilities.pages.ledger.PAGE_SIZE", 3)

    second = office.get(f"{LEDGER}?page=2")

    assert codes(second) == ["03-01", "02-03"]
    assert groups(second)[0] == ("正常", 2)
    assert "接上页" in text_of(second)


def test_draws_a_row_anew_for_every_reader_and_after_every_change(
    client: Client, ledger: Ledger
) -> None:
    row = ledger.rows["soon"]
    client.force_login(ledger.people["office"])
    assert f'name="rows" value="{row.pk}"' in text_of(client.get(LEDGER))

    row.title = "换了说法的任务"
    save_with_history(row, actor=ledger.people["office"], at=NOW, reason="改标题")
    assert "换了说法的任务" in text_of(client.get(LEDGER))

    client.force_login(ledger.people["jia"])
    seen = client.get(LEDGER)
    assert "换了说法的任务" in text_of(seen)
    assert f'name="rows" value="{row.pk}"' not in text_of(seen)

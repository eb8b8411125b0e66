"""The story of a row, and rows, clauses and the ledger of past days, as pages."""

from datetime import date, timedelta

import pytest
from django.test import Client

from organizations.enums import PostKind
from organizations.models import Unit, User
from responsibilities.enums import Frequency, FulfilmentMode
from responsibilities.models import Obligation
from responsibilities.services.assigning import change_lead
from responsibilities.services.breakdown import Wording, revise_obligation
from tests.builders import NOW, TODAY, dispatch, make_plan, make_row, make_unit, make_user

pytestmark = pytest.mark.django_db
HISTORY = "/tasks/sample/02-02/history/"
LEDGER = "/tasks/history/"
CLAUSE = "/plan/sample/clauses/2/history/"
# 测试数据都记在 9 月 18 日;页面上的“今天”往后放,才有往日可看。
SEEN_ON = "2019-09-25"


@pytest.fixture(autouse=True)
def _a_week_later(settings) -> None:
    settings.QINNAN_TODAY = SEEN_ON


@pytest.fixture
def people(units: dict[str, Unit]) -> dict[str, User]:
    return {
        "office": make_user("office", (units["awb"], PostKind.OFFICE), name="陆科员"),
        "leader": make_user("leader", (units["awb"], PostKind.LEADER)),
        "before": make_user("before", (units["zjj"], PostKind.LIAISON)),
        "after": make_user("after", (units["jtj"], PostKind.LIAISON)),
    }


@pytest.fixture
def row(units: dict[str, Unit], people: dict[str, User]) -> Obligation:
    """Dispatched on the 18th, renamed on the 20th, handed from 住建 to 交通 on the 22nd."""
    plan = make_plan()
    row = make_row(plan, "02-02", leads=[units["zjj"]], due_on=date(2019, 9, 19), title="旧题")
    dispatch(plan, row)
    row.refresh_from_db()
    revise_obligation(
        row,
        Wording("新题", "措施" * 30),
        version=row.version,
        actor=people["office"],
        at=NOW + timedelta(days=2),
        reason="统一口径",
    )
    row.refresh_from_db()
    change_lead(
        row,
        units["jtj"],
        actor=people["office"],
        at=NOW + timedelta(days=4),
        today=TODAY + timedelta(days=4),
        reason="职责调整",
    )
    row.refresh_from_db()
    return row


def read(client: Client, who: User, url: str, status: int = 200) -> str:
    client.force_login(who)
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def test_acts_read_as_sentences_with_actor_time_reason_and_both_texts(
    client: Client, people: dict[str, User], row: Obligation
) -> None:
    page = read(client, people["office"], HISTORY)

    assert "任务：牵头单位由“区住建局”改为“区交通局”" in page
    assert "陆科员 · 9月22日 09:30 · 理由：职责调整" in page
    assert "重点任务由“旧题”改为“新题”" in page
    assert "改写具体措施" in page
    assert "措施" * 30 in page
    assert page.index("区交通局") < page.index("旧题")


def test_a_row_of_a_past_day_shows_old_words_units_tasks_and_lamp(
    client: Client, people: dict[str, User], row: Obligation
) -> None:
    then = read(client, people["office"], f"{HISTORY}?on=2019-09-19")
    now = read(client, people["office"], f"{HISTORY}?on=2019-09-22")

    assert "旧题" in then
    assert "今天到期" in then
    assert "区住建局" in then
    assert "区交通局" not in then
    assert "新题" in now
    assert "逾期 3 天" in now
    assert "区住建局" not in now.split("当时的任务")[1]


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        ("2019-09-26", "这一天还没有到，请选今天（2019年9月25日）或以前的日期。"),
        ("九月", "日期请按 2019-09-30 的样式填写。"),
        ("", "请选一个日期"),
    ],
)
@pytest.mark.parametrize("url", [HISTORY, LEDGER, CLAUSE])
def test_a_day_that_cannot_be_shown_gets_a_sentence(
    client: Client, people: dict[str, User], row: Obligation, url: str, on: str, sentence: str
) -> None:
    assert sentence in read(client, people["office"], f"{url}?on={on}", status=422)


def test_the_ledger_leads_to_its_past_which_begins_with_today(
    client: Client, people: dict[str, User], row: Obligation
) -> None:
    for page in ("/tasks/", "/overview/"):
        assert f'href="{LEDGER}?plan=sample"' in read(client, people["leader"], page)
    assert 'name="on" value="2019-09-25"' in read(client, people["leader"], f"{LEDGER}?plan=sample")


def test_a_day_before_the_row_says_so(
    client: Client, people: dict[str, User], row: Obligation
) -> None:
    assert "这一天还没有这项任务" in read(client, people["office"], f"{HISTORY}?on=2019-09-17")
    assert "这一天台账里还没有任务" in read(client, people["office"], f"{LEDGER}?on=2019-09-17")


def test_the_ledger_of_a_day_has_rows_leads_and_totals_per_lamp(
    client: Client, people: dict[str, User], row: Obligation
) -> None:
    first = read(client, people["leader"], f"{LEDGER}?on=2019-09-18")
    later = read(client, people["leader"], f"{LEDGER}?on=2019-09-22")

    assert "旧题" in first
    assert "临期 <b>1</b>" in first
    assert "逾期 <b>0</b>" in first
    assert "新题" in later
    assert "逾期 <b>1</b>" in later
    assert "区交通局" in later
    assert "没有这种灯的任务" in read(
        client, people["leader"], f"{LEDGER}?on=2019-09-22&lamp=closed"
    )


def test_a_unit_finds_what_was_its_own_on_the_day_and_nothing_else(
    client: Client, people: dict[str, User], row: Obligation
) -> None:
    before, after = people["before"], people["after"]

    assert "旧题" in read(client, before, f"{LEDGER}?on=2019-09-18")
    assert "新题" not in read(client, before, f"{LEDGER}?on=2019-09-22")
    assert "旧题" not in read(client, after, f"{LEDGER}?on=2019-09-18")
    assert "旧题" in read(client, before, f"{HISTORY}?on=2019-09-18")
    assert "本单位还没有这项任务" in read(client, after, f"{HISTORY}?on=2019-09-18")
    read(client, before, HISTORY, status=404)
    read(client, before, f"{HISTORY}?on=2019-09-22", status=404)
    read(client, before, f"{HISTORY}?on=九月", status=404)


def test_the_past_of_a_unit_lights_only_what_it_led(
    client: Client, people: dict[str, User], row: Obligation, units: dict[str, Unit]
) -> None:
    """On the 20th 区住建局 led one row, due the day before, and assisted in another, due then."""
    aided = make_row(
        row.plan, "02-03", leads=[units["jtj"]], assists=[units["zjj"]], due_on=date(2019, 9, 19)
    )
    dispatch(row.plan, aided)

    own = read(client, people["before"], f"{LEDGER}?on=2019-09-20")
    picked = read(client, people["office"], f"{LEDGER}?on=2019-09-20&unit=zjj")
    late = read(client, people["before"], f"{LEDGER}?on=2019-09-20&lamp=overdue")

    for page in (own, picked):
        assert "2 项任务" in page
        assert "其中 1 项配合，不计入亮灯" in page
        assert "逾期 <b>1</b>" in page
        assert '<td class="c-seg">配合</td>' in page
    assert aided.title not in late
    assert "逾期 <b>2</b>" in read(client, people["office"], f"{LEDGER}?on=2019-09-20")


def test_a_past_day_lists_the_period_of_the_day_first_and_none_that_had_not_begun(
    client: Client, people: dict[str, User], units: dict[str, Unit]
) -> None:
    plan = make_plan()
    quarterly = make_row(plan, "02-02", leads=[units["zjj"]], frequency=Frequency.QUARTERLY)
    dispatch(plan, quarterly, starts_on=date(2019, 4, 1))

    day = read(client, people["office"], f"{HISTORY}?on=2019-09-18").split("当时的办理件")[1]

    assert day.index("2019年第三季度") < day.index("2019年第二季度")
    assert "2019年第四季度" not in day
    assert "另有 1 件是以后各期的，当时还没有开始。" in day


def test_a_unit_reads_no_line_about_another_unit(
    client: Client, people: dict[str, User], units: dict[str, Unit]
) -> None:
    plan = make_plan()
    shared = make_row(
        plan,
        "02-02",
        leads=[units["zjj"], units["jtj"]],
        mode=FulfilmentMode.SEPARATE,
        due_on=date(2019, 9, 30),
    )
    dispatch(plan, shared)

    story = read(client, people["before"], HISTORY)
    day = read(client, people["before"], f"{HISTORY}?on=2019-09-18")

    assert "办理件 区住建局" in story
    assert "区交通局" not in story
    assert "区交通局" not in day.split("当时的办理件")[1]


def test_a_clause_of_a_day_shows_dispositions_rows_and_acts(
    client: Client, people: dict[str, User], row: Obligation
) -> None:
    page = read(client, people["office"], f"{CLAUSE}?on=2019-09-19")

    assert "旧题" in page
    assert "背景说明" in page  # 其余句子在下发前定为背景说明
    assert "句 02-02：处置由“未定”改为“已立项”" in page
    assert "旧题" not in read(client, people["after"], f"{CLAUSE}?on=2019-09-19")
    assert "方案还没有录入" in read(client, people["office"], f"{CLAUSE}?on=2018-01-01")


def test_the_past_of_one_unit_is_what_it_was_in(
    client: Client, people: dict[str, User], row: Obligation
) -> None:
    other = make_unit("jyj", "区教育局", order=60)
    elsewhere = make_row(row.plan, "02-03", leads=[other], due_on=date(2019, 9, 30))
    dispatch(row.plan, elsewhere)

    page = read(client, people["office"], f"{LEDGER}?on=2019-09-18&unit=jyj")

    assert "区教育局 2019年9月18日的台账" in page
    assert elsewhere.title in page
    assert row.title not in page
    assert '<option value="jyj" selected>' in page
    read(client, people["office"], f"{LEDGER}?on=2019-09-18&unit=nowhere", status=404)


def test_histories_of_what_is_not_there_are_not_found(
    client: Client, people: dict[str, User], row: Obligation
) -> None:
    for url in (
        "/tasks/sample/09-09/history/",
        "/tasks/nowhere/02-02/history/",
        "/plan/sample/clauses/99/history/",
        "/tasks/history/?plan=nowhere",
    ):
        read(client, people["office"], url, status=404)


def test_the_pages_cost_the_same_for_two_rows_and_for_twenty(
    client: Client, people: dict[str, User], django_assert_max_num_queries
) -> None:
    plan = make_plan()
    read(client, people["office"], LEDGER)  # 第一次请求还要写会话
    counts = []
    for first, last in ((0, 2), (2, 20)):
        leads = [make_unit(f"u{n}", f"单位{n}", order=50 + n) for n in range(first, last)]
        rows = [make_row(plan, "02-02", leads=[u], due_on=date(2019, 9, 30)) for u in leads]
        dispatch(plan, *rows)
        found = []
        for url in (LEDGER, CLAUSE, HISTORY):
            with django_assert_max_num_queries(16) as queries:
                assert client.get(f"{url}?on=2019-09-18").status_code == 200
            found.append(len(queries))
        counts.append(found)

    assert counts[0] == counts[1]


def test_the_story_can_leave_out_the_daily_work(
    client: Client, people: dict[str, User], row: Obligation
) -> None:
    assert "办理件 区住建局" in read(client, people["office"], HISTORY)

    only = read(client, people["office"], f"{HISTORY}?only=row")

    assert "办理件 区住建局" not in only
    assert "牵头单位由" in only

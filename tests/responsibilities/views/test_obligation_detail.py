"""The page of one row: what it shows, to whom, and at what cost."""

from datetime import date

import pytest
from django.test import Client

from clauses.models import Erratum
from organizations.enums import PostKind
from organizations.models import Unit, UnitAlias, User
from responsibilities.enums import Frequency, FulfilmentMode, ReportKind, ReviewDecision
from responsibilities.models import Obligation, Task
from responsibilities.services.extensions import decide_extension, request_extension
from responsibilities.services.progress import ReportContent, review_report, submit_report
from tests.builders import (
    NOW,
    PLAN_TEXT,
    dispatch,
    make_plan,
    make_row,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db
URL = "/tasks/sample/02-02/"


@pytest.fixture
def people(units: dict[str, Unit]) -> dict[str, User]:
    return {
        "office": make_user("office", (units["awb"], PostKind.OFFICE), name="陆科员"),
        "leader": make_user("leader", (units["awb"], PostKind.LEADER), name="覃副区长"),
        "auditor": make_user("auditor", (units["awb"], PostKind.AUDITOR), name="审计员"),
        "lead": make_user("lead", (units["zjj"], PostKind.LIAISON), name="李科员"),
        "head": make_user("head", (units["zjj"], PostKind.HEAD), name="黄局长"),
        "other": make_user("other", (units["jtj"], PostKind.LIAISON), name="王科员"),
    }


@pytest.fixture
def row(units: dict[str, Unit]) -> Obligation:
    plan = make_plan()
    row = make_row(plan, "02-02", leads=[units["zjj"]], due_on=date(2019, 10, 8))
    make_row(plan, "02-03", leads=[units["jtj"]], due_on=date(2019, 12, 31), title="定期通报")
    dispatch(plan, *plan.obligations.all())
    row.refresh_from_db()
    return row


def read(client: Client, who: User, url: str = URL) -> str:
    client.force_login(who)
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("office", 200),
        ("leader", 200),
        ("auditor", 200),
        ("lead", 200),
        ("head", 200),
        ("other", 404),
    ],
)
def test_who_may_open_a_row(
    client: Client, people: dict[str, User], row: Obligation, who: str, status: int
) -> None:
    client.force_login(people[who])

    assert client.get(row.get_absolute_url()).status_code == status


@pytest.mark.parametrize("who", ["leader", "auditor", "lead"])
def test_only_the_office_is_offered_changes(
    client: Client, people: dict[str, User], row: Obligation, who: str
) -> None:
    edit = f"{URL}edit/"

    assert edit in read(client, people["office"])
    assert edit not in read(client, people[who])


def test_a_draft_is_not_there_for_its_unit(
    client: Client, people: dict[str, User], units: dict[str, Unit]
) -> None:
    make_row(make_plan(), "02-02", leads=[units["zjj"]])
    client.force_login(people["lead"])

    assert client.get(URL).status_code == 404


def test_the_source_stands_among_its_neighbours_with_the_erratum_beside_it(
    client: Client, people: dict[str, User], row: Obligation
) -> None:
    start = PLAN_TEXT.index("区安监局")
    erratum = Erratum(
        plan=row.plan,
        start=start,
        end=start + 4,
        original="区安监局",
        corrected="区应急管理局",
        basis="2019年机构改革",
        certainty="certain",
    )
    erratum._change_reason = "测试"
    erratum.save()

    page = read(client, people["office"])

    marked = page.split("<mark>")[1].split("</mark>")[0]
    assert "要建立信息平台。" in marked
    assert "各有关部门每季度至少检查1次。" in page.split("<mark>")[0]
    assert "定期通报情况。" in page.split("</mark>")[1]
    assert "区应急管理局" in marked
    assert "第（二）条第 2 句" in page
    assert "/plan/sample/#s02-02" in page


def test_lamp_people_and_deadline_are_told(
    client: Client, people: dict[str, User], row: Obligation
) -> None:
    page = read(client, people["lead"])

    # 9 月 18 日到 10 月 8 日还有 20 天。
    assert "剩 20 天" in page
    assert "主要负责人 黄局长" in page
    assert "联络员 李科员" in page
    assert "测试依据" in page
    assert "2019年10月8日" in page


def test_related_rows_are_those_the_person_may_see(
    client: Client, people: dict[str, User], row: Obligation
) -> None:
    assert "定期通报" in read(client, people["office"]).split("同条任务")[1]
    assert "同条任务" not in read(client, people["lead"])


def test_a_unit_sees_only_its_own_work_of_a_shared_row(
    client: Client, people: dict[str, User], units: dict[str, Unit]
) -> None:
    plan = make_plan()
    shared = make_row(
        plan,
        "02-02",
        leads=[units["zjj"], units["jtj"]],
        mode=FulfilmentMode.SEPARATE,
        frequency=Frequency.QUARTERLY,
    )
    dispatch(plan, shared)

    office, own = read(client, people["office"]), read(client, people["lead"])

    # 三、四季度,两个单位:本期 0/2;单位自己 0/1。
    assert "本期（2019年第三季度）办结 0/2" in office
    assert "10月1日起办，2 件" in office
    assert "本期（2019年第三季度）办结 0/1" in own
    work = own.split('id="h-work"')[1].split("</section>")[0]
    assert "区交通局" not in work
    assert "2019年第四季度" in work


def test_granted_extensions_and_accepted_progress_are_shown(
    client: Client, people: dict[str, User], row: Obligation
) -> None:
    task = Task.objects.get(obligation=row)
    asked = request_extension(
        task, asked_due_on=date(2019, 11, 8), reason="雨季停工", actor=people["head"], at=NOW
    )
    assert "延期待批" in read(client, people["office"])
    decide_extension(
        asked, granted_due_on=date(2019, 11, 8), note="", actor=people["office"], at=NOW
    )
    report = submit_report(
        task,
        ReportContent(kind=ReportKind.PROGRESS, summary="平台已开始试运行。"),
        token="t",
        actor=people["lead"],
        at=NOW,
    )
    shown = read(client, people["office"])
    assert "延期 1 次" in shown
    assert "平台已开始试运行" not in shown
    review_report(
        report,
        ReviewDecision.PASS,
        seen_sha256=report.content_sha256,
        actor=people["office"],
        at=NOW,
    )

    page = read(client, people["lead"])

    assert "原到期日 2019年10月8日" in page
    assert "平台已开始试运行。" in page
    assert "核验通过" in page


def test_a_draft_tells_what_dispatch_would_make(
    client: Client, people: dict[str, User], units: dict[str, Unit]
) -> None:
    make_row(
        make_plan(),
        "02-02",
        leads=[units["zjj"], units["jtj"]],
        mode=FulfilmentMode.SEPARATE,
        frequency=Frequency.QUARTERLY,
    )

    # 今天起算,三、四季度,两个单位。
    assert "下发后产生 4 件办理件" in read(client, people["office"])


def test_the_short_address_leads_to_the_row_and_hides_foreign_ones(
    client: Client, people: dict[str, User], row: Obligation
) -> None:
    client.force_login(people["lead"])
    assert client.get("/tasks/02-02/").headers["Location"] == URL
    assert client.get("/tasks/02-03/").status_code == 404


def test_the_page_costs_the_same_for_two_units_and_for_twenty(
    client: Client, people: dict[str, User], django_assert_max_num_queries
) -> None:
    plan = make_plan()
    for code, count in (("02-02", 2), ("02-03", 20)):
        leads = [make_unit(f"{code}-{n}", f"单位{n}", order=50 + n) for n in range(count)]
        shared = make_row(
            plan, code, leads=leads, mode=FulfilmentMode.SEPARATE, frequency=Frequency.QUARTERLY
        )
        dispatch(plan, shared)
    read(client, people["office"], "/tasks/sample/02-02/")  # 第一次请求还要写会话
    counts = []
    for code in ("02-02", "02-03"):
        with django_assert_max_num_queries(8) as queries:
            assert client.get(f"/tasks/sample/{code}/").status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_many_tasks_are_listed_for_one_period_at_a_time(
    client: Client, people: dict[str, User]
) -> None:
    plan = make_plan()
    leads = [make_unit(f"u{n}", f"单位{n}号", order=50 + n) for n in range(51)]
    shared = make_row(
        plan, "02-02", leads=leads, mode=FulfilmentMode.SEPARATE, frequency=Frequency.QUARTERLY
    )
    dispatch(plan, shared)  # 51 个单位两期,共 102 件

    now = read(client, people["office"]).split('id="h-work"')[1].split("</section>")[0]
    asked = read(client, people["office"], f"{URL}?period=2019Q4")
    asked = asked.split('id="h-work"')[1].split("</section>")[0]

    assert now.count("单位7号") == 1
    assert "9-30" in now
    assert "?period=2019Q4" in now
    assert asked.count("单位7号") == 1
    assert "12-31" in asked
    assert "?period=2019Q3" in asked


def test_a_named_unit_and_a_phrase_both_say_why(
    client: Client, people: dict[str, User], units: dict[str, Unit], row: Obligation
) -> None:
    alias = UnitAlias(phrase="区安监局", note="机构改革后由区住建局代行,测试认定")
    alias._change_reason = "测试"
    alias.save()
    held = row.assignments.get()
    held.alias = alias
    held._change_reason = "测试"
    held.save()

    page = read(client, people["lead"])

    why = page.split("为什么是我们")[1].split("</details>")[0]
    assert "要建立信息平台" in why
    assert "条文称谓“区安监局”：机构改革后由区住建局代行，测试认定" in why
    held.alias = None
    held.save()
    why = read(client, people["lead"]).split("为什么是我们")[1].split("</details>")[0]
    assert "区安委办按职责明确" in why or "牵头依据" in why

"""Papers, the published edition and events speak of every plan in force, not of the newest."""

from datetime import date

import pytest
from django.urls import reverse

from clauses.models import Plan
from clauses.reading import read_plan
from clauses.services.importing import Particulars, import_document
from common.tracked import save_with_history
from documents.kinds import Subject, kind_of
from organizations.services.people import get_system_user
from qinnan_safety.publication.comparing import compare
from qinnan_safety.publication.publishing import prepare, publish
from responsibilities.enums import DeadlineKind
from responsibilities.models import Event, Task
from responsibilities.services.coordination import raise_matter
from responsibilities.services.deadlines import Deadline, set_deadline
from tests.builders import NOW, TODAY, dispatch, make_row

pytestmark = pytest.mark.django_db
ELDER, NEWER = "样例区安全生产实施方案", "样例区冬春火灾防控工作方案"
DRAFT = (
    "还没有下发的方案\n\n一、任务\n\n（一）巡查。区住建局要巡查。\n\n（二）整治。区交通局要整治。\n"
)


@pytest.fixture
def three(both):
    """Beside the two plans in force, the newest of all, of which nothing is dispatched."""
    import_document(
        read_plan(DRAFT),
        code="draft",
        actor=get_system_user(),
        at=NOW,
        particulars=Particulars(published_on=date(2019, 9, 12)),
    )
    return both


def drafted(kind, unit=None):
    return kind_of(kind).build(Subject("2019Q3", unit, TODAY))


def words(content):
    return "".join(paragraph.text for paragraph in content.paragraphs)


def test_the_bulletin_counts_and_names_the_rows_of_every_plan_in_force(three):
    content = drafted("bulletin")

    assert content.figures["任务总数"] == "5"
    assert content.figures["各方案任务"] == "方案一3项、方案二2项"
    # 9 月 18 日：平台 8 月 31 日到期，巡查 9 月 10 日到期。
    assert content.figures["逾期任务"] == (
        "建立信息平台（方案一02-02，区住建局逾期18天）；巡查（方案二01-01，区住建局逾期8天）"
    )
    assert f"《{ELDER}》（方案一）、《{NEWER}》（方案二）" in words(content)
    assert "还没有下发" not in words(content)


def test_a_plan_whose_work_is_all_done_is_told_of_no_more(three):
    for task in Task.objects.filter(obligation__plan__code="fire"):
        task.state, task.closed_on, task.due_on = "closed", date(2019, 6, 1), date(2019, 6, 1)
        task.closed_at, task.closed_by = NOW, three.office
        save_with_history(task, actor=get_system_user(), reason="测试", at=NOW)

    content = drafted("bulletin")

    assert content.figures["任务总数"] == "3"
    assert content.figures["逾期任务"].startswith("建立信息平台（02-02，")


def test_the_breakdown_has_a_table_for_each_and_the_slip_says_which_plan(three):
    breakdown = drafted("breakdown")
    assert [annex.title for annex in breakdown.annexes] == [
        f"《{ELDER}》任务分解表", f"《{NEWER}》任务分解表"
    ]  # fmt: skip
    assert f"《{ELDER}》、《{NEWER}》任务分解表" in words(breakdown)

    (table,) = drafted("slip", three.zjj).tables
    assert [row[1] for row in table.rows][:2] == ["方案一02-02", "方案二01-01"]
    assert table.caption.startswith(f"《{ELDER}》（方案一）")


def test_an_edition_holds_the_rows_of_both_plans_and_compares_with_one_of_a_single_plan(
    client, three
):
    content, seen = prepare(three.office, today=TODAY)
    rows = content["tables"]["obligations"]
    assert {(row["plan"], row["code"]) for row in rows} >= {(ELDER, "02-02"), (NEWER, "01-01")}
    assert len(rows) == 5

    single = {**content, "plan": ELDER, "tables": dict(content["tables"])}
    single["tables"]["obligations"] = [
        {key: value for key, value in row.items() if key != "plan"}
        for row in rows
        if row["plan"] == ELDER
    ]
    single["open"] = [name for name in content["open"] if name != "obligations.plan"]
    diff = compare(single, content)[0]
    assert sorted(diff.added) == ["01-01 巡查", "02-01 建平台"]
    assert (diff.gone, diff.changed, diff.opened) == ((), (), ("方案",))

    publish(seen_sha256=seen, reason="例行公布", actor=three.office, at=NOW)
    home = client.get(reverse("public_home")).content.decode()
    assert "2 份方案分成 5 件事" in home
    assert "各方案办得怎么样" in home
    listed = client.get(reverse("public_tasks", args=[1]), {"plan": NEWER}).content.decode()
    assert "符合条件的 2 件事" in listed


def test_one_event_opens_tasks_under_several_plans(client, three):
    elder, newer = three.plan, Plan.objects.get(code="draft")
    system = get_system_user()
    rows = []
    for plan, code, title in [(elder, "02-03", "约谈"), (newer, "01-01", "复盘")]:
        row = make_row(plan, code, leads=[three.zjj], title=title)
        row.event = "发生事故"
        save_with_history(row, actor=system, reason="测试", at=NOW)
        deadline = Deadline(kind=DeadlineKind.EVENT, basis="条文")
        rows.append(
            set_deadline(
                row, deadline, version=row.version, actor=system, at=NOW, today=TODAY, reason="测试"
            )
        )
        dispatch(plan, rows[-1])
    client.force_login(three.office)
    typed = {
        "kind": "accident",
        "title": "9·12 火灾",
        "happened_on": "2019-09-12",
        "document_no": "1号",
    }
    for row in rows:
        typed |= {f"row-{row.pk}": "on", f"due-{row.pk}": "2019-10-12"}

    page = client.get(reverse("responsibilities:event_add")).content.decode()
    answer = client.post(reverse("responsibilities:event_add"), typed, follow=True)

    assert f"《{ELDER}》" in page
    assert "《还没有下发的方案》" in page
    assert {task.obligation_id for task in Event.objects.get().tasks.all()} == {
        row.pk for row in rows
    }
    assert "产生 2 件办理件" in answer.content.decode()


def test_leaders_open_on_a_plan_in_force_and_see_what_waits_for_them_in_any(client, three):
    task = Task.objects.get(obligation__plan=three.plan, obligation__code="02-02")
    raise_matter(task, matter="平台经费未落实。", actor=three.office, at=NOW)
    client.force_login(three.leader)

    page = client.get("/")

    assert page.context["page"].plan.title == NEWER
    assert "平台经费未落实。" in page.content.decode()
    assert client.get("/?plan=draft").context["page"].plan.code == "draft"

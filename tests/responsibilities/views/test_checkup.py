"""体检: each fault of the ledger is named once, with the page that mends it."""

import html
import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from clauses.models import Plan
from common.tracked import save_with_history
from organizations.enums import PostKind
from organizations.models import Unit, User
from organizations.services.people import get_system_user
from responsibilities.enums import ReportKind, ReviewDecision
from responsibilities.models import ProgressReport, Task
from responsibilities.pages.checkup import Check, checkup
from responsibilities.services.evidence import Proof, take_evidence, void_evidence
from responsibilities.services.extensions import request_extension
from responsibilities.services.progress import (
    ReportContent,
    receive_task,
    review_report,
    submit_report,
)
from tests.builders import (
    TODAY,
    decline_rest,
    dispatch,
    make_plan,
    make_row,
    make_unit,
    make_user,
    pdf_file,
)
from tests.counting import statements_of

pytestmark = pytest.mark.django_db
SEPT = datetime(2019, 9, 2, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def zjj() -> Unit:
    return make_unit("zjj", "区住建局")


@pytest.fixture
def liaison(zjj: Unit) -> User:
    return make_user("liaison", (zjj, PostKind.LIAISON))


@pytest.fixture
def office(liaison: User) -> User:
    return make_user("office", (make_unit("awb", "区安委办", order=1), PostKind.OFFICE))


@pytest.fixture
def plan(zjj: Unit) -> Plan:
    return make_plan()


def found(plan: Plan, key: str, today: date = TODAY) -> Check:
    return next(check for check in checkup(plan, today).checks if check.key == key)


def owed(plan: Plan, *leads: Unit, code: str = "02-02") -> Task:
    row = make_row(plan, code, leads=list(leads), due_on=date(2019, 9, 20))
    dispatch(plan, row)
    return Task.objects.get(obligation=row)


def reported(task: Task, who: User, at: datetime, **said: str) -> ProgressReport:
    content = ReportContent(kind=ReportKind.PROGRESS, summary="已起草。", **said)
    return submit_report(task, content, token=f"t{at}", actor=who, at=at)


def test_a_report_waits_five_working_days_before_it_is_named(
    plan: Plan, zjj: Unit, liaison: User
) -> None:
    reported(owed(plan, zjj), liaison, SEPT)

    # 9月2日（周一）报来；9日是第 5 个工作日，10日起算积压（五个工作日前的早上是3日）。
    assert found(plan, "unreviewed", date(2019, 9, 9)).count == 0
    late = found(plan, "unreviewed", date(2019, 9, 10))
    assert late.count == 1
    assert late.findings[0].code == "02-02"
    assert late.findings[0].note == "区住建局 · 2019年9月2日报来"


def test_a_report_on_a_task_past_its_date_is_named_at_once(
    plan: Plan, zjj: Unit, liaison: User
) -> None:
    reported(owed(plan, zjj), liaison, SEPT.replace(day=20))

    assert found(plan, "unreviewed", date(2019, 9, 20)).count == 0
    assert found(plan, "unreviewed", date(2019, 9, 21)).count == 1


def test_work_closed_with_a_document_number_is_proved(
    plan: Plan, zjj: Unit, liaison: User, office: User
) -> None:
    content = ReportContent(ReportKind.CLOSING, "建成。", document_no="钦南住建〔2019〕8号")
    report = submit_report(owed(plan, zjj), content, token="a", actor=liaison, at=SEPT)
    sha = report.content_sha256
    review_report(report, ReviewDecision.PASS, seen_sha256=sha, actor=office, at=SEPT)

    assert found(plan, "unproved").count == 0


def test_work_whose_only_file_was_voided_has_no_proof_left(
    plan: Plan, zjj: Unit, liaison: User, office: User
) -> None:
    file, _ = take_evidence(zjj, pdf_file(), proof=Proof(), actor=liaison, at=SEPT)
    content = ReportContent(ReportKind.CLOSING, "建成。", evidence=(file.sha256,))
    report = submit_report(owed(plan, zjj), content, token="a", actor=liaison, at=SEPT)
    sha = report.content_sha256
    review_report(report, ReviewDecision.PASS, seen_sha256=sha, actor=office, at=SEPT)
    assert found(plan, "unproved").count == 0

    void_evidence(file, reason="传错了。", actor=liaison, at=SEPT)

    assert [each.code for each in found(plan, "unproved").findings] == ["02-02"]


def test_a_request_for_time_left_undecided_past_its_date_is_named(plan: Plan, zjj: Unit) -> None:
    head = make_user("head", (zjj, PostKind.HEAD))
    asked = date(2019, 10, 20)
    request_extension(owed(plan, zjj), asked_due_on=asked, reason="流标。", actor=head, at=SEPT)

    assert found(plan, "extensions", date(2019, 9, 20)).count == 0
    assert found(plan, "extensions", date(2019, 9, 21)).count == 1


def test_work_left_with_a_unit_that_is_gone_is_named(plan: Plan, zjj: Unit) -> None:
    owed(plan, zjj)
    zjj.valid_to = date(2019, 9, 20)
    save_with_history(zjj, actor=get_system_user(), reason="撤销", at=SEPT)

    assert found(plan, "gone", date(2019, 9, 20)).count == 0
    assert found(plan, "gone", date(2019, 9, 21)).count == 1


def test_a_row_without_a_lead_leads_to_its_units_page(plan: Plan) -> None:
    make_row(plan, "02-02", leads=[], due_on=date(2019, 9, 20))

    check = found(plan, "no_lead")
    assert [finding.code for finding in check.findings] == ["02-02"]
    assert check.findings[0].url == reverse(
        "responsibilities:obligation_units", args=["sample", "02-02"]
    )


def test_two_rows_of_one_title_are_one_duplicate(plan: Plan, zjj: Unit) -> None:
    make_row(plan, "02-02", leads=[zjj], title="建立信息平台")
    make_row(plan, "02-03", leads=[zjj], title="建立信息平台")
    make_row(plan, "03-01", leads=[zjj], title="制定实施方案")

    check = found(plan, "duplicates")
    assert (check.count, check.findings[0].note) == (1, "编号 02-02、02-03")


def test_a_unit_that_owes_work_needs_a_liaison_and_a_head(
    plan: Plan, zjj: Unit, liaison: User
) -> None:
    owed(plan, zjj)

    check = found(plan, "posts")
    assert [(f.text, f.note) for f in check.findings] == [("区住建局", "没有在任的主要负责人")]


def test_work_that_nobody_received_for_three_working_days_is_named(
    plan: Plan, zjj: Unit, liaison: User
) -> None:
    task = owed(plan, zjj)  # 9月18日（周三）下发

    assert found(plan, "unreceived", date(2019, 9, 23)).count == 0
    assert found(plan, "unreceived", date(2019, 9, 24)).count == 1
    receive_task(task, actor=liaison, at=SEPT.replace(day=24))
    assert found(plan, "unreceived", date(2019, 9, 24)).count == 0


def test_the_page_counts_what_is_wrong_and_lists_what_is_right(
    plan: Plan, zjj: Unit, office: User
) -> None:
    make_row(plan, "02-02", leads=[])
    decline_rest(plan)
    client = Client()
    client.force_login(office)

    page = client.get(reverse("responsibilities:checkup")).content.decode()

    assert "1 处要处理" in page
    assert "没有牵头单位" in page
    assert '没有问题的 <span class="cnt">9 项</span>' in page


def test_what_a_list_leaves_out_is_one_press_away(
    plan: Plan, office: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_row(plan, "02-02", leads=[])
    make_row(plan, "02-03", leads=[], title="另一项")
    monkeypatch.setattr("responsibilities.views.checkup.SHOWN", 1)
    client = Client()
    client.force_login(office)
    page = client.get(reverse("responsibilities:checkup")).content.decode()
    assert "另一项" not in page
    link = re.search(r'还有 1 处，<a href="([^"#]+)#', page)
    assert link is not None

    page = client.get(reverse("responsibilities:checkup") + html.unescape(link[1])).content.decode()

    assert "另一项" in page
    assert "全部列出" not in page


def test_the_statements_do_not_grow_with_the_faults(plan: Plan, zjj: Unit, office: User) -> None:
    client = Client()
    client.force_login(office)
    make_row(plan, "02-02", leads=[])
    path = reverse("responsibilities:checkup")
    one = statements_of(client, path)
    make_row(plan, "02-03", leads=[])
    make_row(plan, "03-01", leads=[], title="另一项")

    assert statements_of(client, path) == one

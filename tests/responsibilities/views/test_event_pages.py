"""Registering an accident in the browser's terms."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from clauses.models import Plan
from common.errors import DomainError
from common.tracked import save_with_history
from organizations.enums import PostKind
from organizations.models import Unit, User
from organizations.services.people import get_system_user
from responsibilities.enums import DeadlineKind, EventKind
from responsibilities.forms.event import kinds_told
from responsibilities.models import Event, Obligation, Task
from responsibilities.services.deadlines import Deadline, set_deadline
from responsibilities.services.events import open_event_tasks, void_event
from tests.builders import NOW, TODAY, dispatch, make_plan, make_row, make_unit, make_user

pytestmark = pytest.mark.django_db
ADD = "responsibilities:event_add"


@pytest.fixture
def office() -> User:
    return make_user("office", (make_unit("awb", "区安委办", order=1), PostKind.OFFICE))


@pytest.fixture
def row() -> Obligation:
    """A dispatched row that a closed case opens, due within twelve months."""
    plan: Plan = make_plan()
    row = make_row(plan, "02-02", leads=[make_unit("yjj", "区应急局")], title="开展评估")
    system = get_system_user()
    row.event, row.event_months = "事故结案", 12
    save_with_history(row, actor=system, reason="测试", at=NOW)
    deadline = Deadline(kind=DeadlineKind.EVENT, basis="条文")
    row = set_deadline(
        row, deadline, version=row.version, actor=system, at=NOW, today=TODAY, reason="测试"
    )
    dispatch(plan, row)
    return row


def post(office: User, row: Obligation, **changed: str):
    client = Client()
    client.force_login(office)
    typed = {
        "kind": "case_closed",
        "title": "9·12 坍塌事故结案",
        "happened_on": "2019-09-16",
        "document_no": "钦南政函〔2019〕30号",
        f"row-{row.pk}": "on",
    }
    return client.post(reverse(ADD), typed | changed)


def test_the_evaluation_is_due_a_year_after_the_case_is_closed(
    office: User, row: Obligation
) -> None:
    answer = post(office, row)

    assert answer.status_code == 302
    assert Task.objects.get().due_on == date(2020, 9, 16)


def test_an_own_date_goes_before_the_worked_out_one(office: User, row: Obligation) -> None:
    post(office, row, **{f"due-{row.pk}": "2020-06-30"})

    assert Task.objects.get().due_on == date(2020, 6, 30)


def test_a_missing_paper_is_named_and_the_words_stay(office: User, row: Obligation) -> None:
    answer = post(office, row, document_no="")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写依据文号。" in page
    assert "9·12 坍塌事故结案" in page
    assert not Event.objects.exists()


def test_no_row_ticked_is_said(office: User, row: Obligation) -> None:
    assert "请至少勾选一项" in post(office, row, **{f"row-{row.pk}": ""}).content.decode()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def another_row(row: Obligation, code: str, trigger: str, title: str) -> Obligation:
    """A second row of the plan that an event opens, by its words or only by hand."""
    system = get_system_user()
    other = make_row(row.plan, code, leads=[Unit.objects.get(code="yjj")], title=title)
    other.event = trigger
    save_with_history(other, actor=system, reason="测试", at=NOW)
    deadline = Deadline(kind=DeadlineKind.EVENT, basis="条文")
    other = set_deadline(
        other, deadline, version=other.version, actor=system, at=NOW, today=TODAY, reason="测试"
    )
    dispatch(row.plan, other)
    return other


def test_a_row_forgotten_at_first_is_named_and_opened_later_for_the_same_event(
    office: User, row: Obligation
) -> None:
    told = another_row(row, "02-01", "事故结案后", "公布结果")
    another_row(row, "02-03", "企业被列入名单", "联合惩戒")
    post(office, row)
    client, event = signed_in(office), Event.objects.get()

    page = client.get(event.get_absolute_url()).content.decode()
    assert "还没有产生办理件的：02-01 公布结果。" in page

    more = reverse("responsibilities:event_tasks", args=[event.pk])
    assert "02-02" not in client.get(more).content.decode()  # 已经产生的不再列
    missing = client.post(more, {f"row-{told.pk}": "on"})
    assert missing.status_code == 422
    assert "02-01 条文没有写期限，请定一个到期日。" in missing.content.decode()

    answer = client.post(more, {f"row-{told.pk}": "on", f"due-{told.pk}": "2019-10-16"})

    assert answer.status_code == 302
    task = Task.objects.get(obligation=told)
    assert (task.event, task.due_on, task.period) == (event, date(2019, 10, 16), event.period)
    assert task.history.first().history_change_reason == "补开任务：9·12 坍塌事故结案"
    assert "还没有产生办理件的" not in client.get(event.get_absolute_url()).content.decode()


def test_no_row_is_opened_twice_by_one_event_nor_by_one_taken_back(
    office: User, row: Obligation
) -> None:
    post(office, row)
    event, dues = Event.objects.get(), {row: date(2019, 10, 16)}

    with pytest.raises(DomainError, match="02-02 已经由这件事产生办理件"):
        open_event_tasks(event, dues, actor=office, at=NOW)
    void_event(event, reason="登记错了。", actor=office, at=NOW)
    with pytest.raises(DomainError, match="已经撤销"):
        open_event_tasks(event, dues, actor=office, at=NOW)
    more = reverse("responsibilities:event_tasks", args=[event.pk])
    assert signed_in(office).get(more).status_code == 404


def test_the_closing_of_a_case_begins_with_what_its_accident_tells(
    office: User, row: Obligation
) -> None:
    yjj = Unit.objects.get(code="yjj")
    post(office, row, kind="accident", title="9·12 坍塌事故", unit=str(yjj.pk))
    client, accident = signed_in(office), Event.objects.get()
    assert f"?after={accident.pk}" in client.get(accident.get_absolute_url()).content.decode()

    form = client.get(f"{reverse(ADD)}?after={accident.pk}").context["form"]

    began = {name: form[name].value() for name in ("kind", "title", "unit", "happened_on")}
    assert began == {
        "kind": "case_closed",
        "title": "9·12 坍塌事故结案",
        "unit": yjj.pk,
        "happened_on": None,
    }
    assert client.get(f"{reverse(ADD)}?after=x").context["form"]["title"].value() is None


def test_the_list_says_how_far_each_event_is(office: User, row: Obligation) -> None:
    post(office, row)

    page = signed_in(office).get("/events/").content.decode()

    assert "1 件办理件" in page
    assert "已办结" not in page


@pytest.mark.parametrize(
    ("trigger", "kinds"),
    [
        ("发生一般以上生产安全事故的", [EventKind.ACCIDENT]),
        ("对被追究刑事责任的生产经营者、对事故发生负有重大责任的机构", []),
        ("事故结案", [EventKind.CASE_CLOSED]),
        ("事故调查报告批复", [EventKind.REPORT]),
    ],
)
def test_a_trigger_tells_which_kinds_of_events_it_means(
    trigger: str, kinds: list[EventKind]
) -> None:
    assert kinds_told(Obligation(event=trigger)) == kinds

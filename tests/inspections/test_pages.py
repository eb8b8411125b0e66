"""From the liaison's form to the head's receipt, as pages; and each honest way out of it."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from common.clock import now
from inspections.enums import InspectionState
from inspections.models import Inspection
from inspections.services.recording import edit_inspection
from notices.models import Notice
from organizations.reauthentication import ENTERED
from responsibilities.enums import ChaseAudience
from responsibilities.models import Chase
from tests.builders import NOW, PASSWORD, as_, make_content
from tests.inspections.pages import FORM, confirm, url, with_fresh_password
from tests.inspections.worlds import Department


def fill_in(department: Department, **changed: str):
    client = as_(department.people["liaison"])
    return client.post(url("create"), FORM | {"unit": str(department.unit.pk)} | changed)


def test_the_liaison_fills_in_and_sends_in_one_go(department: Department) -> None:
    answer = fill_in(department, send="1")

    inspection = Inspection.objects.get()
    assert answer.status_code == 302
    assert inspection.state == InspectionState.AWAITING
    assert inspection.places == "沙埠镇施工点\n区汽车客运站"
    assert [(f.problem, f.due_on) for f in inspection.findings.all()] == [
        ("临边防护缺失", date(2019, 9, 25)),
        ("通道堆放货物", None),
    ]


def test_what_was_typed_stays_when_something_is_missing(department: Department) -> None:
    answer = fill_in(department, places="", **{"found-0-due_on": ""})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请写检查了哪些单位和地点。" in page
    assert "限期整改的要写整改期限。" in page
    assert "临边防护缺失" in page
    assert not Inspection.objects.exists()


def test_the_next_form_begins_with_the_last_words(department: Department) -> None:
    department.sent(make_content(checked="用电安全和消防通道。"))

    page = as_(department.people["liaison"]).get(url("create")).content.decode()

    assert "用电安全和消防通道。" in page
    assert 'value="覃局长"' in page


def test_three_taps_from_the_link_to_the_receipt(department: Department) -> None:
    inspection = department.sent()
    head = with_fresh_password(department.people["head"])

    page = head.get(url("confirm", inspection.pk)).content.decode()  # 第一下：点开链接
    assert inspection.content_sha256 in page  # 第二下：勾选声明
    answer = confirm(head, inspection)  # 第三下：确认提交

    assert answer["Location"] == url("receipt", inspection.pk)
    receipt = head.get(answer["Location"]).content.decode()
    assert f"JC-2019Q3-{inspection.pk:04d}" in receipt
    assert "以上记录属实" in receipt


def test_an_old_sign_in_is_asked_for_the_password_on_the_same_page(department: Department) -> None:
    inspection = department.sent()
    head = as_(department.people["head"])

    assert 'type="password"' in head.get(url("confirm", inspection.pk)).content.decode()
    assert confirm(head, inspection).status_code == 422
    wrong = confirm(head, inspection, password="not-it-at-all")
    assert "密码不对" in wrong.content.decode()
    assert confirm(head, inspection, password=PASSWORD).status_code == 302
    confirmed = Inspection.objects.get()
    assert confirmed.state == InspectionState.CONFIRMED
    assert confirmed.authenticated_at == confirmed.confirmed_at


def test_signing_in_counts_as_entering_the_password(department: Department) -> None:
    inspection = department.sent()
    client = Client(REMOTE_ADDR="192.0.2.7")
    client.post(reverse("login"), {"username": "head", "password": PASSWORD})

    assert 'type="password"' not in client.get(url("confirm", inspection.pk)).content.decode()


def test_an_entry_of_a_quarter_of_an_hour_ago_is_too_old(department: Department) -> None:
    inspection = department.sent()
    head = with_fresh_password(department.people["head"])
    session = head.session
    session[ENTERED] = int(now().timestamp()) - 15 * 60 - 5
    session.save()

    assert 'type="password"' in head.get(url("confirm", inspection.pk)).content.decode()


def test_changed_content_is_shown_again_and_not_confirmed(department: Department) -> None:
    inspection = department.sent()
    head = with_fresh_password(department.people["head"])
    edit_inspection(
        inspection,
        make_content(places="另一处工地"),
        version=inspection.version,
        actor=department.people["liaison"],
        at=NOW,
    )

    answer = confirm(head, inspection)

    shown = head.get(answer["Location"]).content.decode()
    assert "有改动" in shown
    assert "另一处工地" in shown
    assert Inspection.objects.get().state == InspectionState.AWAITING
    assert Inspection.objects.get().content_sha256 in shown


def test_the_declaration_must_be_ticked(department: Department) -> None:
    inspection = department.sent()
    head = with_fresh_password(department.people["head"])

    answer = head.post(url("confirm", inspection.pk), {"seen": inspection.content_sha256})

    assert answer.status_code == 422
    assert "请先勾选声明" in answer.content.decode()


def test_the_head_says_who_led_instead(department: Department) -> None:
    inspection = department.sent()
    head = as_(department.people["head"])
    sent = {"no-seen": inspection.content_sha256, "no-led_by": "韦副局长", "other": "1"}

    head.post(url("decline", inspection.pk), sent)

    assert Inspection.objects.get().state == InspectionState.RECORDED
    matrix = head.get(url("matrix")).content.decode()
    assert "分管带队 1 次" in matrix
    assert "未填报" in matrix


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2019, 9, 12), "2019年第三季度仍需主要负责人带队检查 1 次。"),
        (date(2019, 6, 20), "2019年第二季度已经结束：季内主要负责人另外带队检查过的，请联络员补报"),
    ],
)
def test_the_head_who_did_not_lead_is_told_what_can_still_be_done(
    department: Department, day: date, told: str
) -> None:
    inspection = department.sent(make_content(day, findings=()))
    head = as_(department.people["head"])
    sent = {"no-seen": inspection.content_sha256, "no-led_by": "韦副局长", "other": "1"}

    assert told in head.get(url("confirm", inspection.pk)).content.decode()
    answer = head.post(url("decline", inspection.pk), sent, follow=True).content.decode()

    assert f"已登记为他人带队，不计入。{told}" in answer
    assert answer.count(told) == 2  # the message, and the record itself from now on
    notice = Notice.objects.get(kind="inspection-declined")
    assert ("请另行安排" in notice.text) == ("仍需" in told)
    department.confirm(department.sent(make_content(day, findings=())))
    assert told not in head.get(inspection.get_absolute_url()).content.decode()


def test_the_receipt_names_no_past_date_as_the_next(department: Department) -> None:
    first = make_content().findings[0]
    late, soon = (replace(first, due_on=date(2019, 9, day)) for day in (17, 18))
    inspection = department.confirm(department.sent(make_content(findings=(late, soon, late))))
    head = as_(department.people["head"])

    page = head.get(url("receipt", inspection.pk)).content.decode()
    assert "有 3 个问题限期整改，最近一个 9月18日到期，2 个期限已过，请核对整改情况" in page
    first_only = department.confirm(department.sent(make_content(findings=(late,))))
    page = head.get(url("receipt", first_only.pk)).content.decode()
    assert "有 1 个问题限期整改，期限都已过，请核对整改情况" in page


def test_the_matrix_says_what_the_records_say(department: Department) -> None:
    department.confirmed(date(2019, 3, 28), date(2019, 4, 2))
    department.sent()
    office = as_(department.people["office"])

    page = office.get(url("matrix")).content.decode()

    assert "2019年第三季度已确认 0 / 1" in page
    assert "3-28 <b>迟</b>" in page
    assert "还剩 12 天" in page
    assert [f"{word}" in page for word in ("待负责人确认", "> 缺</a>")] == [True, True]


def test_records_are_found_by_unit_and_quarter(department: Department) -> None:
    first = department.confirmed(date(2019, 3, 20), date(2019, 3, 22))
    third = department.sent()
    office, liaison = (as_(department.people[name]) for name in ("office", "liaison"))

    asked = {"unit": "zjj", "quarter": "2019Q1"}
    page = office.get(url("list"), asked).content.decode()

    assert first.number in page
    assert third.number not in page
    assert '<option value="2019Q1" selected>2019年第一季度</option>' in page
    assert '<option value="zjj" selected>' in page
    own = liaison.get(url("list")).content.decode()
    assert (third.number in own, '<select id="unit"' in own) == (True, False)


def test_a_draft_is_the_units_own_business(department: Department) -> None:
    draft = department.draft()

    assert as_(department.people["office"]).get(url("detail", draft.pk)).status_code == 404
    assert as_(department.people["stranger"]).get(url("detail", draft.pk)).status_code == 404
    assert as_(department.people["liaison"]).get(url("detail", draft.pk)).status_code == 200


def test_a_report_page_leads_to_the_inspection(department: Department) -> None:
    liaison = as_(department.people["liaison"])
    task = department.task()

    page = liaison.get(reverse("responsibilities:task_report", args=[task.pk])).content.decode()
    answer = liaison.post(
        reverse("responsibilities:task_report", args=[task.pk]),
        {"token": "t", "kind": "progress", "summary": "已检查。"},
    )

    assert "不用报进展" in page
    assert url("matrix") in page
    assert answer.status_code == 422


def test_the_home_of_the_head_holds_the_confirmation(department: Department) -> None:
    inspection = department.sent()

    head = as_(department.people["head"]).get("/").content.decode()
    liaison = as_(department.people["liaison"]).get("/").content.decode()

    assert url("confirm", inspection.pk) in head
    assert url("confirm", inspection.pk) not in liaison
    assert "已填好，等负责人确认" in liaison


def test_editing_over_a_change_is_a_decision(department: Department) -> None:
    inspection = department.sent()
    liaison = as_(department.people["liaison"])
    form = FORM | {"unit": str(department.unit.pk), "version": "1"}

    refused = liaison.post(url("edit", inspection.pk), form)
    assert refused.status_code == 422
    assert "被别人改过" in refused.content.decode()
    again = liaison.post(url("edit", inspection.pk), form | {"version": str(inspection.version)})
    assert again.status_code == 302


@pytest.mark.parametrize(
    "query", ["unit=zjj&quarter=2019Q3", "state=confirmed", "quarter=x&page=9"]
)
def test_the_list_is_filtered_by_its_address(department: Department, query: str) -> None:
    department.confirm(department.sent())

    page = as_(department.people["office"]).get(f"{url('list')}?{query}").content.decode()

    assert "JC-2019Q3" in page


def test_the_office_calls_to_mind_who_has_not_confirmed(department: Department) -> None:
    office = as_(department.people["office"])

    page = office.get(url("matrix")).content.decode()
    chase = f"/chase/?task={department.task().pk}"
    assert chase in page
    assert "提醒 1 个部门" in page
    assert "请带队检查并确认" in office.get(chase).content.decode()
    ended = f"/chase/?task={department.task('2019Q1').pk}"
    assert "期内带队检查过的，请补报并确认。" in office.get(ended).content.decode()
    sent = department.sent()
    page = office.get(chase).content.decode()
    assert "联络员已填好，请您确认。" in page
    assert "已报负责人，发给负责人" in page
    send = {"task": department.task().pk, "audience": "liaison", "send": "1"}
    office.post("/chase/", send)
    chased = Chase.objects.get()
    assert (chased.audience, chased.words.endswith("请您确认。")) == (ChaseAudience.HEAD, True)
    assert "个部门" not in as_(department.people["head"]).get(url("matrix")).content.decode()
    department.confirm(sent)
    assert "/chase/?" not in office.get(url("matrix")).content.decode().partition("<main")[2]

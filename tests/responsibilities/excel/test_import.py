"""The table on its way back: what an edit amounts to, and that nothing is half-written."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organizations.enums import PostKind
from responsibilities.enums import DeadlineKind, Frequency, FulfilmentMode
from responsibilities.excel.edits import Edit
from responsibilities.models import Assignment, Obligation
from responsibilities.services.breakdown import Wording, revise_obligation
from tests.builders import NOW, dispatch, make_row, make_user
from tests.responsibilities.excel.world import (
    confirm,
    exported,
    place_of,
    preview,
    saved,
    signed_in,
    upload,
)

pytestmark = pytest.mark.django_db


def fresh(row):
    return Obligation.objects.get(pk=row.pk)


def units_of(row, role="lead"):
    held = Assignment.objects.filter(obligation=row, role=role).order_by("unit__order")
    return list(held.values_list("unit__code", flat=True))


def test_an_export_brought_back_changes_nothing(client, world):
    odd = "'=1\r\n＝2\tx_x000D_y \n末行"
    make_row(world.plan, "02-03", leads=[world.units["jtj"]], title="+1\r\n")
    row = world.rows["01-01"]
    wording = Wording(title="-5", measure=odd, expected_result="@会议纪要", note="'引号")
    revise_obligation(row, wording, version=row.version, actor=world.office, at=NOW, reason="测试")
    dispatch(world.plan, world.rows["02-01"], world.rows["02-02"])

    found = preview(client, exported(client))

    assert (found.read, found.diffs, found.errors, found.ignored) == (5, [], [], [])
    assert found.unchanged == 5


def test_the_preview_says_so_when_there_is_nothing_to_import(client):
    response = upload(client, saved(exported(client)))

    assert "没有改动" in response.content.decode()
    assert "确认导入" not in response.content.decode()


def test_rows_left_out_of_the_table_are_counted_and_stay(client, world):
    book = exported(client)
    sheet = book.worksheets[0]
    sheet.delete_rows(place_of(book, "02-02", "title").row)

    page = upload(client, saved(book)).content.decode()

    assert "台账里另有 1 项不在表里，删去的行不会撤销任务" in page
    assert fresh(world.rows["02-02"]).state == world.rows["02-02"].state


def test_shows_each_change_before_and_after_and_writes_nothing(client, world):
    book = exported(client)
    place_of(book, "02-02", "title").value = "建成信息平台"
    place_of(book, "02-02", "due_on").value = "2020年6月30日"
    place_of(book, "02-02", "basis").value = "会议纪要〔2019〕3号"

    found = preview(client, book)

    [diff] = found.diffs
    assert [(e.label, e.before, e.after) for e in diff.edits] == [
        ("重点任务", "任务02-02", "建成信息平台"),
        ("到期日", "2020-12-31", "2020-06-30"),
        ("时限决定依据", "测试依据", "会议纪要〔2019〕3号"),
    ]
    assert diff.notices == ()
    assert fresh(world.rows["02-02"]).title == "任务02-02"
    assert found.is_ready


def test_confirmed_changes_are_made_with_actor_and_reason(client, world):
    book = exported(client)
    place_of(book, "02-02", "title").value = "建成信息平台"
    place_of(book, "02-02", "lead").value = "区交通运输局"
    place_of(book, "02-02", "assist").value = None
    place_of(book, "03-01", "deadline_kind").value = "周期"
    place_of(book, "03-01", "frequency").value = "每季度"
    place_of(book, "03-01", "basis").value = "会议纪要〔2019〕3号"

    response = confirm(client, book, reason="区安委会 第三次会议纪要")

    assert response.status_code == 302
    assert response.url == "/tasks/?plan=sample"
    changed, periodic = fresh(world.rows["02-02"]), fresh(world.rows["03-01"])
    assert changed.title == "建成信息平台"
    assert (units_of(changed), units_of(changed, "assist")) == (["jtj"], [])
    assert (periodic.deadline_kind, periodic.frequency) == (
        DeadlineKind.PERIODIC,
        Frequency.QUARTERLY,
    )
    for row in (changed, periodic):
        latest = row.history.first()
        assert latest.history_user == world.office
        assert latest.history_change_reason == "导入任务分解表：区安委会 第三次会议纪要"
    assert fresh(world.rows["01-01"]).history.first().history_user != world.office


def test_after_an_import_the_old_file_is_stale_and_a_new_one_is_not(client, world):
    book = exported(client)
    place_of(book, "02-02", "title").value = "建成信息平台"
    confirm(client, book)

    place_of(book, "02-02", "title").value = "再改一次"
    old, new = preview(client, book), preview(client, exported(client))

    assert old.errors[0].heading == "版本"
    assert "02-02 在导出之后被改过（表里是版本 3，现在是版本 4）" in old.errors[0].message
    assert (new.diffs, new.errors) == ([], [])


def test_one_bad_row_keeps_every_row_out(client, world):
    book = exported(client)
    place_of(book, "02-02", "title").value = "建成信息平台"
    place_of(book, "03-01", "lead").value = "区交通输运局"

    found = preview(client, book)
    response = confirm(client, book)

    [error] = found.errors
    assert (error.number, error.heading) == (9, "牵头单位")
    assert error.message == "没有叫“区交通输运局”的单位或条文称谓，相近的有：区交通运输局。"
    assert response.status_code == 422
    assert fresh(world.rows["02-02"]).title == "任务02-02"


def test_a_refusal_in_the_middle_rolls_everything_back(client, world, monkeypatch):
    book = exported(client)
    place_of(book, "02-02", "title").value = "建成信息平台"
    place_of(book, "03-01", "deadline_kind").value = "长期坚持"
    place_of(book, "03-01", "basis").value = "条文原文"
    from common.errors import DomainError

    def refuse(*_args, **_kwargs):
        raise DomainError("时限不对。")

    monkeypatch.setattr("responsibilities.services.importing.set_deadline", refuse)
    before = Obligation.history.count()

    response = confirm(client, book)

    assert response.status_code == 422
    assert "03-01：时限不对。本次一项也没有导入。" in response.content.decode()
    assert fresh(world.rows["02-02"]).title == "任务02-02"
    assert Obligation.history.count() == before


def test_a_change_after_the_preview_asks_to_look_again(client, world):
    book = exported(client)
    place_of(book, "02-02", "title").value = "建成信息平台"
    response = upload(client, saved(book))
    row = world.rows["02-02"]
    wording = Wording(title="别人的改动")
    revise_obligation(row, wording, version=row.version, actor=world.office, at=NOW, reason="测试")

    url = reverse("responsibilities:obligation_import_confirm", args=[response.context["token"]])
    seen = response.context["found"].fingerprint
    answer = client.post(url, {"reason": "会议纪要", "seen": seen})

    assert answer.status_code == 409
    assert "您核对之后台账有变动" in answer.content.decode()
    assert fresh(row).title == "别人的改动"


def test_a_confirmation_needs_a_reason(client, world):
    book = exported(client)
    place_of(book, "02-02", "title").value = "建成信息平台"

    response = confirm(client, book, reason="  ")

    assert response.status_code == 422
    assert "请写明导入的理由" in response.content.decode()
    assert fresh(world.rows["02-02"]).title == "任务02-02"


def test_a_second_press_of_the_button_imports_nothing_twice(client, world):
    book = exported(client)
    place_of(book, "02-02", "title").value = "建成信息平台"
    response = upload(client, saved(book))
    url = reverse("responsibilities:obligation_import_confirm", args=[response.context["token"]])
    data = {"reason": "会议纪要", "seen": response.context["found"].fingerprint}
    client.post(url, data)

    again = client.post(url, data, follow=True)

    assert "上传的表已经导入或已过期" in again.content.decode()
    assert fresh(world.rows["02-02"]).version == world.rows["02-02"].version + 1


def test_an_upload_belongs_to_the_session_that_made_it(client, world):
    book = exported(client)
    place_of(book, "02-02", "title").value = "建成信息平台"
    token = upload(client, saved(book)).context["token"]
    url = reverse("responsibilities:obligation_import_preview", args=[token])

    elsewhere = signed_in(world.office).get(url, follow=True)

    assert client.get(url).status_code == 200
    assert "上传的表已经导入或已过期" in elsewhere.content.decode()


def test_a_tampered_upload_is_gone(client, world, settings, tmp_path):
    book = exported(client)
    place_of(book, "02-02", "title").value = "建成信息平台"
    token = upload(client, saved(book)).context["token"]
    [stored] = tmp_path.glob("imports/*/*.xlsx")
    stored.chmod(0o600)
    stored.write_bytes(saved(exported(client)))

    url = reverse("responsibilities:obligation_import_preview", args=[token])

    assert "上传的表已经导入或已过期" in client.get(url, follow=True).content.decode()


def test_uploads_of_yesterday_are_cleared_away(client, tmp_path):
    import os

    upload(client, saved(exported(client)))
    [stored] = tmp_path.glob("imports/*/*.xlsx")
    day_before = datetime(2019, 9, 17, 9, 0).timestamp()  # noqa: DTZ001 - a file's own stamp
    os.utime(stored, (day_before, day_before))
    book = exported(client)
    place_of(book, "02-02", "title").value = "建成信息平台"

    upload(client, saved(book))

    assert stored not in list(tmp_path.glob("imports/*/*.xlsx"))


def test_new_leads_of_a_dispatched_row_get_their_tasks(client, world):
    dispatch(world.plan, world.rows["02-02"])
    book = exported(client)
    place_of(book, "02-02", "lead").value = "区交通运输局"
    place_of(book, "02-02", "assist").value = "区应急管理局"

    found = preview(client, book)
    confirm(client, book)

    assert found.diffs[0].notices == (
        "这一项已下发：撤下的单位不再办理，未办结的办理件撤销；新单位收到任务。",
    )
    states = dict(world.rows["02-02"].tasks.values_list("unit__code", "state"))
    assert states == {"yjj": "void", "jtj": "awaiting_receipt"}


def test_only_the_office_imports(world):
    town = signed_in(make_user("liaison", (world.units["shabu"], PostKind.LIAISON)))

    assert town.get(reverse("responsibilities:obligation_import")).status_code == 403
    assert upload(town, b"PK").status_code == 403


def test_the_number_of_statements_of_a_preview_does_not_grow_with_rows(client, world):
    def count():
        book = exported(client)
        place_of(book, "02-02", "title").value = "建成信息平台"
        token = upload(client, saved(book)).context["token"]
        url = reverse("responsibilities:obligation_import_preview", args=[token])
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        return len(asked)

    few = count()
    for number in range(18):
        make_row(world.plan, "02-03", leads=[world.units["yjj"]], title=f"任务{number}")

    assert count() == few
    assert few <= 14


def test_unit_roles_and_modes_come_from_the_sheet(client, world):
    book = exported(client)
    place_of(book, "03-01", "lead").value = "各镇（场、街道），JTJ"
    place_of(book, "03-01", "mode").value = "分别落实"

    found = preview(client, book)
    confirm(client, book)

    lead = next(edit for edit in found.diffs[0].edits if edit.label == "牵头单位")
    assert lead.more == "新增沙埠镇、那丽镇、区交通运输局；撤下区应急管理局"
    row = fresh(world.rows["03-01"])
    assert row.mode == FulfilmentMode.SEPARATE
    assert units_of(row) == ["jtj", "shabu", "nali"]
    phrases = Assignment.objects.filter(obligation=row, alias__phrase="各镇(场、街道)")
    assert phrases.count() == 2


def test_points_out_what_a_new_deadline_brings_with_it(client, world):
    dispatch(world.plan, world.rows["02-02"], starts_on=date(2019, 1, 1))
    book = exported(client)
    place_of(book, "02-02", "due_on").value = date(2019, 6, 30)
    place_of(book, "02-02", "basis").value = "会议纪要〔2019〕3号"
    assert preview(client, book).diffs[0].notices == (
        "到期日已经过去，导入后即为逾期。",
        "这一项已下发：还没办结的办理件按新时限办理，办结的不变。",
    )

    place_of(book, "02-02", "due_on").value = None
    place_of(book, "02-02", "deadline_kind").value = "周期"
    place_of(book, "02-02", "frequency").value = "每季度"
    place_of(book, "02-02", "basis").value = "会议纪要"
    assert preview(client, book).diffs[0].notices == (
        "这一项已下发：从今天所在的一期起按新周期办理，已经逾期的仍要办。",
    )


def test_points_out_that_more_times_a_period_rest_on_the_old_basis(client, world):
    book = exported(client)
    place_of(book, "02-01", "times").value = 2

    [diff] = preview(client, book).diffs

    assert diff.notices == ("改了时限，依据仍是“测试依据”，请核对。",)


def test_marks_only_what_differs_in_a_long_text():
    before = "建立健全隐患排查治理制度，每年向区安委会报告。"
    after = "建立健全隐患排查治理制度，每季度向区安委会报告。"

    assert Edit("具体措施", before, after).parts == (
        "建立健全隐患排查治理制度，每",
        "年",
        "季度",
        "向区安委会报告。",
    )
    assert Edit("周期", "每年", "每季度").parts == ("", "每年", "每季度", "")


def test_dates_are_read_as_cells_and_as_exact_words(client, world):
    book = exported(client)
    place_of(book, "02-02", "due_on").value = date(2020, 6, 30)
    place_of(book, "02-02", "basis").value = "会议纪要〔2019〕3号"
    place_of(book, "03-01", "deadline_kind").value = "固定日期"
    place_of(book, "03-01", "due_on").value = "２０２０年 10月 1日"
    place_of(book, "03-01", "basis").value = "会议纪要"

    confirm(client, book)

    assert fresh(world.rows["02-02"]).due_on == date(2020, 6, 30)
    assert fresh(world.rows["03-01"]).due_on == date(2020, 10, 1)

"""What was typed is not lost; what was said last period is there to begin from."""

import re
from datetime import date
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from responsibilities.enums import Frequency, ReportKind, ReviewDecision
from responsibilities.models import Evidence, ReportDraft, Task
from responsibilities.services.drafts import save_draft, words_of
from responsibilities.services.events import register_event
from responsibilities.services.progress import ReportContent, review_report, submit_report
from tests.builders import NOW, as_, dispatch, make_row, pdf_file
from tests.responsibilities.happenings import accident, event_row
from tests.responsibilities.town import Town

pytestmark = pytest.mark.django_db
ROUND = "/round/"


def url(name: str, task: Task) -> str:
    return reverse(f"responsibilities:{name}", args=[task.pk])


def shown(client: Client, task: Task) -> str:
    return client.get(url("task_report", task)).content.decode()


def test_a_draft_is_there_on_another_computer_with_its_files(town: Town) -> None:
    typed = {"summary": "写到一半", "happened_on": "2019-09-12", "uploads": [pdf_file("月报.pdf")]}
    as_(town.liaison).post(url("task_draft", town.first), typed)

    page = shown(as_(town.liaison), town.first)

    assert "写到一半" in page
    assert 'value="2019-09-12"' in page
    assert f'value="{Evidence.objects.get().pk}" id="id_evidence_0" checked' in page
    assert "已接上" in page


def test_a_draft_keeps_what_no_form_would_take(town: Town) -> None:
    as_(town.liaison).post(url("task_draft", town.first), {"happened_on": "下周", "problems": "难"})

    assert ReportDraft.objects.get().words["happened_on"] == "下周"
    assert "下周" in shown(as_(town.liaison), town.first)


def test_typing_saves_without_leaving_the_page(town: Town) -> None:
    client = as_(town.liaison)
    answer = client.post(
        url("task_draft", town.first), {"summary": "写"}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 200
    assert "已存草稿" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_a_draft_is_ones_own_and_ends_with_the_report(town: Town) -> None:
    client = as_(town.liaison)
    client.post(url("task_draft", town.first), {"summary": "写到一半"})
    assert as_(town.stranger).post(url("task_draft", town.first), {}).status_code == 404

    client.post(
        url("task_report", town.first), {"token": "a", "kind": "progress", "summary": "写完了。"}
    )

    assert not ReportDraft.objects.exists()


@pytest.mark.parametrize("fields", [{"discard": "1"}, {"summary": "", "kind": "progress"}])
def test_a_draft_can_be_thrown_away(town: Town, fields: dict[str, str]) -> None:
    client = as_(town.liaison)
    client.post(url("task_draft", town.first), {"summary": "写到一半"})
    client.post(url("task_draft", town.first), fields)

    assert not ReportDraft.objects.exists()


@pytest.mark.parametrize("words", [["x"], "x", None, {"summary": 3, "evidence": ["a", {}]}])
def test_a_draft_that_is_no_draft_says_nothing(town: Town, words: Any) -> None:
    draft = save_draft(town.first, {"summary": "好"}, [], actor=town.liaison, at=NOW)
    QuerySet(ReportDraft).update(words=words or [])

    assert words_of(draft)["summary"] == "好"
    draft.refresh_from_db()
    assert not any(words_of(draft).values())
    assert as_(town.liaison).get(url("task_report", town.first)).status_code == 200


def test_a_new_period_begins_with_the_words_of_the_last(town: Town) -> None:
    plan, liaison = town.first.obligation.plan, town.liaison
    row = make_row(plan, "02-01", leads=[town.zjj], frequency=Frequency.QUARTERLY)
    dispatch(plan, row, starts_on=date(2019, 4, 1))
    spring, summer = Task.objects.filter(obligation=row, starts_on__lte=NOW.date()).order_by(
        "starts_on"
    )
    words = ReportContent(
        kind=ReportKind.PROGRESS, summary="二季度已检查 12 家。", document_no="文号〔2019〕2号"
    )
    submit_report(spring, words, token="a", actor=liaison, at=NOW)

    page = shown(as_(liaison), summer)

    assert "二季度已检查 12 家。" in page
    assert "文号〔2019〕2号" not in page


def test_after_no_change_the_words_before_it_are_there(town: Town) -> None:
    client, page = as_(town.liaison), url("task_report", town.first)
    for number, said in enumerate(["已查 12 家。", ""]):
        sent = {"token": f"page-{number}", "kind": "progress", "summary": said}
        client.post(page if said else url("task_unchanged", town.first), sent)
        report = town.first.reports.get(submit_token=f"page-{number}")
        town.review(report, report.content_sha256)

    assert "已查 12 家。</textarea>" in shown(client, town.first)


@pytest.mark.parametrize("way", ["returned", "withdrawn"])
def test_a_closing_that_comes_back_is_put_right_as_a_closing(town: Town, way: str) -> None:
    client, page = as_(town.liaison), url("task_report", town.first)
    sent = {"kind": "closing", "document_no": "文号〔2019〕1号", "happened_on": "2019-09-12"}
    client.post(page, {"token": "page-1", "summary": "已办结。", **sent})
    report = town.first.reports.get()
    if way == "returned":
        seen = {"seen_sha256": report.content_sha256, "reason": "请补会议纪要。"}
        review_report(report, ReviewDecision.RETURN, actor=town.office, at=NOW, **seen)
    else:
        client.post(reverse("responsibilities:report_withdraw", args=[report.pk]))

    began = client.get(page).context["form"]
    assert (began["kind"].value(), str(began["happened_on"].value())) == ("closing", "2019-09-12")
    assert "在这里报的只算报进展" in client.get(ROUND).content.decode()

    client.post(page, {"token": "page-2", "kind": "progress", "summary": "改报进展。"})
    town.review(town.first.reports.first(), town.first.reports.first().content_sha256)

    began = client.get(page).context["form"]
    assert (began["kind"].value(), began["happened_on"].value()) == ("progress", None)
    assert "在这里报的只算报进展" not in client.get(ROUND).content.decode()


def test_two_events_of_one_row_share_no_words(town: Town) -> None:
    plan, liaison = town.first.obligation.plan, town.liaison
    row = event_row(plan, "02-01", town.zjj)
    for title in ("9·12 坍塌事故", "9·15 触电事故"):
        register_event(
            plan, accident(title=title), {row: date(2019, 10, 18)}, actor=town.office, at=NOW
        )
    first, second = Task.objects.filter(obligation=row).order_by("pk")
    words = ReportContent(kind=ReportKind.PROGRESS, summary="已约谈丙镇镇长。")
    submit_report(first, words, token="a", actor=liaison, at=NOW)

    client = as_(liaison)

    assert "已约谈丙镇镇长。" not in shown(client, second)
    assert "已约谈丙镇镇长。" not in client.get(ROUND).content.decode()


class TestRound:
    def lines(self, town: Town, **typed: str) -> dict[str, str]:
        named = {"first": town.first.pk, "second": town.second.pk}
        sent = {"token": "0123456789abcdef"}
        for name, value in typed.items():
            which, _, field = name.partition("_")
            sent |= {f"t{named[which]}-summary": ""} | {f"t{named[which]}-{field}": value}
        return sent

    def send(self, town: Town, **typed: str) -> Any:
        return as_(town.liaison).post(
            reverse("responsibilities:report_round"), self.lines(town, **typed)
        )

    def test_several_tasks_go_in_one_press(self, town: Town) -> None:
        answer = self.send(town, first_summary="已起草。", second_unchanged="on")

        said = {r.task_id: r.summary for t in (town.first, town.second) for r in t.reports.all()}
        assert answer.status_code == 302
        assert said == {town.first.pk: "已起草。", town.second.pk: "本期无变化，继续推进。"}

    def test_the_press_repeated_says_nothing_twice(self, town: Town) -> None:
        for _ in range(2):
            assert self.send(town, first_summary="已起草。").status_code == 302

        assert town.first.reports.count() == 1
        assert town.second.reports.count() == 0

    def test_one_line_that_fails_holds_up_no_other(self, town: Town) -> None:
        both = {f"t{town.second.pk}-summary": "有进展。", f"t{town.second.pk}-unchanged": "on"}
        sent = self.lines(town, first_summary="已起草。") | both
        answer = as_(town.liaison).post(reverse("responsibilities:report_round"), sent)

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "就不要再勾“无变化”" in page
        assert "有进展。" in page
        assert "已起草。" not in page
        assert (town.first.reports.count(), town.second.reports.count()) == (1, 0)

    def test_last_words_stand_in_the_box_and_go_out_only_when_changed(self, town: Town) -> None:
        round_page = reverse("responsibilities:report_round")
        for task in (town.first, town.second):
            words = ReportContent(kind=ReportKind.PROGRESS, summary="已查 12 家。\n余 3 家。")
            report = submit_report(task, words, token=f"{task.pk}", actor=town.liaison, at=NOW)
            review_report(
                report,
                ReviewDecision.PASS,
                seen_sha256=report.content_sha256,
                actor=town.office,
                at=NOW,
            )
        page = as_(town.liaison).get(round_page).content.decode()
        lasts = re.findall(r'name="(t\d+-last)" value="(\d+)"', page)

        boxes = {f"t{town.first.pk}-summary": "已查 12 家。\r\n余 3 家。"}
        boxes |= {f"t{town.second.pk}-summary": "已查 15 家。"} | dict(lasts)
        answer = as_(town.liaison).post(round_page, {"token": "0123456789abcdef", **boxes})

        assert page.count("已查 12 家。\n余 3 家。</textarea>") == 2
        assert answer.status_code == 302
        assert town.first.reports.count() == 1
        assert town.second.reports.first().summary == "已查 15 家。"

    def test_one_task_goes_in_one_press_and_the_rest_is_kept_as_typed(self, town: Town) -> None:
        client = as_(town.liaison)
        client.post(url("task_draft", town.second), {"summary": "旧稿", "problems": "缺经费。"})
        sent = self.lines(town, first_summary="", second_summary="写到一半") | {
            f"t{town.second.pk}-document_no": "文号〔2019〕3号",
            "only": str(town.first.pk),
        }
        for _ in range(2):
            answer = client.post(ROUND, sent)

        assert answer["Location"] == f"{ROUND}#t{town.second.pk}"
        assert [report.is_unchanged for report in town.first.reports.all()] == [True]
        assert not town.second.reports.exists()
        page = client.get(ROUND).content.decode()
        assert "写到一半</textarea>" in page
        assert 'value="文号〔2019〕3号"' in page
        assert "缺经费。" in shown(client, town.second)

    def test_a_newer_draft_of_another_page_is_not_written_over(self, town: Town) -> None:
        client, name = as_(town.liaison), f"t{town.second.pk}"
        began = client.get(ROUND).context["lines"][1][0]["began"].value()
        client.post(url("task_draft", town.second), {"summary": "手机上写的"})
        sent = self.lines(town, first_summary="", second_summary="这里写的")
        sent |= {"only": str(town.first.pk), f"{name}-began": began}

        answer = client.post(ROUND, sent)

        page = answer.content.decode()
        assert answer.status_code == 409
        assert "在另一台设备或另一个页面上存过更新的草稿，两份都留着" in page
        assert "这里写的</textarea>" in page
        assert "已按“无变化，继续推进”报送" in page
        assert town.first.reports.count() == 1
        assert ReportDraft.objects.get().words["summary"] == "手机上写的"
        assert "手机上写的</textarea>" in client.get(ROUND).content.decode()

    def test_the_page_goes_on_at_the_next_line_whatever_the_order(self, town: Town) -> None:
        sent = self.lines(town, second_summary="", first_summary="") | {"only": str(town.second.pk)}

        answer = as_(town.liaison).post(ROUND, sent)

        assert answer["Location"] == f"{ROUND}#t{town.first.pk}"

    def test_no_change_pressed_on_words_that_say_something_loses_nothing(self, town: Town) -> None:
        sent = self.lines(town, first_summary="有进展。", second_summary="写到一半")

        answer = as_(town.liaison).post(ROUND, sent | {"only": str(town.first.pk)})

        assert answer.status_code == 422
        assert "就不要再勾“无变化”" in answer.content.decode()
        assert "写到一半</textarea>" in answer.content.decode()
        assert not town.first.reports.exists()

    def test_no_change_on_another_units_task_is_not_there(self, town: Town) -> None:
        sent = self.lines(town, first_summary="") | {"only": str(town.first.pk)}

        assert as_(town.stranger).post(ROUND, sent).status_code == 404
        assert not town.first.reports.exists()

    def test_a_document_number_goes_with_no_change(self, town: Town) -> None:
        self.send(town, first_unchanged="on", first_document_no="钦南住建〔2019〕8号")

        report = town.first.reports.get()
        assert (report.is_unchanged, report.document_no) == (True, "钦南住建〔2019〕8号")

    def test_nothing_said_is_told_so(self, town: Town) -> None:
        answer = self.send(town, first_summary=" ")

        assert answer.status_code == 422
        assert "还没有写" in answer.content.decode()

    def test_another_units_task_is_not_there(self, town: Town) -> None:
        answer = as_(town.stranger).post(
            reverse("responsibilities:report_round"), self.lines(town, first_summary="抢报。")
        )

        assert answer.status_code == 422
        assert not town.first.reports.exists()


def test_no_change_is_one_press_from_the_home_and_the_task(town: Town) -> None:
    client = as_(town.liaison)
    client.post(url("task_receive", town.first))
    press = url("task_unchanged", town.first)
    assert press in client.get("/").content.decode()
    assert press in client.get(town.first.get_absolute_url()).content.decode()

    answer = client.post(press, {"next": "/"})

    assert answer["Location"] == "/"
    assert town.first.reports.get().is_unchanged

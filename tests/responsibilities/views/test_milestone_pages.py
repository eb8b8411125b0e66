"""Milestones on the pages: the office sets them, the liaison ticks, the reviewer sees the ticks."""

import pytest
from django.urls import reverse

from responsibilities.models import Milestone, Obligation, ProgressReport, ReportDraft, Task
from responsibilities.services.milestones import Planned
from tests.builders import as_
from tests.responsibilities.milestones import STEPS, plan_steps, row_of, tick
from tests.responsibilities.town import Town

pytestmark = pytest.mark.django_db
ROUND = "/round/"


def url(name: str, task: Task) -> str:
    return reverse(f"responsibilities:{name}", args=[task.pk])


def form_url(row: Obligation) -> str:
    return reverse("responsibilities:obligation_milestones", args=[row.plan.code, row.code])


def typed(row: Obligation, *lines: tuple[str, str, str], **more: str) -> dict[str, str]:
    sent = {"version": str(row.version), "reason": "按实施方案分步"} | more
    for place, (order, title, due) in enumerate(lines):
        sent |= {f"order_{place}": order, f"title_{place}": title, f"due_{place}": due}
    return sent


class TestTheOffice:
    def test_sets_them_in_the_order_it_numbers(self, town: Town) -> None:
        row = row_of(town)
        lines = (("2", "联网", "2019-09-10"), ("1", "建成平台", ""), ("", "", ""))

        answer = as_(town.office).post(form_url(row), typed(row, *lines))

        assert answer.status_code == 302
        assert [str(m) for m in row.milestones.all()] == ["建成平台", "联网"]
        page = as_(town.office).get(row.get_absolute_url()).content.decode()
        assert "完成 0，共 2 个里程碑" in page
        assert "应于 9月10日前办到" in page
        assert "里程碑 0/2" in page

    def test_reads_a_dropped_one_as_a_sentence(self, town: Town) -> None:
        row = row_of(town)
        as_(town.office).post(form_url(row), typed(row, ("1", "建成平台", "")))
        row.refresh_from_db()
        kept = row.milestones.get()
        as_(town.office).post(form_url(row), typed(row, reason="不分步了"))

        kept.refresh_from_db()
        assert kept.is_dropped
        shown = as_(town.office).get(f"{row.get_absolute_url()}history/").content.decode()
        assert "里程碑 建成平台：标为“已取消”" in shown
        assert "由“否”改为“是”" not in shown

    @pytest.mark.parametrize(
        ("lines", "sentence"),
        [
            ([("1", "联网", ""), ("2", "联网", "")], "与前面的里程碑同名"),
            ([("1", "", "2019-09-10")], "还要写这一步的名称"),
            ([("0", "联网", "")], "次序请填 1 到 99 的整数"),
        ],
    )
    def test_is_told_what_is_wrong_and_keeps_what_it_typed(
        self, town: Town, lines: list[tuple[str, str, str]], sentence: str
    ) -> None:
        row = row_of(town)

        answer = as_(town.office).post(form_url(row), typed(row, *lines))

        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert "按实施方案分步" in answer.content.decode()

    def test_that_comes_second_sees_both_tables(self, town: Town) -> None:
        row = row_of(town)
        plan_steps(town, *STEPS)

        answer = as_(town.office).post(form_url(row), typed(row, ("1", "招标", "")))

        page = answer.content.decode()
        assert answer.status_code == 409
        assert '<td data-label="现在" class="pre">建成平台</td>' in page
        assert '<td data-label="您填" class="pre">招标</td>' in page
        assert Milestone.objects.standing().count() == 3


class TestTheUnit:
    def test_ticks_in_the_report_and_the_reviewer_sees_it(self, town: Town) -> None:
        plan_steps(town, *STEPS)
        first = str(Milestone.objects.first().pk)
        sent = {"token": "a", "kind": "progress", "summary": "平台已建成。", "milestones": first}
        assert "建成平台" in as_(town.liaison).get(url("task_report", town.first)).content.decode()

        as_(town.liaison).post(url("task_report", town.first), sent)

        report = ProgressReport.objects.get()
        review = reverse("responsibilities:report_review", args=[report.pk])
        page = as_(town.office).get(review).content.decode()
        assert "这次勾 1 个" in page
        assert "已核验 0/3" in page
        as_(town.office).post(review, {"seen": report.content_sha256, "decision": "pass"})
        page = as_(town.liaison).get(url("task_report", town.first)).content.decode()
        assert "已办到：建成平台（" in page
        assert f'value="{first}"' not in page

    def test_finds_the_ticks_again_in_the_draft_and_after_a_return(self, town: Town) -> None:
        plan_steps(town, *STEPS)
        key = str(Milestone.objects.get(title="联网").pk)
        client, page = as_(town.liaison), url("task_report", town.first)
        client.post(url("task_draft", town.first), {"milestones": [key, "x" * 40]})
        assert f'value="{key}" id="id_milestones_1" checked' in client.get(page).content.decode()

        client.post(
            page, {"token": "a", "kind": "progress", "summary": "已联网。", "milestones": key}
        )
        assert not ReportDraft.objects.exists()
        report = ProgressReport.objects.get()
        sent = {"seen": report.content_sha256, "decision": "return", "reason": "附验收单。"}
        as_(town.office).post(reverse("responsibilities:report_review", args=[report.pk]), sent)

        assert f'value="{key}" id="id_milestones_1" checked' in client.get(page).content.decode()

    def test_ticks_in_the_round_without_new_words(self, town: Town) -> None:
        plan_steps(town, *STEPS)
        report = tick(town, "建成平台")
        town.review(report, report.content_sha256)
        client, key = as_(town.liaison), Milestone.objects.get(title="联网").pk
        name = f"t{town.first.pk}"
        sent = {"token": "0123456789abcdef", f"{name}-last": report.pk}
        sent |= {f"{name}-summary": "有进展。", f"{name}-milestones": key}
        both = client.post(ROUND, sent | {f"{name}-unchanged": "on"})
        assert "就不要再勾“无变化”" in both.content.decode()

        client.post(ROUND, sent)

        newest = town.first.reports.first()
        assert [str(t) for t in newest.ticks.all()] == ["联网"]

    def test_reads_hostile_names_as_words(self, town: Town) -> None:
        plan_steps(town, *STEPS[:2], Planned("<b onx>"))
        report = tick(town, "<b onx>")
        town.review(report, report.content_sha256)

        for page in (url("task_report", town.first), town.first.get_absolute_url(), ROUND):
            shown = as_(town.liaison).get(page).content.decode()
            assert "&lt;b onx&gt;" in shown
            assert "<b onx>" not in shown

    def test_cannot_tick_what_is_not_there(self, town: Town) -> None:
        plan_steps(town, *STEPS)
        sent = {"token": "a", "kind": "progress", "summary": "都办了。", "milestones": "987654"}

        answer = as_(town.liaison).post(url("task_report", town.first), sent)

        assert answer.status_code == 422
        assert "所勾的里程碑有的已改动" in answer.content.decode()
        assert "都办了。" in answer.content.decode()

    def test_without_milestones_the_pages_are_as_before(self, town: Town) -> None:
        client = as_(town.liaison)
        for page in (url("task_report", town.first), town.first.get_absolute_url(), ROUND):
            assert "里程碑" not in client.get(page).content.decode()

"""The quarterly round: a few words, or one tick, for each of a unit's tasks on one page."""

from collections.abc import Sequence
from typing import Any

from django import forms

from common.forms import Form
from responsibilities.enums import ReportKind
from responsibilities.forms.progress import UNCHANGED
from responsibilities.forms.steps import ticked_titles, ticks_field
from responsibilities.milestones import Steps
from responsibilities.models import ProgressReport, ReportDraft, Task
from responsibilities.services.drafts import words_of
from responsibilities.services.progress import ReportContent


class RoundLine(Form):
    """一件任务这一期的话：上次的话已经填好，改了才报，或勾“无变化”；没动的这次不报。

    ``last`` names the report whose words the box began with, so that words left as they were
    are never taken for news, whatever has been reported since; ``began`` is the stamp of the
    draft that the page began with, so that a newer one is not written over.
    """

    last = forms.IntegerField(widget=forms.HiddenInput, required=False)
    began = forms.CharField(widget=forms.HiddenInput, required=False)
    summary = forms.CharField(
        label="进展情况",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    document_no = forms.CharField(label="佐证文号", max_length=120, required=False)
    unchanged = forms.BooleanField(label="无变化，继续推进", required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        task: Task,
        said: Sequence[ProgressReport],
        steps: Steps,
        draft: ReportDraft | None,
    ) -> None:
        initial = {"last": said[-1].pk, "summary": said[-1].summary} if said else {}
        initial |= words_of(draft) | {"began": draft.stamp if draft else ""}
        super().__init__(data, prefix=f"t{task.pk}", initial=initial)
        self.task, self.said, self.steps, self.draft = task, said, steps, words_of(draft)
        if steps.left:
            self.fields["milestones"] = ticks_field(steps)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("unchanged") and (self.is_news or cleaned.get("milestones")):
            self.add_error("unchanged", "有进展、勾了里程碑的，就不要再勾“无变化”，两样留一样。")
        if cleaned.get("document_no") and not (cleaned.get("unchanged") or cleaned.get("summary")):
            self.add_error("summary", "填了文号，还要写一句做到了哪一步。")
        return cleaned

    @property
    def is_news(self) -> bool:
        """Whether the box holds other words than it began with; line ends do not count."""
        key, words = str(self["last"].value()), str(self["summary"].value() or "").split()
        began = next((report.summary for report in self.said if str(report.pk) == key), "")
        return bool(words) and words != began.split()

    @property
    def says_something(self) -> bool:
        """Whether the line is to be reported at all."""
        typed = any(str(self[name].value() or "").strip() for name in ("document_no", "unchanged"))
        return typed or self.is_news or bool(self.ticked_steps())

    def ticked_steps(self) -> list[str]:
        """Return the keys of the ticked milestones, whatever they are worth."""
        ticked = self["milestones"].value() if "milestones" in self.fields else None
        return [str(key) for key in ticked or ()]

    @property
    def words(self) -> dict[str, str]:
        """What stands in the boxes, whatever it is worth."""
        names = ("summary", "document_no", "unchanged")
        return {name: str(self[name].value() or "") for name in names}

    def content(self) -> ReportContent:
        unchanged = self.cleaned_data["unchanged"]
        return ReportContent(
            kind=ReportKind.PROGRESS,
            summary=UNCHANGED if unchanged else self.cleaned_data["summary"],
            document_no=self.cleaned_data["document_no"],
            is_unchanged=unchanged,
            milestones=ticked_titles(self.steps, self.cleaned_data.get("milestones", ())),
        )


class SheetLine(Form):
    """进展填报表的一行：“无变化”填“是”，或写进展情况。"""

    unchanged = forms.CharField(label="无变化", max_length=10, required=False)
    summary = forms.CharField(label="进展情况", max_length=2000, required=False)
    document_no = forms.CharField(label="佐证文号", max_length=120, required=False)
    problems = forms.CharField(label="存在问题", max_length=1000, required=False)
    coordination = forms.CharField(label="需协调事项", max_length=1000, required=False)
    next_steps = forms.CharField(label="下一步打算", max_length=1000, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        said = cleaned.get("unchanged", "")
        if said not in {"", "是", "否"}:
            self.add_error("unchanged", "只填“是”，有变化的留空。")
        if said == "是" and cleaned.get("summary"):
            self.add_error("unchanged", "写了进展就不要再填“是”，两样留一样。")
        if said != "是" and not cleaned.get("summary") and "summary" not in self.errors:
            self.add_error("summary", "要写一句做到了哪一步；没有变化的，在“无变化”填“是”。")
        return cleaned

    def content(self) -> ReportContent:
        words = dict(self.cleaned_data)
        if words.pop("unchanged") == "是":
            words |= {"summary": UNCHANGED, "is_unchanged": True}
        return ReportContent(kind=ReportKind.PROGRESS, **words)

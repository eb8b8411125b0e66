"""What a unit types about its tasks, and what the office answers."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from common.forms import Compared, Form
from responsibilities.enums import ReportKind, ReportState, ReviewDecision
from responsibilities.forms.proof import ProofForm
from responsibilities.forms.steps import ticked_titles, ticks_field
from responsibilities.milestones import NO_STEPS, steps_of
from responsibilities.models import Evidence, ProgressReport, Task
from responsibilities.models.progress import ProofFile
from responsibilities.services.progress import ReportContent

UNCHANGED = "本期无变化，继续推进。"


CONTENT_NAMES = (
    "kind",
    "summary",
    "document_no",
    "happened_on",
    "problems",
    "coordination",
    "next_steps",
)


def new_token() -> str:
    """Return the mark of one filled-in page: the same page sent twice is one submission."""
    return secrets.token_urlsafe(16)


class ReportForm(ProofForm):
    """报进展：上一次的话已经填好，改几个字就行。"""

    field_order = (
        "token",
        "kind",
        "milestones",
        "summary",
        "document_no",
        "happened_on",
        "uploads",
        "evidence",
    )

    token = forms.CharField(widget=forms.HiddenInput, max_length=40)
    kind = forms.ChoiceField(
        label="这次是", choices=ReportKind, widget=forms.RadioSelect, initial=ReportKind.PROGRESS
    )
    summary = forms.CharField(
        label="进展情况",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一两句话，写清做到了哪一步。",
        error_messages={"required": "进展情况要写一句话；没有变化的，按“无变化，继续推进”。"},
    )
    document_no = forms.CharField(
        label="佐证文号",
        max_length=120,
        required=False,
        help_text="有文号就够了，如 钦南应急〔2019〕8号；申请办结时，文号和材料至少有一样。",
    )
    happened_on = forms.DateField(
        label="完成日期",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="这件事实际做成的日子，不晚于今天。",
    )
    problems = forms.CharField(
        label="存在问题", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    coordination = forms.CharField(
        label="需协调事项",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="要区领导或其他单位解决的，写在这里。",
    )
    next_steps = forms.CharField(
        label="下一步打算",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        task: Task,
        today: date,
        draft: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        initial = self._last_words(task) | dict(draft)
        super().__init__(data, files, unit=task.unit, initial=initial)
        self.fields["happened_on"].widget.attrs["max"] = today.isoformat()
        self.steps = steps_of([task]).get(task.pk, NO_STEPS)
        if self.steps.left:
            self.fields["milestones"] = ticks_field(self.steps)
            self.order_fields(self.field_order)

    @staticmethod
    def _last_words(task: Task) -> dict[str, Any]:
        """Start from what the unit said last, so that only the news must be typed.

        “无变化” says nothing new, so the words before it still hold. In a new period that is what
        the unit said in the last one, of the same event; a document proves one period only.
        What came back or was taken back is put right as what it was: a closing stays a closing.
        """
        told = ProgressReport.objects.exclude(is_unchanged=True)
        said_before = told.exclude(state=ReportState.WITHDRAWN).filter(
            task__obligation=task.obligation_id, task__unit=task.unit_id, task__event=task.event_id
        )
        words: dict[str, Any] = {"token": new_token(), "kind": ReportKind.PROGRESS}
        fields = ["summary", "problems", "coordination", "next_steps", "document_no"]
        last = told.filter(task=task).first()
        if last is None:
            last = said_before.first()
            fields.remove("document_no")
        if last is None:
            return words
        words |= {name: getattr(last, name) for name in fields}
        if last.state in {ReportState.RETURNED, ReportState.WITHDRAWN}:
            words["evidence"] = [file.pk for file in last.evidence if not file.is_void]
            words["milestones"] = [tick.milestone_id for tick in last.ticked]
            if last == task.reports.first():
                words |= {"kind": last.kind, "happened_on": last.happened_on}
        return words

    def begin_anew(self) -> None:
        """Let what was refused be another submission when it is sent again."""
        data = MultiValueDict(self.data)
        data["token"] = new_token()
        self.data = data

    def ticked_steps(self) -> list[str]:
        """Return the keys of the ticked milestones, whatever they are worth."""
        ticked = self["milestones"].value() if "milestones" in self.fields else None
        return [str(key) for key in ticked or ()]

    def beside(self, other: ProgressReport) -> list[Compared]:
        """Set what a colleague has reported beside what was typed here, where the two differ."""
        typed = {name: str(self[name].value() or "") for name in CONTENT_NAMES}
        kinds, chosen = dict(ReportKind.choices), self._offered_files(self.ticked_keys())
        pairs = [
            Compared("这次是", other.get_kind_display(), str(kinds.get(typed["kind"], ""))),
            Compared(
                "里程碑",
                "、".join(tick.title for tick in other.ticked),
                "、".join(ticked_titles(self.steps, self.ticked_steps())),
            ),
            *(
                Compared(str(self[name].label), str(getattr(other, name) or ""), typed[name])
                for name in CONTENT_NAMES[1:]
            ),
            Compared("佐证材料", _names(other.evidence), _names(chosen)),
        ]
        return [pair for pair in pairs if pair.differs]

    def content(self) -> ReportContent:
        """Return what was typed as the service takes it."""
        typed = dict(self.cleaned_data)
        for name in ("token", "uploads", "evidence"):
            typed.pop(name)
        kind, files = ReportKind(typed.pop("kind")), self.chosen_hashes()
        ticks = ticked_titles(self.steps, typed.pop("milestones", ()))
        return ReportContent(kind=kind, evidence=files, milestones=ticks, **typed)


def _names(files: Iterable[Evidence | ProofFile]) -> str:
    return "、".join(sorted(file.name for file in files))


class ReviewForm(Form):
    """核验：通过，或写明理由退回补正。"""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    decision = forms.ChoiceField(
        choices=ReviewDecision,
        widget=forms.HiddenInput,
        error_messages={"required": "请按“通过”或“退回补正…”。"},
    )
    reason = forms.CharField(
        label="意见",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="退回补正时必填，写明补什么。",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        returned = cleaned.get("decision") == ReviewDecision.RETURN
        if returned and not cleaned.get("reason", "").strip():
            self.add_error("reason", "退回补正要写明理由，让单位知道补什么。")
        return cleaned


class ExtensionForm(Form):
    """申请延期：理由和确定的新日期。"""

    asked_due_on = forms.DateField(
        label="申请延至",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写申请延至哪一天。"},
    )
    reason = forms.CharField(
        label="延期理由",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "申请延期要写明理由。"},
    )


class ReopenForm(Form):
    """重新打开：写明为什么不能算办结。"""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="为什么重新打开",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写清不作数的是什么、要单位补什么；记入修改记录，也告诉责任单位。",
        error_messages={"required": "重新打开要写明理由，让单位知道补什么。"},
    )


class ExtensionDecisionForm(Form):
    """审批延期：同意要给确定的日期，不同意要写理由。"""

    granted_due_on = forms.DateField(
        label="同意延至",
        required=False,
        help_text="同意的，要给确定的日期，可以和申请的不同。",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label="审批意见", max_length=500, required=False, help_text="不同意的，要写明理由。"
    )

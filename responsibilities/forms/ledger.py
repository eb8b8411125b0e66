"""What the office types on the ledger: deadlines, leads, and names of saved views."""

from datetime import date
from typing import Any

from django import forms

from common.forms import Form, WordedMixin
from organizations.enums import NEVER_CHASED_KINDS
from organizations.models import Unit
from responsibilities.enums import (
    FREQUENCY_OF,
    MONTHS_OF,
    AssignmentRole,
    DeadlineKind,
    Frequency,
    FulfilmentMode,
)
from responsibilities.models import Obligation, SavedView
from responsibilities.rules import deadline_problem
from responsibilities.services.bulk import Change, DeadlineChange, LeadChange
from responsibilities.services.deadlines import Deadline

DECIDED = [(kind.value, kind.label) for kind in DeadlineKind if kind != DeadlineKind.UNDECIDED]
INTERVALS = [("", "（不是周期任务）"), *((f.value, f.label) for f in MONTHS_OF)]
DEADLINE_FIELDS = frozenset({"kind", "due_on", "frequency", "basis"})
NO_BASIS = "请写明时限的依据，如条文原文、会议纪要或文件文号。"
# 行内的表地方小，提示只留一行。
SHORT_HINTS = {
    "due_on": "固定日期类填写。",
    "frequency": "周期任务选择。",
    "basis": "改了时限要写：谁定的、凭什么。",
    "reason": "写入修改记录。",
}


class UnitChoiceField(forms.ModelChoiceField):
    """One of the units that can answer for work on a day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Unit.objects.none(), to_field_name="code", **kwargs)

    def offer(self, today: date) -> None:
        self.queryset = Unit.objects.on(today).exclude(kind__in=NEVER_CHASED_KINDS)


def leading(today: date, **kwargs: Any) -> UnitChoiceField:
    field = UnitChoiceField(
        error_messages={"invalid_choice": "这个单位不能牵头或已撤销，请从列表中另选。"}, **kwargs
    )
    field.offer(today)
    return field


class ReasonForm(Form):
    """Every change of the ledger carries the reason that the history will show."""

    reason = forms.CharField(
        label="理由",
        max_length=200,
        help_text="写入修改记录，如“区安委会第三次会议决定”。",
        error_messages={"required": "请写明理由。"},
    )


class DeadlineForm(ReasonForm):
    """A deadline and the document that it rests on."""

    kind = forms.ChoiceField(label="时限类型", choices=DECIDED)
    due_on = forms.DateField(
        label="到期日",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="固定日期和年（季、月）底前的填写。",
    )
    frequency = forms.ChoiceField(
        label="周期", required=False, choices=INTERVALS, help_text="周期任务选择。"
    )
    basis = forms.CharField(
        label="时限依据",
        max_length=200,
        help_text="谁定的、凭什么：会议纪要或文件文号；条文写明了的，写“条文原文”。",
        error_messages={"required": NO_BASIS},
    )
    field_order: tuple[str, ...] = ("kind", "due_on", "frequency", "basis", "reason")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "kind" in cleaned and "due_on" in cleaned:
            deadline = self._deadline()
            problem = deadline_problem(
                kind=deadline.kind,
                due_on=deadline.due_on,
                frequency=deadline.frequency,
                is_unspecified=deadline.frequency not in MONTHS_OF,
            )
            if problem:
                column = "frequency" if deadline.kind == DeadlineKind.PERIODIC else "due_on"
                self.add_error(column, problem)
        return cleaned

    def _deadline(self) -> Deadline:
        kind = DeadlineKind(self.cleaned_data["kind"])
        chosen = self.cleaned_data.get("frequency")
        return Deadline(
            kind=kind,
            basis=self.cleaned_data.get("basis", ""),
            due_on=self.cleaned_data["due_on"],
            frequency=FREQUENCY_OF.get(kind, Frequency(chosen) if chosen else None),
        )

    def change(self) -> Change:
        """Return the decision that the valid form stands for."""
        return DeadlineChange(self._deadline())


class LeadForm(ReasonForm):
    """Another lead unit."""

    field_order = ("unit", "reason")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = leading(today, label="新的牵头单位", empty_label="（请选择）")
        self.order_fields(self.field_order)

    def change(self) -> Change:
        return LeadChange(self.cleaned_data["unit"])


class RowForm(DeadlineForm):
    """Deadline and lead of one row, edited in place; only what differs becomes a change."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("unit", "kind", "due_on", "frequency", "basis", "reason", "version")

    def __init__(self, *args: Any, row: Obligation, today: date, **kwargs: Any) -> None:
        self.row = row
        self.lead = _lead_of(row)
        kwargs.setdefault("initial", self._shown())
        super().__init__(*args, today=today, **kwargs)
        if row.deadline_kind == DeadlineKind.UNDECIDED:
            undecided = DeadlineKind.UNDECIDED
            self.fields["kind"] = forms.ChoiceField(
                label="时限类型", choices=[(undecided.value, undecided.label), *DECIDED]
            )
        self.fields["basis"].required = False
        for name, hint in SHORT_HINTS.items():
            self.fields[name].help_text = hint
        if row.mode == FulfilmentMode.JOINT:
            self.fields["unit"] = leading(
                today, label="牵头单位", required=False, empty_label="（未定）"
            )
        self.order_fields(self.field_order)

    def _shown(self) -> dict[str, Any]:
        row = self.row
        return {
            "kind": row.deadline_kind,
            "due_on": row.due_on,
            "frequency": row.frequency if row.frequency in MONTHS_OF else "",
            "basis": row.decision_basis,
            "unit": self.lead.code if self.lead else "",
            "version": row.version,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        moved = DEADLINE_FIELDS & set(self.changed_data)
        if moved and "basis" in cleaned and not cleaned["basis"]:
            self.add_error("basis", NO_BASIS)
        if not self.errors and not self.changes():
            self.add_error(None, "时限和牵头单位都没有改动，改好后再保存。")
        return cleaned

    @property
    def now(self) -> str:
        """What the row says at present, for somebody whose page is older."""
        when, lead = self.row.deadline_in_words, self.lead.short_name if self.lead else "未定"
        return f"现在的时限是“{when}”，牵头单位是“{lead}”。核对后再保存，将以您填写的为准。"

    def changes(self) -> list[Change]:
        """Return what differs from the row: its deadline, its lead, or both."""
        found: list[Change] = []
        if DEADLINE_FIELDS & set(self.changed_data):
            found.append(self.change())
        unit = self.cleaned_data.get("unit")
        if unit is not None and unit != self.lead:
            found.append(LeadChange(unit))
        return found


def _lead_of(row: Obligation) -> Unit | None:
    leads = [held.unit for held in row.assignments.all() if held.role == AssignmentRole.LEAD]
    return leads[0] if leads else None


class SavedViewForm(WordedMixin, forms.ModelForm):
    """The name of a view; sharing is offered to the office only."""

    class Meta:
        model = SavedView
        fields = ("name", "is_shared")
        labels = {"name": "视图名称", "is_shared": "给安委办同事和区领导共用"}
        help_texts = {"name": "20 个字以内。"}

    def __init__(self, *args: Any, can_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not can_share:
            del self.fields["is_shared"]

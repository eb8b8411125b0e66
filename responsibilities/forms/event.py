"""Registering an event: what happened, and the date of each task it opens."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms

from common.forms import Form
from organizations.models import Unit
from responsibilities.enums import EVENT_WORDS, EventKind
from responsibilities.models import Obligation
from responsibilities.services.events import Happening, months_later


class EventTasksForm(Form):
    """一件事打开哪些任务，各到哪一天。"""

    def __init__(self, data: Any, *, rows: Sequence[Obligation], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.rows = rows
        for row in rows:
            self.fields[f"row-{row.pk}"] = forms.BooleanField(required=False, label=row.title)
            self.fields[f"due-{row.pk}"] = forms.DateField(
                required=False,
                label=f"{row.code} 到期日",
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        happened = cleaned.get("happened_on", self.initial.get("happened_on"))
        chosen = [row for row in self.rows if cleaned.get(f"row-{row.pk}")]
        if not chosen:
            self.add_error(None, "请至少勾选一项由这件事引起的任务。")
        for row in chosen:
            due = cleaned.get(f"due-{row.pk}")
            if due is None and happened and row.event_months:
                cleaned[f"due-{row.pk}"] = months_later(happened, row.event_months)
            elif due is None and f"due-{row.pk}" not in self.errors:
                self.add_error(f"due-{row.pk}", f"{row.code} 条文没有写期限，请定一个到期日。")
        return cleaned

    def dues(self) -> dict[Obligation, date]:
        """Return the chosen rows with their dates."""
        return {
            row: self.cleaned_data[f"due-{row.pk}"]
            for row in self.rows
            if self.cleaned_data[f"row-{row.pk}"]
        }

    def choices_by_fit(self, kind: str) -> list[dict[str, Any]]:
        """Return the rows for the page, each with the kinds of events that it speaks of; those
        of the chosen ``kind`` come first."""
        lines = [
            {
                "row": row,
                "tick": self[f"row-{row.pk}"],
                "due": self[f"due-{row.pk}"],
                "kinds": kinds_told(row),
            }
            for row in self.rows
        ]
        return sorted(lines, key=lambda line: kind not in line["kinds"])


def kinds_told(row: Obligation) -> list[EventKind]:
    """Return the kinds of events that open the row by the words of the plan, in their order."""
    return [
        kind
        for kind, words in EVENT_WORDS.items()
        if words and re.search(".*".join(words), row.event)
    ]


class EventForm(EventTasksForm):
    """登记事件：一件事打开哪些任务，各到哪一天。"""

    kind = forms.ChoiceField(label="事件类别", choices=EventKind)
    title = forms.CharField(
        label="事件名称",
        max_length=60,
        help_text="一句话，如 9·12 某工地坍塌事故。",
        error_messages={"required": "请填写事件名称。"},
    )
    happened_on = forms.DateField(
        label="发生日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="事故登记发生之日，结案登记结案之日。",
        error_messages={"required": "请填写事件发生的日期。"},
    )
    unit = forms.ModelChoiceField(
        label="涉及单位",
        queryset=Unit.objects.none(),
        required=False,
        empty_label="不指定",
        help_text="事发地的镇（场、街道），或要办这件事的部门。",
    )
    document_no = forms.CharField(
        label="依据文号",
        max_length=120,
        help_text="事故快报、调查报告批复或会议纪要的文号。",
        error_messages={"required": "请填写依据文号。"},
    )
    note = forms.CharField(label="说明", max_length=300, required=False)

    def __init__(
        self, data: Any = None, *, rows: Sequence[Obligation], today: date, initial: Any = None
    ) -> None:
        super().__init__(data, rows=rows, initial=initial)
        unit = cast("forms.ModelChoiceField", self.fields["unit"])
        unit.queryset = Unit.objects.on(today).order_by("order", "pk")

    def happening(self) -> Happening:
        """Return what was typed as the service takes it."""
        names = ("title", "happened_on", "document_no", "unit", "note")
        typed = {name: self.cleaned_data[name] for name in names}
        return Happening(kind=EventKind(self.cleaned_data["kind"]), **typed)


class VoidEventForm(Form):
    """撤销登记错的事件。"""

    reason = forms.CharField(
        label="撤销理由", max_length=300, error_messages={"required": "撤销事件要写明理由。"}
    )

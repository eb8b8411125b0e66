"""What is typed about an inspection, and what the head answers."""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from common.forms import Form
from inspections.content import FindingLine, InspectionContent
from inspections.enums import Handling, InspectionMethod, LeaderKind
from inspections.models import Inspection
from inspections.services.recording import MOST_FINDINGS
from organizations.enums import PostKind
from organizations.models import Appointment, Unit

BLANK_LINES = 3
DAY = {"type": "date"}
REPEATED = ("field", "team", "method", "checked")  # 上一次的话，多半还能用


def date_input(**attrs: str) -> forms.DateInput:
    return forms.DateInput(attrs=DAY | attrs, format="%Y-%m-%d")


class InspectionForm(Form):
    """填报带队检查：上一次的话已经填好，改几个字就行。"""

    token = forms.CharField(widget=forms.HiddenInput, max_length=40)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    unit = forms.ModelChoiceField(label="单位", queryset=Unit.objects.none(), empty_label=None)
    inspected_on = forms.DateField(
        label="检查日期",
        widget=date_input(),
        help_text="算在这一天所在的季度。",
        error_messages={"required": "请填写哪一天检查的。"},
    )
    leader_kind = forms.ChoiceField(
        label="谁带队",
        choices=LeaderKind,
        widget=forms.RadioSelect,
        initial=LeaderKind.HEAD,
        help_text="只有主要负责人带队的计入本季；分管负责人带队的照样登记，不计。",
    )
    leader_name = forms.CharField(
        label="带队人", max_length=40, error_messages={"required": "请写带队人的姓名。"}
    )
    team = forms.CharField(
        label="同行人员", max_length=300, required=False, help_text="如 韦副局长、执法大队 3 人。"
    )
    field = forms.CharField(
        label="行业领域",
        max_length=60,
        help_text="如 建筑施工、道路运输。",
        error_messages={"required": "请写检查的是哪个行业领域。"},
    )
    method = forms.ChoiceField(
        label="检查方式", choices=InspectionMethod, initial=InspectionMethod.ROUTINE
    )
    places = forms.CharField(
        label="被检查单位和地点",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行写一处。",
        error_messages={"required": "请写检查了哪些单位和地点。"},
    )
    checked = forms.CharField(
        label="检查内容",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请写检查了什么。"},
    )
    opinion = forms.CharField(
        label="处理意见",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        units: Sequence[Unit],
        today: date,
        inspection: Inspection | None = None,
    ) -> None:
        initial = _stored(inspection) if inspection else _suggested(units[0], today)
        super().__init__(data, initial=initial)
        self.fields["inspected_on"].widget.attrs["max"] = today.isoformat()
        choice = self.fields["unit"]
        choice.queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])  # type: ignore[attr-defined]
        if inspection is not None or len(units) == 1:
            choice.widget = forms.HiddenInput()

    def content(self, findings: Sequence[FindingLine]) -> InspectionContent:
        """Return what was typed as the services take it."""
        typed = self.cleaned_data
        kept = ("inspected_on", "leader_name", "team", "field", "places", "checked", "opinion")
        return InspectionContent(
            leader_kind=LeaderKind(typed["leader_kind"]),
            method=InspectionMethod(typed["method"]),
            findings=tuple(findings),
            **{name: typed[name] for name in kept},
        )


def _suggested(unit: Unit, today: date) -> dict[str, Any]:
    """Start from the unit's last record, its head and its field, so that only the news is typed."""
    held = Appointment.objects.on(today).filter(post__unit=unit, post__kind=PostKind.HEAD)
    head = held.with_people().first()
    words: dict[str, Any] = {
        "token": secrets.token_urlsafe(16),
        "unit": unit.pk,
        "leader_name": str(head.user) if head else "",
        "field": "、".join(str(sector) for sector in unit.sectors[:2])[:60],
    }
    last = Inspection.objects.live().filter(unit=unit).first()
    return words | ({name: getattr(last, name) for name in REPEATED} if last else {})


def _stored(inspection: Inspection) -> dict[str, Any]:
    words = dict(inspection.content().columns)
    return words | {
        "token": inspection.submit_token,
        "unit": inspection.unit_id,
        "version": inspection.version,
    }


class FindingForm(Form):
    """发现的一个问题；留空的行不算。"""

    problem = forms.CharField(label="发现的问题", max_length=300, required=False)
    handling = forms.ChoiceField(label="处理", choices=Handling, initial=Handling.ON_THE_SPOT)
    due_on = forms.DateField(label="整改期限", required=False, widget=date_input())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        by_date = cleaned.get("handling") == Handling.BY_DATE
        if cleaned.get("problem") and by_date and not cleaned.get("due_on"):
            self.add_error("due_on", "限期整改的要写整改期限。")
        if not cleaned.get("problem") and cleaned.get("due_on"):
            self.add_error("problem", "写了期限，问题也要写一句话。")
        return cleaned

    def line(self) -> FindingLine | None:
        """Return the problem as the services take it; None for a line left empty."""
        typed = self.cleaned_data
        if not typed.get("problem"):
            return None
        return FindingLine(typed["problem"], Handling(typed["handling"]), typed.get("due_on"))


_FindingForms = formset_factory(
    FindingForm,
    extra=BLANK_LINES,
    max_num=MOST_FINDINGS,
    absolute_max=MOST_FINDINGS + BLANK_LINES,
)


def finding_forms(
    data: Any = None, *, inspection: Inspection | None = None
) -> "BaseFormSet[FindingForm]":
    """Return the lines for the problems of a record, blank ones at the end."""
    stored = inspection.content().findings if inspection else ()
    return _FindingForms(data, prefix="found", initial=[vars(line) for line in stored])


def lines_typed(lines: "BaseFormSet[FindingForm]") -> list[FindingLine]:
    """Return the problems that were typed, in their order; empty lines are no problems."""
    return [line for form in lines.forms if (line := form.line()) is not None]


class ConfirmForm(Form):
    """确认：勾选声明；离上次输入密码久了，再输一次。"""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    declared = forms.BooleanField(
        label="声明", error_messages={"required": "请先勾选声明，再提交。"}
    )
    password = forms.CharField(
        label="您的登录密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="离上次输入密码已有一段时间，再输一次，确认是您本人。",
        error_messages={"required": "请再输一次登录密码。"},
    )

    def __init__(self, data: Any = None, *, seen: str, declaration: str, asks: bool) -> None:
        super().__init__(data, initial={"seen": seen})
        self.fields["declared"].label = declaration
        if not asks:
            del self.fields["password"]


class DeclineForm(Form):
    """不是我带队，或情况不符。"""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    led_by = forms.CharField(label="带队的人", max_length=40, required=False)
    reason = forms.CharField(
        label="哪里不符", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class VoidForm(Form):
    """作废：写明理由，记录和理由一并留存。"""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "作废要写明理由。"},
    )

"""What is typed about a hazard at each of its steps."""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from common.days import full_day
from common.forms import Form
from inspections.enums import HazardGrade
from inspections.forms.inspection import date_input
from inspections.models import Hazard, Inspection
from inspections.services.hazards import HazardContent
from organizations.models import Unit

WORDS = {"rows": 3}


class HazardForm(Form):
    """登记一处发现的隐患（排查）。"""

    token = forms.CharField(widget=forms.HiddenInput, max_length=40)
    unit = forms.ModelChoiceField(label="督促单位", queryset=Unit.objects.none(), empty_label=None)
    title = forms.CharField(
        label="隐患",
        max_length=80,
        help_text="一句话说清，如 区汽车客运站东侧疏散通道堵塞。",
        error_messages={"required": "请写一句话，说清是什么隐患。"},
    )
    place = forms.CharField(
        label="部位", max_length=120, error_messages={"required": "请写在哪个部位。"}
    )
    enterprise = forms.CharField(
        label="责任企业（单位）",
        max_length=80,
        error_messages={"required": "请写由哪家企业或单位整改。"},
    )
    grade = forms.ChoiceField(
        label="等级",
        choices=HazardGrade,
        widget=forms.RadioSelect,
        initial=HazardGrade.GENERAL,
        help_text="发现后能立即整改的是一般隐患；要停产停业、一定时间才能整改的是重大隐患。",
    )
    found_on = forms.DateField(
        label="发现日期", widget=date_input(), error_messages={"required": "请填写发现日期。"}
    )
    found_by = forms.CharField(
        label="排查人", max_length=60, error_messages={"required": "请写是谁排查发现的。"}
    )
    description = forms.CharField(
        label="现状和危害",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs=WORDS),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        units: Sequence[Unit],
        today: date,
        inspection: Inspection | None = None,
    ) -> None:
        super().__init__(data, initial=_suggested(units[0], today, inspection))
        choice = self.fields["unit"]
        choice.queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])  # type: ignore[attr-defined]
        if len(units) == 1:
            choice.widget = forms.HiddenInput()
        self.fields["found_on"].widget.attrs["max"] = today.isoformat()

    def content(self) -> HazardContent:
        """Return what was typed as the service takes it."""
        typed = dict(self.cleaned_data)
        typed.pop("token")
        typed.pop("unit")
        return HazardContent(**typed | {"grade": HazardGrade(typed["grade"])})


def _suggested(unit: Unit, today: date, inspection: Inspection | None) -> dict[str, Any]:
    words: dict[str, Any] = {"token": secrets.token_urlsafe(16), "unit": unit.pk, "found_on": today}
    if inspection is None:
        return words
    return words | {
        "unit": inspection.unit_id,
        "found_on": inspection.inspected_on,
        "found_by": f"{inspection.leader_name}带队"[:60],
    }


class GradedForm(Form):
    """按隐患等级取舍：重大隐患必填的栏不标选填，一般隐患用不着的栏不出现。"""

    major_needs: Sequence[str] = ()
    major_only: Sequence[str] = ()

    def fit(self, hazard: Hazard, *, latest: date | None = None) -> None:
        """Ask for what the grade of ``hazard`` wants; a return to treatment proves nothing yet.

        ``latest`` is the latest date that the person may set; None for whoever settles dates.
        """
        for name in self.major_needs if hazard.is_major else ():
            self.fields[name].required = self.data.get("passed") != "0"
            self.fields[name].error_messages["required"] = (
                f"重大隐患要写{self.fields[name].label}。"
            )
        for name in () if hazard.is_major else self.major_only:
            del self.fields[name]


class StepForm(GradedForm):
    """一步的共同部分：日期和一句话。"""

    version = forms.IntegerField(widget=forms.HiddenInput)
    happened_on = forms.DateField(
        label="办理日期", widget=date_input(), error_messages={"required": "请填写办理日期。"}
    )
    note = forms.CharField(
        label="情况",
        max_length=500,
        widget=forms.Textarea(attrs=WORDS),
        error_messages={"required": "请写一句话。"},
    )

    field_order: Sequence[str] | None = None

    def extras(self) -> dict[str, Any]:
        """Return what this step takes besides its day and its words."""
        common = {"version", "happened_on", "note"}
        return {name: value for name, value in self.cleaned_data.items() if name not in common}


class RegisterForm(GradedForm):
    """登记：措施、责任、资金、时限、预案五落实。"""

    major_needs = ("funds", "emergency_plan")

    version = forms.IntegerField(widget=forms.HiddenInput)
    measures = forms.CharField(
        label="措施",
        max_length=1000,
        widget=forms.Textarea(attrs=WORDS),
        error_messages={"required": "请写整改措施。"},
    )
    responsible = forms.CharField(
        label="责任人",
        max_length=60,
        help_text="企业负责整改的人和职务。",
        error_messages={"required": "请写责任人。"},
    )
    funds = forms.CharField(
        label="资金", max_length=120, required=False, help_text="如 企业自筹 3 万元。"
    )
    due_on = forms.DateField(
        label="时限", widget=date_input(), error_messages={"required": "请填写整改时限。"}
    )
    emergency_plan = forms.CharField(
        label="预案",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs=WORDS),
        help_text="整改期间的安全措施和应急预案。",
    )


class VerdictForm(StepForm):
    """复查、评估：过了，还是退回继续治理。"""

    passed = forms.TypedChoiceField(
        label="结论",
        choices=(("1", "已治好，通过"), ("0", "没治好，退回继续治理")),
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        error_messages={"required": "请选结论。"},
    )
    field_order = ("version", "passed", "happened_on", "note")


class AssessForm(VerdictForm):
    """评估；重大隐患写第三方机构。"""

    major_needs = major_only = ("third_party", "third_party_no")

    third_party = forms.CharField(label="第三方验收机构", max_length=80, required=False)
    third_party_no = forms.CharField(label="验收报告文号", max_length=80, required=False)


class ReportForm(StepForm):
    """双报告：企业向部门、向职代会报告的日期。"""

    department_told_on = forms.DateField(
        label="向负有监管职责的部门报告", widget=date_input(), required=False
    )
    workers_told_on = forms.DateField(label="向职代会报告", widget=date_input(), required=False)
    field_order = ("version", "department_told_on", "workers_told_on", "happened_on", "note")


class ListForm(StepForm):
    """挂牌督办：通知书文号和督办时限。"""

    document_no = forms.CharField(
        label="挂牌督办通知书文号",
        max_length=80,
        error_messages={"required": "请写挂牌督办通知书的文号。"},
    )
    due_on = forms.DateField(
        label="督办时限", widget=date_input(), error_messages={"required": "请填写督办时限。"}
    )
    field_order = ("version", "document_no", "due_on", "happened_on", "note")


class DelistForm(StepForm):
    """摘牌：文号。"""

    document_no = forms.CharField(
        label="摘牌文号", max_length=80, error_messages={"required": "请写摘牌的文号。"}
    )
    field_order = ("version", "document_no", "happened_on", "note")


class DueForm(StepForm):
    """调整时限：新的时限。"""

    due_on = forms.DateField(
        label="新的时限", widget=date_input(), error_messages={"required": "请填写新的时限。"}
    )
    field_order = ("version", "due_on", "happened_on", "note")


class ReopenForm(DueForm):
    """重开：区安委办定新的时限；单位最迟定到原来给的天数，重大隐患的时限不由单位定。"""

    def fit(self, hazard: Hazard, *, latest: date | None = None) -> None:
        super().fit(hazard)
        if latest is None:
            return
        until = full_day(latest)
        if hazard.is_major:
            del self.fields["due_on"]
            self.fields[
                "note"
            ].help_text = (
                f"什么情况又出现了。新的时限由区安委办定，定下以前按{until}；区安委办同时收到提醒。"
            )
            return
        self.initial["due_on"] = latest
        self.fields["due_on"].widget.attrs["max"] = latest.isoformat()
        self.fields["due_on"].help_text = f"最迟{until}；要更晚的，由区安委办重开或调整时限。"

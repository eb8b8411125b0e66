"""What the office types about facts and veto decisions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from assessments.enums import (
    COUNTED_KINDS,
    BonusCategory,
    BonusLevel,
    FactKind,
    VetoEffect,
    VetoReason,
)
from assessments.forms.assessment import period_choices
from assessments.gone import GONE_UNITS
from assessments.models import Assessment
from assessments.services.entering import FactContent, VetoContent
from common.days import full_day
from common.forms import Form
from organizations.models import Unit

BLANK = [("", "不填")]
# 一份文涉及几个单位时，换一个单位接着登记，这几栏照旧。
SHARED = ("kind", "happened_on", "title", "document_no", "period", "category", "level", "topic")


def _when(*kinds: FactKind) -> dict[str, str]:
    """Mark a field that only some kinds ask for; the page shows it with them."""
    return {"data-when": " ".join(["kind", *sorted(kinds)])}


def assessed_unit_choices(today: date) -> list[tuple[str, str]]:
    """Return the units that are scored, by code, in official order; those that went this year or
    last can still be judged for the time in which they were there."""
    since = date(today.year - 1, 1, 1)
    units = Unit.objects.exclude(assessment_class="").exclude(valid_from__gt=today)
    return [
        ("", "请选择"),
        *((unit.code, _named(unit, today)) for unit in units.exclude(valid_to__lt=since)),
    ]


def _named(unit: Unit, today: date) -> str:
    if unit.is_valid_on(today) or unit.valid_to is None:
        return unit.name
    return f"{unit.name}（{full_day(unit.valid_to)}撤销）"


def _day(label: str, words: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": words},
    )


def _unit(today: date) -> forms.ChoiceField:
    choices = assessed_unit_choices(today)
    return forms.ChoiceField(
        label="单位",
        choices=choices,
        help_text=GONE_UNITS if any("撤销）" in label for _, label in choices) else "",
        error_messages={"required": "请选择单位。", "invalid_choice": "请从列表中选择单位。"},
    )


def _periods(today: date) -> list[tuple[str, str]]:
    """Return every period since the first that was assessed; a paper can come much later."""
    oldest = Assessment.objects.order_by("period").first()
    year = min(today.year - 1, oldest.span.year if oldest else today.year)
    return period_choices(date(year, 1, 1), today)


def _judged_period(today: date) -> forms.ChoiceField:
    return forms.ChoiceField(
        label="考核期",
        choices=[("", "请选择"), *_periods(today)],
        help_text="决定针对的考核期，不论哪天作出。针对一个季度的也计入全年，针对全年的只计入全年。",
        error_messages={
            "required": "请选定决定针对的考核期。",
            "invalid_choice": "请从列表中选一个考核期。",
        },
    )


class FactForm(Form):
    """登记考核事实：凭文号。"""

    unit = forms.ChoiceField(label="单位")
    kind = forms.ChoiceField(label="类别", choices=FactKind)
    happened_on = _day("日期", "请填写这件事的日期。")
    title = forms.CharField(label="事项", max_length=100)
    document_no = forms.CharField(
        label="文号",
        max_length=120,
        help_text="会议纪要、通报、批复的文号，如 钦南安委〔2019〕9号。",
        error_messages={"required": "登记要写明文号，没有文号的不能作为评分依据。"},
    )
    count = forms.IntegerField(
        label="数量",
        min_value=0,
        max_value=9999,
        required=False,
        widget=forms.NumberInput(attrs=_when(*COUNTED_KINDS)),
        help_text="事故填死亡人数，控制指标、上年同期事故填数目；没有的填 0。",
    )
    period = forms.ChoiceField(label="考核期", required=False)
    category = forms.ChoiceField(
        label="加分类别",
        choices=BLANK + list(BonusCategory.choices),
        required=False,
        widget=forms.Select(attrs=_when(FactKind.BONUS)),
    )
    level = forms.ChoiceField(
        label="加分级别",
        choices=BLANK + list(BonusLevel.choices),
        required=False,
        widget=forms.Select(attrs=_when(FactKind.BONUS)),
    )
    topic = forms.CharField(
        label="同一事项",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=_when(FactKind.BONUS)),
        help_text="同一件事得了几级表彰的，写同一个名称，只计最高一次；只得一次的不填。",
    )
    note = forms.CharField(label="说明", max_length=300, required=False)

    def __init__(
        self, data: Any = None, *, today: date, initial: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.fields["unit"] = _unit(today)
        self.fields["period"] = forms.ChoiceField(
            label="考核期",
            choices=[("", "不填"), *_periods(today)],
            required=False,
            widget=forms.Select(attrs=_when(FactKind.ACCIDENT_BASE)),
            help_text="上年同期事故起数按哪一期比就选哪一期；全年另有数目的按全年的，"
            "没有的按各季度合计。其余类别不填，按日期计。",
            error_messages={"invalid_choice": "请从列表中选一个考核期。"},
        )
        self.order_fields(["unit"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        kind = cleaned.get("kind")
        if kind == FactKind.BONUS:
            for name, words in (("category", "类别"), ("level", "级别")):
                if not cleaned.get(name):
                    self.add_error(name, f"加分事项要选定{words}。")
        else:
            cleaned |= dict.fromkeys(("category", "level", "topic"), "")
        self._clean_count(kind, cleaned)
        if kind != FactKind.ACCIDENT_BASE:
            cleaned["period"] = ""
        elif not cleaned.get("period") and "period" not in self.errors:
            self.add_error("period", "上年同期事故起数要选定按哪一个考核期比。")
        return cleaned

    def _clean_count(self, kind: str | None, cleaned: dict[str, Any]) -> None:
        if kind not in COUNTED_KINDS:
            cleaned["count"] = 0
        elif cleaned.get("count") is None and "count" not in self.errors:
            self.add_error("count", f"{FactKind(kind).label}要填数量，没有的填 0。")

    def shared(self) -> dict[str, str]:
        """Return what the next unit of the same paper has in common with this one."""
        typed = self.cleaned_data
        return {name: str(typed[name]) for name in SHARED if typed[name]}

    def content(self) -> FactContent:
        typed = dict(self.cleaned_data)
        typed.pop("unit")
        typed["kind"] = FactKind(typed["kind"])
        return FactContent(**typed)


class VetoForm(Form):
    """登记一票否决：凭决定文号，效果照决定写。"""

    unit = forms.ChoiceField(label="单位")
    period = forms.ChoiceField(label="考核期")
    decided_on = _day("决定日期", "请填写决定日期。")
    reason = forms.ChoiceField(label="否决情形", choices=VetoReason)
    effect = forms.ChoiceField(
        label="否决效果", choices=VetoEffect, widget=forms.RadioSelect, initial=VetoEffect.FAIL
    )
    document_no = forms.CharField(
        label="决定文号",
        max_length=120,
        error_messages={"required": "一票否决要写明决定文号。"},
    )
    note = forms.CharField(label="说明", max_length=300, required=False)

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data)
        self.fields["unit"] = _unit(today)
        self.fields["period"] = _judged_period(today)
        self.order_fields(["unit", "period"])

    def content(self) -> VetoContent:
        typed = dict(self.cleaned_data)
        typed.pop("unit")
        return VetoContent(
            **typed | {"reason": VetoReason(typed["reason"]), "effect": VetoEffect(typed["effect"])}
        )


class VoidForm(Form):
    """作废：写明原因。"""

    reason = forms.CharField(
        label="作废理由",
        max_length=200,
        error_messages={"required": "作废要写明原因。"},
    )

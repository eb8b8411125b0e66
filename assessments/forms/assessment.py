"""What the office types to compute an assessment and to move it on."""

from datetime import date, timedelta
from typing import Any

from django import forms

from assessments.models import Assessment
from common.forms import Form
from responsibilities.enums import Frequency
from responsibilities.periods import Period, periods_between

OBJECTION_DAYS = 8


def assessable_periods(today: date) -> list[tuple[str, str]]:
    """Return the quarters and years that can be assessed on ``today``, the newest first; what is
    published is not computed any more."""
    yesterday = today - timedelta(days=1)
    published = set(Assessment.objects.published().values_list("period", flat=True))
    found = period_choices(date(yesterday.year - 1, 1, 1), yesterday)
    return [(code, label) for code, label in found if code not in published]


def period_choices(first: date, last: date) -> list[tuple[str, str]]:
    """Return the quarters and years between two days, the newest first, quarters before years."""
    quarters = list(periods_between(first, last, Frequency.QUARTERLY))
    years = list(periods_between(first, last, Frequency.YEARLY))
    return [(span.code, span.label) for span in [*reversed(quarters), *reversed(years)]]


def _ended_last(choices: list[tuple[str, str]], today: date) -> str:
    """Return the period that ended last: what is over is what is to be assessed."""
    over = [code for code, _ in choices if Period.parse(code).last_day < today]
    return max(over, key=lambda code: Period.parse(code).last_day, default="")


class ComputeForm(Form):
    """测算：选考核期，写理由。"""

    period = forms.ChoiceField(label="考核期")
    reason = forms.CharField(
        label="测算理由",
        max_length=200,
        initial="季度考核",
        help_text="记入测算记录，如“季度考核”。",
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data)
        choices = assessable_periods(today)
        self.fields["period"] = forms.ChoiceField(
            label="考核期",
            choices=choices,
            initial=_ended_last(choices, today),
            error_messages={
                "invalid_choice": "请从列表中选一个考核期；已经发布的不再测算，按更正办理。"
            },
        )


class AgainForm(Form):
    """重新测算：写明理由。"""

    reason = forms.CharField(
        label="重新测算的理由",
        max_length=200,
        error_messages={"required": "请写明为什么重新测算。"},
    )


class StepForm(Form):
    """推进考核：公示要给申诉截止日，终评和发布不用；发布的是页面上看到的那次测算。"""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)
    step = forms.ChoiceField(
        widget=forms.HiddenInput,
        choices=[("objections", "公示"), ("final", "终评"), ("published", "发布")],
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    until = forms.DateField(
        label="申诉截止日",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写申诉截止日。"},
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        if data is not None and data.get("step") != "objections":
            self.fields["until"].required = False

"""The form that asks for a day in the past."""

from datetime import date
from typing import Any

from django import forms

from common.days import full_day
from common.forms import Form


class DayForm(Form):
    """看哪一天：今天或以前。"""

    on = forms.DateField(
        label="看哪一天",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日期请按 2019-09-30 的样式填写。"},
    )

    def __init__(self, asked: Any, *, today: date) -> None:
        self.today = today
        day = {"on": asked.get("on", "")} if "on" in asked else None
        super().__init__(day, initial={"on": today})
        self.fields["on"].widget.attrs["max"] = today.isoformat()

    def clean_on(self) -> date:
        day: date | None = self.cleaned_data["on"]
        if day is None:
            raise forms.ValidationError("请选一个日期，例如 2019-09-30。")
        if day > self.today:
            now = full_day(self.today)
            raise forms.ValidationError(f"这一天还没有到，请选今天（{now}）或以前的日期。")
        return day

    @property
    def day(self) -> date | None:
        """The day asked for; None when none was, or when it is no day that can be shown."""
        return self.cleaned_data["on"] if self.is_valid() else None

    @property
    def status(self) -> int:
        return 422 if self.is_bound and not self.is_valid() else 200

"""Forms of the office's reminder pages."""

import re
from datetime import date
from typing import Any

from django import forms

from notices.enums import LADDER, Rung
from notices.facts import Kind
from notices.rules import Schedule
from notices.services.managing import Limits
from notices.services.preferences import Reach
from organizations.forms import DayInput, OfficeForm, SeenForm

SEPARATORS = re.compile(r"[、,，;；\s]+")
LONGEST = 366
BEFORE = ("at_start", "at_middle", "days_before", "workdays_before")


class DaysField(forms.CharField):
    """A few numbers of days, separated by 、."""

    def __init__(self, *, limit: int = LONGEST, **options: Any) -> None:
        super().__init__(required=False, max_length=40, **options)
        self.limit = limit

    def prepare_value(self, value: Any) -> Any:
        return "、".join(map(str, value)) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> Any:
        parts = [part for part in SEPARATORS.split(super().clean(value) or "") if part]
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise forms.ValidationError(f"“{self.label}”应是天数，多个之间用顿号隔开，如 15、7。")
        days = tuple(int(part) for part in parts)
        if any(not 1 <= day <= self.limit for day in days):
            raise forms.ValidationError(f"“{self.label}”的天数应在 1 到 {self.limit} 之间。")
        return tuple(sorted(set(days)))


class LimitsForm(SeenForm):
    """提醒设置。"""

    is_paused = forms.BooleanField(
        label="暂停自动提醒",
        required=False,
        help_text="暂停期间不安排也不发出；恢复后，错过的每件事只补一条。人工催办不受影响。",
    )
    cap = forms.IntegerField(
        label="一次最多条数",
        min_value=1,
        max_value=100_000,
        help_text="超过时整批暂缓，等安委办核对后放行。",
    )

    @property
    def limits(self) -> Limits:
        return Limits(self.cleaned_data["is_paused"], self.cleaned_data["cap"])


class ScheduleForm(SeenForm):
    """一类事项的提醒安排。"""

    at_start = forms.BooleanField(label="期初第一天提醒", required=False)
    at_middle = forms.BooleanField(label="期中提醒", required=False)
    days_before = DaysField(label="到期前天数", help_text="自然日，多个之间用顿号隔开，如 30、7。")
    workdays_before = DaysField(
        label="到期前工作日数", limit=60, help_text="按国家放假调休数，如 5。"
    )
    ladder = DaysField(
        label="逾期后第几个工作日催办",
        limit=120,
        help_text="依次为" + "、".join(Rung(rung).label for rung in LADDER) + "，逐级不跳。",
    )

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ladder"].label = f"{kind.since}后第几个工作日催办"
        for name in () if kind.has_due_date else BEFORE:
            del self.fields[name]

    def clean_ladder(self) -> tuple[int, ...]:
        days: tuple[int, ...] = self.cleaned_data["ladder"]
        if len(days) > len(LADDER):
            raise forms.ValidationError(f"逐级催办最多 {len(LADDER)} 级，请减少天数。")
        return days

    @property
    def schedule(self) -> Schedule:
        names = Schedule.__dataclass_fields__.keys() & self.cleaned_data.keys()
        return Schedule(**{name: self.cleaned_data[name] for name in names})


class ReachForm(SeenForm):
    """本人的接收设置；改自己的设置不用写理由。"""

    reason = None  # type: ignore[assignment]
    email = forms.EmailField(
        label="接收邮箱",
        max_length=100,
        required=False,
        help_text="平台启用电子邮件后，提醒也会发到这里。",
        error_messages={"invalid": "“接收邮箱”不像一个邮箱地址，请核对。"},
    )
    mobile = forms.RegexField(
        r"^1[3-9]\d{9}$",
        label="接收手机",
        max_length=11,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text="平台启用短信后，提醒也会发到这里。",
        error_messages={"invalid": "“接收手机”应是 11 位手机号，请核对。"},
    )
    muted_until = forms.DateField(
        label="暂停接收到",
        required=False,
        widget=DayInput(),
        help_text="出差、休假时用，到这一天为止。期间的提醒转给上一级岗位。",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_muted_until(self) -> date | None:
        day: date | None = self.cleaned_data["muted_until"]
        if day is not None and day < self._today:
            raise forms.ValidationError("“暂停接收到”不能早于今天；要恢复接收就清空它。")
        return day

    @property
    def reach(self) -> Reach:
        return Reach(**{name: self.cleaned_data[name] for name in Reach.__dataclass_fields__})


class HeldForm(OfficeForm):
    """放行或取消暂缓的提醒，都要写理由。"""

"""The days after which a lamp changes."""

from typing import Any

from django import forms

from common.forms import Compared, Form
from responsibilities.rules import Thresholds
from responsibilities.services.thresholds import MOST_DAYS

FIELDS = ("due_soon", "due_soon_periodic", "quiet")


def _days(label: str, help_text: str) -> forms.IntegerField:
    said = f"请填 1 至 {MOST_DAYS} 之间的整数。"
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=MOST_DAYS,
        help_text=help_text,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), said),
    )


def _stamp(days: Thresholds) -> str:
    return ",".join(str(getattr(days, name)) for name in FIELDS)


class ThresholdsForm(Form):
    """亮灯规则：差几天算临期，几天不报算没有更新。"""

    due_soon = _days("一次性任务临期天数", "到期前这么多天起亮黄灯。")
    due_soon_periodic = _days(
        "周期任务临期天数", "每月、每季度、每年的任务，到期前这么多天起亮黄灯。"
    )
    quiet = _days(
        "长期任务未更新天数",
        "长期坚持的任务，这么多天没有报进展就亮黄灯；长期任务没有到期日，不会亮红灯。",
    )
    reason = forms.CharField(
        label="理由或依据",
        max_length=200,
        error_messages={"required": "请写明调整亮灯规则的理由或依据。"},
    )
    seen = forms.RegexField(r"^\d+,\d+,\d+$", widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, now: Thresholds) -> None:
        super().__init__(data, initial=vars(now) | {"seen": _stamp(now)})

    def wanted(self) -> Thresholds:
        return Thresholds(**{name: self.cleaned_data[name] for name in FIELDS})

    def as_seen(self) -> Thresholds:
        """Return the days that the page showed when it was opened."""
        return Thresholds(*(int(days) for days in self.cleaned_data["seen"].split(",")))

    def keep_over(self, now: Thresholds) -> list[Compared]:
        """After a conflict, carry the days that hold now; what was not touched follows them.

        Returns: the days that hold now beside those of the form.
        """
        seen, wanted = self.as_seen(), self.wanted()
        changed = [name for name in FIELDS if getattr(wanted, name) != getattr(seen, name)]
        self.carry(**{name: getattr(now, name) for name in FIELDS if name not in changed})
        self.carry(seen=_stamp(now))
        return [
            Compared(str(self[name].label), str(getattr(now, name)), str(self[name].value()))
            for name in FIELDS
        ]

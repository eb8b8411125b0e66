"""Milestones in forms: ticked off by the unit, set by the office."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.html import format_html

from responsibilities.forms.obligation import LimitedText, RowForm
from responsibilities.milestones import Step, Steps
from responsibilities.services.milestones import MOST, Planned

GONE = "所勾的里程碑有的已改动，请重新勾选后再报。"
SPARE = 3  # 定里程碑时，已有的之外留几行空着


def ticks_field(steps: Steps) -> forms.MultipleChoiceField:
    """Return the field in which a unit ticks off what it has reached since."""
    done = "、".join(
        f"{step.milestone.title}（{step.done_on:%Y-%m-%d}）" for step in steps.done if step.done_on
    )
    return forms.MultipleChoiceField(
        label="这次办到的里程碑",
        help_text=format_html("办到一步勾一步。已办到：{}", done)
        if done
        else "办到一步勾一步，不用填百分比。",
        choices=[(str(step.milestone.pk), _label(step)) for step in steps.left],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": GONE},
    )


def _label(step: Step) -> str:
    due_on = step.milestone.due_on
    return f"{step.milestone.title}（{due_on.isoformat()}前）" if due_on else step.milestone.title


def ticked_titles(steps: Steps, keys: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the milestones behind the ticked keys, as a report records them."""
    ticked = set(keys)
    return tuple(s.milestone.title for s in steps.left if str(s.milestone.pk) in ticked)


@dataclass(frozen=True)
class Line:
    """One milestone in the office's table."""

    key: forms.BoundField
    order: forms.BoundField
    title: forms.BoundField
    due: forms.BoundField

    @property
    def fields(self) -> tuple[forms.BoundField, ...]:
        return self.order, self.title, self.due


class MilestonesForm(RowForm):
    """定里程碑：一行一个，按次序排；清空名称的取消。"""

    def stored(self) -> dict[str, Any]:
        held = list(self.row.milestones.standing())
        self.held = len(held)
        values: dict[str, Any] = {}
        for place, item in enumerate(held):
            values |= {f"key_{place}": item.pk, f"order_{place}": place + 1}
            values |= {f"title_{place}": item.title, f"due_{place}": item.due_on}
        return values

    def build(self) -> None:
        for place in range(self._places()):
            name = f"里程碑 {place + 1} "
            self.fields[f"key_{place}"] = forms.IntegerField(
                required=False, widget=forms.HiddenInput
            )
            self.fields[f"order_{place}"] = forms.IntegerField(
                label=f"{name}次序", required=False, min_value=1, max_value=99, error_messages=ORDER
            )
            self.fields[f"title_{place}"] = LimitedText(
                label=f"{name}名称", max_length=60, required=False
            )
            self.fields[f"due_{place}"] = forms.DateField(
                label=f"{name}到期日",
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                error_messages={"invalid": "请按 2020-12-31 的样式填写日期。"},
            )

    def _places(self) -> int:
        sent = sum(f"title_{place}" in self.data for place in range(MOST)) if self.is_bound else 0
        return min(MOST, max(self.held + SPARE, sent))

    @property
    def lines(self) -> Iterator[Line]:
        for place in range(self._places()):
            yield Line(*(self[f"{name}_{place}"] for name in ("key", "order", "title", "due")))

    def clean(self) -> dict[str, Any]:
        cleaned, seen = super().clean(), set()
        for place in range(self._places()):
            title = cleaned.get(f"title_{place}", "").strip()
            if cleaned.get(f"due_{place}") and not title and f"title_{place}" not in self.errors:
                self.add_error(f"title_{place}", "填了到期日，还要写这一步的名称。")
            if title in seen:
                self.add_error(f"title_{place}", "与前面的里程碑同名，请写出区别。")
            seen.add(title or None)
        return cleaned

    def untouched(self, typed: Mapping[str, str]) -> dict[str, str]:
        """The table is one thing: it is compared, and saved, as a whole."""
        return {}

    def planned(self) -> list[Planned]:
        """Return the milestones as typed, in their order; new ones without a number come last."""
        said = self.cleaned_data
        named = [place for place in range(self._places()) if said[f"title_{place}"].strip()]
        named.sort(key=lambda place: (said[f"order_{place}"] or 100, place))
        return [
            Planned(said[f"title_{place}"], said[f"due_{place}"], said[f"key_{place}"])
            for place in named
        ]


ORDER = {
    "invalid": "次序请填 1 到 99 的整数。",
    "min_value": "次序请填 1 到 99 的整数。",
    "max_value": "次序请填 1 到 99 的整数。",
}

"""What units say about their scores, and what the office answers."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from assessments.models import SelfScore
from assessments.rules.scoring import number
from common.forms import Form


class ObjectionForm(Form):
    """申诉：写明理由，有文号的写文号。"""

    reason = forms.CharField(
        label="申诉理由",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "申诉要写明理由。"},
    )
    document_no = forms.CharField(label="佐证文号", max_length=120, required=False)


class AnswerForm(Form):
    """答复申诉：采纳或不采纳，都要写理由。"""

    decision = forms.ChoiceField(
        label="结论",
        choices=[("upheld", "采纳，这笔不扣"), ("rejected", "不采纳")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选定采纳或不采纳。"},
    )
    answer = forms.CharField(
        label="答复",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "答复申诉要写明理由。"},
    )


class CorrectForm(Form):
    """更正已发布的结果：写明原因。"""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)
    reason = forms.CharField(
        label="更正理由",
        max_length=200,
        error_messages={"required": "更正要写明原因。"},
    )


class SelfScoreForm(Form):
    """自评：一项一个分，不超过满分。"""

    def __init__(
        self,
        data: Any = None,
        *,
        items: Mapping[int, tuple[str, Decimal]],
        known: Mapping[int, SelfScore],
        hints: Mapping[int, str],
    ) -> None:
        super().__init__(data)
        self.items = items
        for place, (title, full) in items.items():
            own = known.get(place)
            self.fields[f"points_{place}"] = forms.DecimalField(
                label=f"{title}（满分 {number(full)} 分）",
                min_value=Decimal(0),
                max_value=full,
                decimal_places=2,
                required=False,
                initial=own.points if own else None,
                help_text=hints.get(place, ""),
            )
            self.fields[f"note_{place}"] = forms.CharField(
                label="说明", max_length=200, required=False, initial=own.note if own else ""
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for place in self.items:
            name = f"points_{place}"
            if cleaned.get(f"note_{place}") and cleaned.get(name) is None and name in cleaned:
                self.add_error(name, "写了说明的一项要填自评分；不想评的，说明也空着。")
        return cleaned

    def scores(self) -> dict[int, tuple[Decimal, str]]:
        """Return the indicators that were given points."""
        typed = self.cleaned_data
        return {
            place: (typed[f"points_{place}"], typed[f"note_{place}"])
            for place in self.items
            if typed.get(f"points_{place}") is not None
        }

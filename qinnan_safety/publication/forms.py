"""What the office types about publications."""

from typing import Any

from django import forms

from common.forms import Form
from qinnan_safety.publication.fields import FIELDS, TABLES


class PublishForm(Form):
    """公布：理由，以及看过的是哪一份内容。"""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label="公布理由",
        max_length=200,
        help_text="如“第三季度例行公布”。写入公布记录，不对外显示。",
    )


class WithdrawForm(Form):
    """撤回的理由，会公开显示。"""

    reason = forms.CharField(
        label="撤回理由", max_length=200, help_text="会在公开页上显示，请不要写个人信息。"
    )


class OpennessForm(Form):
    """逐栏公开。"""

    opened = forms.MultipleChoiceField(
        label="公开哪些栏目",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "没有“%(value)s”这一栏，请从列表中选择。"},
    )
    reason = forms.CharField(label="理由", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened"].choices = [  # type: ignore[attr-defined]
            (field.name, f"{TABLES[field.table]}：{field.label}")
            for field in FIELDS
            if not field.is_fixed
        ]

"""What the office says when it chases."""

from django import forms

from common.forms import Form
from responsibilities.enums import ChaseAudience


class ChaseForm(Form):
    """催办：催谁，另说一句什么。"""

    audience = forms.ChoiceField(
        label="催办对象",
        choices=ChaseAudience,
        widget=forms.RadioSelect,
        initial=ChaseAudience.LIAISON,
        help_text="岗位空缺时由上一级接收。",
    )
    ask = forms.CharField(
        label="另说一句",
        max_length=24,
        required=False,
        help_text="24 字以内；不写则为“请尽快办理并报进展”。",
        error_messages={"max_length": "最多 24 个字，短信放得下；长的话请打电话。"},
    )

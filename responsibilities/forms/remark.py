"""What a unit that assists writes."""

from django import forms

from common.forms import Form
from responsibilities.forms.obligation import LimitedText, required


class RemarkForm(Form):
    """配合说明：一两句话，牵头单位和区安委办看得到。"""

    token = forms.CharField(widget=forms.HiddenInput, max_length=40)
    words = LimitedText(
        label="配合说明",
        max_length=500,
        rows=3,
        help_text="本单位做了什么，或者有什么要牵头单位知道；不是进展，不用核验。",
        error_messages=required("配合说明要写一句话。"),
    )

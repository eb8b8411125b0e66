"""What the office puts before a leader, and what the leader answers."""

from typing import Any

from django import forms

from common.forms import Form


class MatterForm(Form):
    """提请协调：单位的原话已经填好。"""

    matter = forms.CharField(
        label="协调什么",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一两句话，写清卡在哪里、涉及哪些单位。",
        error_messages={"required": "请写明要区领导协调什么。"},
    )
    proposal = forms.CharField(
        label="办理建议",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="区安委办的建议，供区领导参考。",
    )


class DecisionForm(Form):
    """区领导的决定；区安委办代为登记的，要写依据。"""

    decision = forms.CharField(
        label="决定",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="由谁、办什么、什么时候办成。",
        error_messages={"required": "请写明决定：由谁、办什么、什么时候办成。"},
    )
    basis = forms.CharField(
        label="决定依据",
        max_length=200,
        required=False,
        help_text="会议纪要、批示的日期或文号；区安委办代为登记的必填。",
    )

    def __init__(self, data: Any = None, *, is_leader: bool) -> None:
        super().__init__(data)
        if is_leader:
            self.fields["basis"].help_text = "有会议纪要或批示的，写日期或文号。"


class WithdrawForm(Form):
    """撤回协调事项的理由。"""

    reason = forms.CharField(
        label="撤回理由", max_length=300, error_messages={"required": "撤回要写明理由。"}
    )

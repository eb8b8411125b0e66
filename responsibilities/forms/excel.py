"""Forms of the import: the file, and the reason with which it is confirmed."""

from typing import Any

from django import forms

from common.forms import Form


class ImportFileForm(Form):
    """The table as filled in."""

    file = forms.FileField(
        label="Excel 表",
        allow_empty_file=True,  # 空文件由读表的一方说明
        error_messages={"required": "请选择填好的 Excel 表。"},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


class ImportConfirmForm(Form):
    """The reason for the whole import, bound to exactly what was shown."""

    reason = forms.CharField(
        label="导入理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": "请写明导入的理由，如会议纪要或文件文号。",
            "max_length": "理由不超过 200 字，请缩短。",
        },
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def clean_reason(self) -> Any:
        return " ".join(self.cleaned_data["reason"].split())

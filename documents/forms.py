"""What is typed about documents."""

from django import forms

LARGEST_CHECKED = 30 * 1024 * 1024


class CodeForm(forms.Form):
    """核验码：空格和短横线不计，大小写不分。"""

    code = forms.CharField(
        label="核验码",
        max_length=40,
        help_text="印在文件最后一页二维码旁，共 16 位，如 0123-4567-89AB-CDEF。",
    )


class CheckedFileForm(forms.Form):
    """要核对的文件：只算校验值，不保存。"""

    file = forms.FileField(
        label="要核对的文件",
        help_text="选择您手上的 PDF 或 Word 文件。文件只用来计算校验值，不保存。",
        error_messages={"empty": "这个文件是空的，请重新选择。"},
    )

    def clean_file(self) -> object:
        """Refuse what cannot be one of ours by its size alone."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_CHECKED:
            raise forms.ValidationError("文件超过 30 MB，不会是本平台生成的公文。")
        return file

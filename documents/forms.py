"""What is typed about documents."""

from datetime import date
from typing import Any

from django import forms

from common.errors import DomainError
from common.forms import HIDDEN, Form
from documents.kinds import all_kinds, kind_of
from documents.rules import recent_periods
from documents.services.issuing import Signature
from notices.rules import quarter_code
from organizations.models import Unit

LARGEST_CHECKED = 30 * 1024 * 1024


class CodeForm(Form):
    """核验码：空格和短横线不计，大小写不分。"""

    code = forms.CharField(
        label="核验码",
        max_length=40,
        help_text="印在文件最后一页二维码旁，共 16 位，如 0123-4567-89AB-CDEF。",
    )


class CheckedFileForm(Form):
    """要核对的文件：只算校验值，不保存。"""

    file = forms.FileField(
        label="要核对的文件",
        help_text="选择您手上的 PDF 或 Word 文件，也可以拖到这里。文件只用来计算校验值，不保存。",
        error_messages={
            "required": "请先选择要核对的文件。",
            "empty": "这个文件是空的，请重新选择。",
        },
    )

    def clean_file(self) -> object:
        """Refuse what cannot be one of ours by its size alone."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_CHECKED:
            raise forms.ValidationError("文件超过 30 MB，不会是本平台生成的公文。")
        return file


class PeriodMixin(Form):
    """种类和期次，取自已登记的文件种类。"""

    kind = forms.ChoiceField(label="种类")
    period = forms.CharField(
        label="期次",
        max_length=8,
        widget=forms.Select,
        help_text="通报、督办单等按季度；考核的文件也可以选全年。",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"period": quarter_code(today)})
        super().__init__(*args, **kwargs)
        self.fields["period"].widget.choices = recent_periods(today)

    def clean_period(self) -> str:
        """Let the kind itself judge the period, in its own words."""
        period: str = self.cleaned_data["period"].strip().upper()
        slug = self.cleaned_data.get("kind")
        if slug:
            try:
                self.cleaned_data["period_label"] = kind_of(slug).period_label(period)
            except DomainError as error:
                raise forms.ValidationError(error.message) from None
        return period


class DraftForm(PeriodMixin):
    """拟稿：选种类、期次；按单位的还要选单位。"""

    unit = forms.ModelChoiceField(
        label="单位",
        queryset=Unit.objects.none(),
        required=False,
        empty_label="全区（不分单位）",
        to_field_name="code",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        kind = self.fields["kind"]
        kind.choices = [(k.slug, k.label) for k in all_kinds()]  # type: ignore[attr-defined]
        self.fields["unit"].queryset = Unit.objects.on(today)  # type: ignore[attr-defined]

    def subject(self) -> dict[str, Any]:
        return {
            "kind_slug": self.cleaned_data["kind"],
            "period": self.cleaned_data["period"],
            "unit": self.cleaned_data["unit"],
        }


class SetForm(PeriodMixin):
    """一整套：按单位的种类，每个单位一份。"""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        kind = self.fields["kind"]
        kind.choices = [  # type: ignore[attr-defined]
            (k.slug, k.label) for k in all_kinds() if k.is_per_unit
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind"):
            cleaned["kind_label"] = kind_of(cleaned["kind"]).label
        return cleaned


class WordingForm(Form):
    """改稿：一行一段。"""

    version = forms.IntegerField(widget=forms.HiddenInput)
    written = forms.CharField(max_length=40_000, required=False, widget=forms.HiddenInput)
    body = forms.CharField(
        label="正文",
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text="一行一段；以“一、”“（一）”“1.”开头的短行是标题。【】里的数字由台账带入，不用改。",
    )


class IssueForm(Form):
    """签发：文号、成文日期、抄送；seen 是核稿时页面上的内容。"""

    seen = forms.JSONField(widget=forms.HiddenInput)
    number = forms.IntegerField(label="发文顺序号", min_value=1, max_value=9999)
    dated = forms.DateField(
        label="成文日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    copies_to = forms.CharField(
        label="抄送", max_length=200, required=False, help_text="不填则用草稿里的抄送机关。"
    )

    def clean_seen(self) -> dict[str, str]:
        """Take what was seen as the page sent it: the name of each part and what it said."""
        seen = self.cleaned_data["seen"]
        if not isinstance(seen, dict) or not all(isinstance(said, str) for said in seen.values()):
            raise forms.ValidationError(HIDDEN)
        return seen

    def signature(self) -> Signature:
        return Signature(
            self.cleaned_data["number"], self.cleaned_data["dated"], self.cleaned_data["copies_to"]
        )


class SettleForm(Form):
    """对照一处：采用系统现拟的，或者保留原稿的。"""

    key = forms.CharField(max_length=32, widget=forms.HiddenInput)
    choice = forms.ChoiceField(choices=[("system", "采用系统的"), ("own", "保留原稿的")])


class ReasonForm(Form):
    """修订、作废的理由。"""

    reason = forms.CharField(label="理由", max_length=300, required=True)

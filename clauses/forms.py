"""Forms of the text of a plan: corrections, and import from a file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from clauses.enums import Certainty
from clauses.models import Erratum, Plan
from clauses.reading import UnreadablePlan, read_bytes, read_plan
from clauses.services.errata import Reading
from clauses.services.importing import Particulars
from common.forms import Form

FULL_WIDTH = str.maketrans(",;:?!()", "，；：？！（）")


class ErratumForm(Form):
    """How a damaged place should read, and on what grounds."""

    corrected = forms.CharField(
        label="应作",
        max_length=120,
        required=False,
        strip=False,
        help_text="改正后的文字；原文多出来的字应当删去时，只写留下的文字。",
    )
    basis = forms.CharField(
        label="依据",
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text="印发稿、上级文件的名称文号，或者上下文。",
        error_messages={"required": "请写明改正的依据。"},
    )
    certainty = forms.ChoiceField(
        label="把握",
        choices=Certainty.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选定把握程度。"},
    )

    def reading(self) -> Reading:
        said = self.cleaned_data
        return Reading(said["corrected"], said["basis"], Certainty(said["certainty"]))


class NewErratumForm(ErratumForm):
    """The damaged words too, with enough of the text around them to find the place."""

    context = forms.CharField(
        label="所在的一段原文",
        max_length=300,
        help_text="照抄含有这一处的一小段，全文里只此一处。",
        error_messages={"required": "请照抄含有这一处的一小段原文。"},
    )
    original = forms.CharField(
        label="原文作",
        max_length=120,
        strip=False,
        help_text="这一段里要改正的几个字；脱漏的，连同前后一个字一起写。",
        error_messages={"required": "请写明要改正的是哪几个字。"},
    )
    field_order = ["context", "original", "corrected", "basis", "certainty"]

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if "context" in said and "original" in said:
            said["span"] = self._span(said["context"], said["original"])
        return said

    def _span(self, context: str, original: str) -> tuple[int, int]:
        """Return the offsets of the damaged words; the page's punctuation may be full-width."""
        text = self.plan.source_text.translate(FULL_WIDTH)
        context, original = context.translate(FULL_WIDTH), original.translate(FULL_WIDTH)
        if text.count(context) != 1:
            found = "没有这一段文字" if context not in text else "这一段文字不止一处"
            raise ValidationError({"context": f"原文里{found}，请照抄只此一处的一段。"})
        if context.count(original) != 1:
            raise ValidationError({"original": "要改正的字应在上面这一段里，且只出现一次。"})
        start = text.index(context) + context.index(original)
        return start, start + len(original)


def reading_form(erratum: Erratum) -> dict[str, str]:
    """Return what the form of an existing correction begins with."""
    return {
        "corrected": erratum.corrected,
        "basis": erratum.basis,
        "certainty": erratum.certainty,
    }


class UploadForm(Form):
    """A plan as a file; the cleaned value ``document`` is what was read from it."""

    file = forms.FileField(
        label="方案文件",
        help_text=".txt（UTF-8 或 GB18030）或 .docx，不超过 20 MB、30 万字。",
        widget=forms.ClearableFileInput({"accept": ".txt,.docx"}),
        error_messages={"required": "请选择方案文件。", "empty": "这是空文件，请换一个文件。"},
    )

    def clean_file(self) -> Any:
        uploaded = self.cleaned_data["file"]
        try:
            text = read_bytes(uploaded.name, uploaded.read())
            self.cleaned_data["document"] = read_plan(text)
        except UnreadablePlan as error:
            raise ValidationError(error.message) from error
        return uploaded


class ParticularsForm(Form):
    """What the office knows of the plan beside its text."""

    title = forms.CharField(
        label="标题", max_length=120, error_messages={"required": "请填写方案标题。"}
    )
    code = forms.SlugField(
        label="代码",
        max_length=40,
        help_text="用在网址里，已拟好一个，可以改；只用小写字母、数字和短横。",
        error_messages={
            "required": "请填写代码。",
            "invalid": "代码只能用字母、数字、短横和下划线。",
        },
    )
    version_label = forms.CharField(
        label="版本", max_length=30, required=False, help_text="如征求意见稿、印发稿。"
    )
    issuer = forms.CharField(label="制发单位", max_length=60, required=False)
    published_on = forms.DateField(
        label="公布日期",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="方案条文页默认打开公布日期最近的方案。",
        error_messages={"invalid": "请按 2018-11-05 的样式填写日期。"},
    )

    def particulars(self) -> Particulars:
        said = self.cleaned_data
        return Particulars(
            said["title"], said["version_label"], said["issuer"], said["published_on"]
        )

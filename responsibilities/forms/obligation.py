"""Forms of one row: what it says, when it is due, splitting, merging, voiding, its sentences.

Every form carries the version of the row as it was shown and asks for a reason, which becomes part
of the history. :meth:`RowForm.compared` sets what is stored beside what was typed, for the page
that answers when somebody else saved in between.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from clauses.models import Provision
from common.forms import Compared, Form
from common.templatetags.display import fullwidth
from responsibilities.enums import (
    DATED_KINDS,
    FREQUENCY_OF,
    MONTHS_OF,
    DeadlineKind,
    Frequency,
    FulfilledBy,
)
from responsibilities.models import Obligation, ObligationSource
from responsibilities.rules import deadline_problem
from responsibilities.services.breakdown import Wording
from responsibilities.services.deadlines import Deadline
from responsibilities.versions import shown_at

REASON_LENGTH = 200
UNCHANGED = "内容没有改动，不用保存；如要返回，请按“取消”。"


def required(sentence: str) -> dict[str, str]:
    return {"required": sentence}


class LimitedText(forms.CharField):
    """Text of a limited length, on one line or several."""

    def __init__(self, *, max_length: int, rows: int = 0, **options: Any) -> None:
        if rows:
            options["widget"] = forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=max_length, **options)


class RowForm(Form):
    """A change to one row: its version, and the reason, asked last."""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "页面不完整，请刷新后再填。",
            "invalid": "页面不完整，请刷新后再填。",
        },
    )
    reason = LimitedText(
        label="理由",
        max_length=REASON_LENGTH,
        rows=2,
        help_text="写明依据或原因，例如“区安委会2019年第3次会议纪要”；记入修改记录，不能再改。",
        error_messages=required("请写明理由。"),
    )
    must_change = True

    def __init__(self, *args: Any, row: Obligation, today: date, **kwargs: Any) -> None:
        self.row, self.today = row, today
        kwargs["initial"] = {"version": row.version, **self.stored()}
        super().__init__(*args, **kwargs)
        self.build()
        self.order_fields([name for name in self.fields if name != "reason"])

    def stored(self) -> dict[str, Any]:
        """Return what the row says now, by field."""
        return {}

    def build(self) -> None:
        """Add fields that depend on the row."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        touched = set(self.changed_data) - {"version", "reason"}
        if self.must_change and not touched and not self.errors:
            raise forms.ValidationError(UNCHANGED)
        return cleaned

    def untouched(self, typed: Mapping[str, str]) -> dict[str, str]:
        """Return the newest values of the fields that the person left as they were shown.

        What was shown is the row's history at the version that the form carried; without this,
        saving one field would silently put back another that somebody else just changed.
        """
        version = str(typed.get("version", ""))
        shown = shown_at(self.row, int(version)) if version.isdecimal() else None
        newest = self.stored()
        return {
            name: _posted(value)
            for name, value in newest.items()
            if shown is not None and _plain(typed.get(name, "")) == _posted(getattr(shown, name))
        }

    def compared(self) -> list[Compared]:
        """Set the stored values beside those just typed, field by field."""
        pairs = []
        for bound in self.visible_fields():
            if bound.name != "reason":
                stored = self._words(bound, self.get_initial_for_field(bound.field, bound.name))
                pairs.append(Compared(str(bound.label), stored, self._words(bound, bound.value())))
        return pairs

    def _words(self, bound: forms.BoundField, value: Any) -> str:
        choices = dict(getattr(bound.field, "choices", []))
        return str(choices.get(value, value) if value not in (None, "") else "")


def _posted(value: Any) -> str:
    """Return a stored value as a browser sends it."""
    return "" if value is None else _plain(str(value))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


class WordingForm(RowForm):
    """改任务内容。"""

    title = LimitedText(
        label="重点任务",
        max_length=60,
        help_text="一句话说清要办成什么，不超过 60 个字。",
        error_messages=required("请写明重点任务。"),
    )
    measure = LimitedText(label="具体措施", max_length=2000, rows=5, required=False)
    expected_result = LimitedText(
        label="成果形式",
        max_length=200,
        required=False,
        help_text="办结时拿什么证明，例如“印发文件”“平台上线”。",
    )
    note = LimitedText(label="备注", max_length=300, rows=2, required=False)

    def stored(self) -> dict[str, Any]:
        return {name: getattr(self.row, name) for name in self.base_fields if name in WORDS}

    def wording(self) -> Wording:
        return Wording(**{name: self.cleaned_data[name] for name in WORDS if name in self.fields})


WORDS = ("title", "measure", "expected_result", "note")


class SplitForm(WordingForm):
    """拆出一项新任务；新任务先有原来的出处、单位和落实方式。"""

    note = None  # type: ignore[assignment]
    must_change = False

    def stored(self) -> dict[str, Any]:
        return {"measure": self.row.measure, "expected_result": self.row.expected_result}

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if title.strip() == self.row.title:
            raise forms.ValidationError("新任务的名称与原任务相同，请写出区别。")
        return title


class DeadlineForm(RowForm):
    """定时限：类型、日期或周期，以及依据。"""

    deadline_kind = forms.ChoiceField(
        label="时限类型",
        choices=[(value, fullwidth(label)) for value, label in DeadlineKind.choices],
        widget=forms.RadioSelect,
    )
    due_on = forms.DateField(
        label="到期日",
        required=False,
        help_text="固定日期、年（季、月）底前的时限填写；当天办结算按期。",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请按 2020-12-31 的样式填写日期。"},
    )
    frequency = forms.ChoiceField(
        label="周期",
        required=False,
        help_text="周期任务选定；每个单位每期一件。",
        choices=[("", "请选择"), *((item.value, item.label) for item in MONTHS_OF)],
    )
    times_per_period = forms.IntegerField(
        label="每期次数",
        min_value=1,
        max_value=99,
        error_messages={
            "required": "请填写每期次数，不分次的填 1。",
            "invalid": "每期次数请填 1 到 99 的整数。",
            "min_value": "每期次数至少为 1。",
            "max_value": "每期次数不能超过 99。",
        },
    )
    decision_basis = LimitedText(
        label="依据",
        max_length=200,
        help_text="谁定的、凭什么：会议纪要或文件文号；条文写明了的，写“条文原文”。",
        error_messages=required("请写明时限的依据，如条文原文、会议纪要或文件文号。"),
    )

    def build(self) -> None:
        asked = self.data.get("deadline_kind") if self.is_bound else self.row.deadline_kind
        self.fields["decision_basis"].required = asked != DeadlineKind.UNDECIDED

    def stored(self) -> dict[str, Any]:
        names = ("deadline_kind", "due_on", "frequency", "times_per_period", "decision_basis")
        return {name: getattr(self.row, name) for name in names}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = DeadlineKind(cleaned.get("deadline_kind") or DeadlineKind.UNDECIDED)
        if "deadline_kind" in self.errors or "due_on" in self.errors:
            return cleaned
        if kind not in DATED_KINDS:
            cleaned["due_on"] = None
        frequency = self._frequency(kind, cleaned.get("frequency", ""))
        problem = deadline_problem(
            kind=kind,
            due_on=cleaned.get("due_on"),
            frequency=frequency,
            is_unspecified=frequency not in MONTHS_OF,
        )
        if problem:
            self.add_error("frequency" if kind == DeadlineKind.PERIODIC else "due_on", problem)
        cleaned["frequency"] = frequency
        return cleaned

    def _frequency(self, kind: DeadlineKind, chosen: str) -> Frequency | None:
        if kind == DeadlineKind.PERIODIC:
            return Frequency(chosen) if chosen else None
        if kind == self.row.deadline_kind or kind == DeadlineKind.UNDECIDED:
            return Frequency(self.row.frequency) if self.row.frequency else None
        return FREQUENCY_OF[kind]

    def deadline(self) -> Deadline:
        kind = DeadlineKind(self.cleaned_data["deadline_kind"])
        return Deadline(
            kind=kind,
            basis=self.cleaned_data["decision_basis"],
            due_on=self.cleaned_data["due_on"],
            frequency=self.cleaned_data["frequency"],
            times_per_period=self.cleaned_data["times_per_period"],
        )


class FulfilmentForm(RowForm):
    """定办结方式：凭什么算办结。"""

    fulfilled_by = forms.ChoiceField(
        label="凭什么办结",
        choices=[
            (FulfilledBy.REPORT, "报进展办结：责任单位报进展、附佐证，安委办核验通过后办结"),
            (
                FulfilledBy.INSPECTION,
                "带队检查办结：主要负责人带队检查并确认，够了每季次数自动办结，不用另报",
            ),
        ],
        widget=forms.RadioSelect,
        error_messages=required("请选定凭什么办结。"),
    )

    def stored(self) -> dict[str, Any]:
        return {"fulfilled_by": self.row.fulfilled_by}


class MergeForm(RowForm):
    """把另一项未下发的任务并进来。"""

    other = forms.ModelChoiceField(
        label="要并进来的是哪一项",
        queryset=Obligation.objects.none(),
        empty_label="请选择",
        help_text="只列出本方案中还没有下发的任务；并入后那一项撤销，出处转到本任务。",
        error_messages={
            "required": "请选择要并入的任务。",
            "invalid_choice": "这项任务已下发或已撤销，不能并入，请另选。",
        },
    )

    def build(self) -> None:
        drafts = Obligation.objects.of_plan(self.row.plan).drafts().exclude(pk=self.row.pk)
        self.fields["other"].queryset = drafts.order_by("code")  # type: ignore[attr-defined]

    @property
    def has_choices(self) -> bool:
        return len(self.fields["other"].choices) > 1  # type: ignore[attr-defined]


class VoidForm(RowForm):
    """撤销任务：照打编号，写明理由。"""

    must_change = False
    code = forms.CharField(
        label="任务编号",
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=required("请照样输入任务编号。"),
    )

    def build(self) -> None:
        self.fields["code"].help_text = f"撤销后不能恢复。请输入 {self.row.code} 以示确认。"

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip()
        if code != self.row.code:
            raise forms.ValidationError(f"编号不对，请输入 {self.row.code}。")
        return code


class SourceForm(RowForm):
    """增加出处：一句，或一句中的一段。"""

    sentence = forms.CharField(
        label="句号",
        max_length=12,
        help_text="条-句，例如 23-07。",
        error_messages=required("请填写句号，例如 23-07。"),
    )
    part = LimitedText(
        label="所取文字",
        max_length=1000,
        rows=2,
        required=False,
        help_text="只取其中一段时，从原文照抄，一字不差；不填为整句。",
    )

    def clean_sentence(self) -> Provision:
        code = self.cleaned_data["sentence"].strip()
        found = self.row.plan.provisions.with_code(code)
        if found is None:
            raise forms.ValidationError(f"本方案没有编号为“{code}”的句子，请核对。")
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        sentence, part = cleaned.get("sentence"), cleaned.get("part", "")
        if sentence is not None and part and part not in sentence.text:
            self.add_error("part", f"{sentence.code} 句中没有这段文字，请从原文照抄。")
        return cleaned

    def span(self) -> tuple[int, int] | None:
        """Return the offsets of the part in the plan's text, or None for the whole sentence."""
        sentence, part = self.cleaned_data["sentence"], self.cleaned_data["part"]
        if not part:
            return None
        start = sentence.start + sentence.text.index(part)
        return start, start + len(part)


class LeaveForm(RowForm):
    """撤下一处出处：只问理由。"""

    must_change = False

    def __init__(self, *args: Any, source: ObligationSource, **kwargs: Any) -> None:
        self.source = source
        super().__init__(*args, **kwargs)

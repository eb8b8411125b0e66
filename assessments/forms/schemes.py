"""What the office types about a scheme: its bounds and caps, and one line for each indicator."""

from decimal import Decimal
from typing import Any

from django import forms

from assessments.enums import HUNDRED, RATED_RULES, RECORD_KINDS, Part, RuleKind
from assessments.models import Indicator, Scheme
from assessments.models.scheme import MONTHS
from assessments.rules.scoring import number
from assessments.services.schemes import EDITABLE, INDICATOR_COLUMNS
from common.forms import Compared, Form, WordedMixin

SPARE_LINES = 2
ABSENT = "没有这一项"


def _when(*rules: RuleKind) -> dict[str, str]:
    """Mark a field that only some rules use; the page shows it with them."""
    return {"data-when": " ".join(["rule", *sorted(rules)])}


class SchemeForm(WordedMixin, forms.ModelForm):
    """考核方案的名称、等次起点和加分上限。"""

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)

    class Meta:
        model = Scheme
        fields = EDITABLE

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        bounds = [cleaned.get(f"{name}_from") for name in ("excellent", "good", "pass")]
        known = [bound for bound in bounds if bound is not None]
        if known != sorted(known, reverse=True):
            self.add_error(None, "等次起点分应为优秀不低于良好、良好不低于合格，请核对。")
        return cleaned

    def _post_clean(self) -> None:
        """The service writes; the form only reads what was typed."""


class IndicatorForm(Form):
    """一项指标；标题空着的一行不保存。"""

    title = forms.CharField(label="考核指标", max_length=40, required=False)
    heading = forms.CharField(label="一级指标", max_length=30, required=False)
    points = forms.DecimalField(
        label="分值", min_value=Decimal(0), max_value=HUNDRED, decimal_places=2, required=False
    )
    part = forms.ChoiceField(label="部分", choices=Part)
    rule = forms.ChoiceField(label="评分规则", choices=RuleKind)
    record = forms.ChoiceField(
        label="依据的事实",
        choices=[("", "请选择"), *((kind.value, kind.label) for kind in RECORD_KINDS)],
        required=False,
        widget=forms.Select(attrs=_when(RuleKind.RECORDS)),
    )
    every_months = forms.TypedChoiceField(
        label="周期",
        choices=list(MONTHS.items()),
        coerce=int,
        widget=forms.Select(attrs=_when(RuleKind.RECORDS)),
    )
    rate = forms.DecimalField(
        label="每次扣分",
        min_value=Decimal(0),
        max_value=HUNDRED,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs=_when(*RATED_RULES)),
    )
    excess_rate = forms.DecimalField(
        label="超指标每次扣分",
        min_value=Decimal(0),
        max_value=HUNDRED,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs=_when(RuleKind.DEATHS)),
    )
    basis = forms.CharField(label="依据", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("title"):
            return cleaned
        if not cleaned.get("heading"):
            self.add_error("heading", "请填写一级指标。")
        if not cleaned.get("points") and "points" not in self.errors:
            self.add_error("points", "分值要大于 0；不要这一项的，清空指标名称。")
        rule = cleaned.get("rule")
        if rule == RuleKind.RECORDS and not cleaned.get("record"):
            self.add_error("record", "“有据可查”的指标要选定依据哪一类事实。")
        takes = cleaned.get("rate") or (
            cleaned.get("excess_rate") if rule == RuleKind.DEATHS else 0
        )
        if rule in RATED_RULES and not takes and "rate" not in self.errors:
            self.add_error("rate", "每次扣分要大于 0，否则这一项永远是满分。")
        return cleaned


IndicatorLines = forms.formset_factory(
    IndicatorForm, extra=SPARE_LINES, max_num=40, validate_max=True
)


def lines_of(scheme: Scheme) -> list[dict[str, Any]]:
    """Return the indicators as the form shows them."""
    return [
        {name: getattr(item, name) for name in INDICATOR_COLUMNS}
        for item in Indicator.objects.filter(scheme=scheme).order_by("number")
    ]


def typed_lines(lines: Any) -> list[dict[str, Any]]:
    """Return the lines that have a title, empty amounts being nothing."""
    return [
        form.cleaned_data
        | {name: form.cleaned_data.get(name) or Decimal(0) for name in ("rate", "excess_rate")}
        for form in lines
        if form.cleaned_data.get("title")
    ]


def beside(form: SchemeForm, lines: Any, scheme: Scheme) -> list[Compared]:
    """Return what the draft says now beside what was typed, wherever the two differ; indicators
    are told apart by their titles."""
    own = {name: form.fields[name] for name in EDITABLE}
    pairs = [
        Compared(
            str(field.label),
            _said(field, getattr(scheme, name)),
            _said(field, form.cleaned_data[name]),
        )
        for name, field in own.items()
    ]
    fields = lines.empty_form.fields
    stored = {line["title"]: line for line in lines_of(scheme)}
    typed = {line["title"]: line for line in typed_lines(lines)}
    for title in dict.fromkeys((*stored, *typed)):
        if title not in stored or title not in typed:
            there, here = (ABSENT if title not in one else title for one in (stored, typed))
            pairs.append(Compared("考核指标", there, here))
            continue
        pairs += [
            Compared(
                f"{title}：{fields[name].label}",
                _said(fields[name], stored[title][name]),
                _said(fields[name], typed[title][name]),
            )
            for name in INDICATOR_COLUMNS
        ]
    return [pair for pair in pairs if pair.differs]


def _said(field: forms.Field, value: Any) -> str:
    """Say a stored or typed value as the form shows it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return number(value)
    return str(dict(getattr(field, "choices", ())).get(value, value))

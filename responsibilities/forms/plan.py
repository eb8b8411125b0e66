"""Forms of the plan page, the workbench and the dispatch."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from clauses.enums import DECLINED, Disposition
from clauses.models import Plan, Provision
from common.forms import Form
from responsibilities.enums import (
    FREQUENCY_OF,
    MONTHS_OF,
    DeadlineKind,
    Frequency,
    FulfilmentMode,
    LampKind,
)
from responsibilities.forms.obligation import LimitedText, required
from responsibilities.forms.unit_names import UnitNamesField
from responsibilities.models import Obligation
from responsibilities.pages.plan_text import Options
from responsibilities.services.assigning import UnitRoles
from responsibilities.services.breakdown import TextWords, Wording
from responsibilities.services.deadlines import Deadline
from responsibilities.services.sentences import Draft
from responsibilities.unit_names import UnitNames

SHOWS = {
    "obligation": "已立项",
    "declined": "不立项",
    "open": "未定",
    LampKind.OVERDUE: "逾期",
    LampKind.DUE_SOON: "临期",
}
# “定期”而没有写明周期的，先记下，下发前再定。
INTERVALS = [
    ("", "不分期"),
    *((item.value, item.label) for item in MONTHS_OF),
    (Frequency.PERIODIC_UNSPECIFIED.value, Frequency.PERIODIC_UNSPECIFIED.label),
]
FULL_WIDTH = str.maketrans(",;:?!()", "，；：？！（）")


def read_options(params: Any) -> Options:
    """Return the display options of the address; unknown values mean the whole text."""
    show, errata = params.get("show", ""), params.get("errata", "")
    return Options(
        show=show if show in SHOWS else "",
        unit=params.get("unit", "")[:32],
        errata=errata if errata == "off" else "",
    )


def span_of(selected: str, provision: Provision) -> tuple[int, int] | None:
    """Return where the selected words stand in the plan, or None for the whole sentence.

    What is copied from the page has full-width punctuation and no line ends, what is stored may
    not have the one and have the other.
    Raises: ValidationError when the sentence does not hold the words, or holds them twice.
    """
    words = "".join(selected.split())
    if not words:
        return None
    places = [place for place, char in enumerate(provision.text) if not char.isspace()]
    text = "".join(provision.text[place] for place in places).translate(FULL_WIDTH)
    wanted = words.translate(FULL_WIDTH)
    shift = text.find(wanted)
    if shift < 0:
        raise ValidationError("所选文字不在这一句里，请从原文照抄；取整句时留空。")
    if text.find(wanted, shift + 1) >= 0:
        raise ValidationError("所选文字在这一句里不止一处，请多选几个字，好确定是哪一处。")
    last = places[shift + len(wanted) - 1]
    return provision.start + places[shift], provision.start + last + 1


class SelectedWordsMixin(Form):
    """The part of the sentence that the act is about; empty for the whole of it.

    Several of these forms stand on one page, so each names its controls apart by ``auto_id``.
    """

    selected = forms.CharField(
        label="所选文字",
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="在上面的原文里选中一段会自动填入，也可以照抄；取整句时留空。",
    )

    def __init__(self, *args: Any, provision: Provision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.provision = provision

    def clean_selected(self) -> str:
        selected: str = self.cleaned_data["selected"]
        self.cleaned_data["span"] = span_of(selected, self.provision)
        return selected


class MakeForm(SelectedWordsMixin):
    """A new row from a sentence; what the text does not say stays empty."""

    title = LimitedText(
        label="重点任务",
        max_length=60,
        help_text="一句话说清要办成什么，不超过 60 个字。",
        error_messages=required("请写明重点任务。"),
    )
    measure = LimitedText(label="具体措施", max_length=2000, rows=3, required=False)
    expected_result = LimitedText(label="成果形式", max_length=200, required=False)
    bearers = LimitedText(
        label="义务主体（原文）",
        max_length=400,
        rows=2,
        required=False,
        help_text="照抄条文里的称谓，一行一个；条文没有写的留空。",
    )
    leads = UnitNamesField(
        label="牵头单位",
        required=False,
        help_text="单位名称、简称或条文称谓，几个之间用顿号隔开；可以以后再定。",
    )
    assists = UnitNamesField(label="配合单位", required=False)
    mode = forms.ChoiceField(
        label="落实方式",
        choices=FulfilmentMode.choices,
        initial=FulfilmentMode.JOINT,
        widget=forms.RadioSelect,
        help_text="共同完成只有一个牵头单位；分别落实由每个牵头单位各办一件。",
    )
    deadline_kind = forms.ChoiceField(
        label="时限类型", choices=DeadlineKind.choices, initial=DeadlineKind.UNDECIDED
    )
    due_on = forms.DateField(
        label="到期日",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请按 2020-12-31 的样式填写日期。"},
    )
    frequency = forms.ChoiceField(label="周期", required=False, choices=INTERVALS)
    deadline_text = LimitedText(
        label="完成时限（原文）",
        max_length=80,
        required=False,
        help_text="照抄条文，没有写的留空。",
    )
    frequency_text = LimitedText(
        label="周期（原文）", max_length=80, required=False, help_text="照抄条文，没有写的留空。"
    )
    basis = LimitedText(
        label="时限依据",
        max_length=200,
        required=False,
        help_text="条文原文，或会议纪要、文件的名称和文号；时限待明确时不填。",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "make_%s"} | kwargs)
        self.names = UnitNames.on(today)
        for name in ("leads", "assists"):
            field: Any = self.fields[name]
            field.names = self.names
            field.widget.attrs.update({"list": "unit-names", "autocomplete": "off"})
        self._offer_units(self.initial.pop("leading", []), self.initial.pop("named", []))

    def _offer_units(self, leading: list[str], named: list[str]) -> None:
        """Offer the text's own names if all of them stand for units: those whom it calls leads as
        leads with the others beside them, several without a lead as working apart.

        A part of them would be a guess at who is meant.
        """
        others = [name for name in dict.fromkeys(named) if name not in leading]
        leads = self._units_of(leading or others)
        if not leads:
            return
        self.initial["leads"] = "、".join(leading or others)
        self.initial["mode"] = FulfilmentMode.SEPARATE if len(leads) > 1 else FulfilmentMode.JOINT
        if leading and self._units_of(others):
            self.initial["assists"] = "、".join(others)

    @property
    def offers_next_part(self) -> bool:
        """Whether the form offers a part of the sentence that no row takes up yet."""
        return bool(self.initial.get("selected"))

    def _units_of(self, names: list[str]) -> set[int]:
        """Return the units that the names stand for; none if one of the names is unknown."""
        found = [self.names.find(name) for name in names]
        return {unit.pk for pairs in found for unit, _ in pairs} if all(found) else set()

    def draft(self) -> Draft:
        """Return the row as filled in."""
        said = self.cleaned_data
        bearers = tuple(line.strip() for line in said["bearers"].splitlines() if line.strip())
        return Draft(
            wording=Wording(said["title"], said["measure"], said["expected_result"]),
            words=TextWords(
                bearers=tuple(self._verbatim(words) for words in bearers),
                deadline_text=self._verbatim(said["deadline_text"]),
                frequency_text=self._verbatim(said["frequency_text"]),
            ),
            span=said["span"],
            roles=self._roles(),
            deadline=Deadline(
                kind=DeadlineKind(said["deadline_kind"]),
                basis=said["basis"],
                due_on=said["due_on"],
                frequency=self._frequency(),
            ),
        )

    def _frequency(self) -> Frequency | None:
        """The interval is asked for periodic rows only; other kinds of deadline imply it."""
        kind = DeadlineKind(self.cleaned_data["deadline_kind"])
        if kind in FREQUENCY_OF:
            return FREQUENCY_OF[kind]
        chosen = self.cleaned_data["frequency"]
        return Frequency(chosen) if chosen else None

    def _roles(self) -> UnitRoles | None:
        leads, assists = self.cleaned_data["leads"], self.cleaned_data["assists"]
        if not leads and not assists:
            return None
        return UnitRoles(FulfilmentMode(self.cleaned_data["mode"]), leads, assists)

    def _verbatim(self, words: str) -> str:
        """Return the clause's own characters for words typed in other punctuation."""
        clause = self.provision.clause.text if self.provision.clause else self.provision.text
        shift = clause.translate(FULL_WIDTH).find(words.translate(FULL_WIDTH))
        return clause[shift : shift + len(words)] if shift >= 0 else words


class JoinForm(SelectedWordsMixin):
    """An existing row that the sentence belongs to, by code or title."""

    obligation = forms.CharField(
        label="并入的任务",
        max_length=90,
        help_text="填编号（如 23-07）或任务名称。",
        error_messages=required("请填写并入哪一项任务。"),
    )

    def __init__(self, *args: Any, rows: Iterable[Obligation] = (), **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "join_%s"} | kwargs)
        self.rows = list(rows)
        self.fields["obligation"].widget.attrs.update({"list": "row-names", "autocomplete": "off"})

    def clean_obligation(self) -> Obligation:
        wanted = " ".join(self.cleaned_data["obligation"].split())
        code = wanted.split(" ")[0].lower()
        by_code = [row for row in self.rows if row.code == code]
        by_title = [row for row in self.rows if row.title == wanted]
        found = by_code or by_title
        if len(found) != 1:
            raise ValidationError(f"没有找到任务“{wanted}”，请填写台账里的编号或完整名称。")
        return found[0]


class DeclineForm(Form):
    """Why a sentence makes no duty."""

    disposition = forms.ChoiceField(
        label="不立项的类别",
        choices=[(value, value.label) for value in Disposition if value in DECLINED],
        widget=forms.RadioSelect,
        error_messages=required("请选定不立项的类别。"),
    )
    reason = LimitedText(
        label="理由",
        max_length=300,
        rows=2,
        help_text="显示在条文页上，写一句完整的话。",
        error_messages=required("请写明不立项的理由。"),
    )
    duplicate_of = forms.CharField(
        label="与哪一句重复",
        required=False,
        max_length=12,
        help_text="只在“与他句重复”时填，如 04-02。",
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "decline_%s"} | kwargs)
        self.plan = plan

    @property
    def is_proposed(self) -> bool:
        """Whether the reading engine proposes to decline the sentence, with its reason."""
        return bool(self.initial.get("reason"))

    def clean_duplicate_of(self) -> Provision | None:
        code = self.cleaned_data["duplicate_of"].strip()
        if not code:
            return None
        found = self.plan.provisions.with_code(code)
        if found is None:
            raise ValidationError(f"方案里没有 {code} 句，请核对句号，形如 04-02。")
        return found


class ReasonForm(Form):
    """A reason for taking something back."""

    reason = LimitedText(label="理由", max_length=200, error_messages=required("请写明理由。"))


class DispatchForm(Form):
    """Which draft rows go out, and from which day periods are owed."""

    starts_on = forms.DateField(
        label="起算日期",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="周期任务从这一天所在的一期算起。",
        error_messages=required("请填写起算日期。")
        | {"invalid": "请按 2019-01-01 的样式填写日期。"},
    )
    row = forms.MultipleChoiceField(
        label="下发的任务",
        required=False,
        error_messages={
            "invalid_choice": "所选任务有的已经下发或已不能下发，请核对最新的清单后再选。"
        },
    )

    def __init__(self, *args: Any, rows: Iterable[Obligation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in rows}
        field: Any = self.fields["row"]
        field.choices = [(pk, row.code) for pk, row in self.rows.items()]

    def clean_row(self) -> list[Obligation]:
        return [self.rows[pk] for pk in self.cleaned_data["row"]]

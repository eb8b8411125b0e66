"""Proof in a form: new files, and the unit's files that are there already."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from common.errors import DomainError, messages_of
from common.forms import Form
from organizations.models import Unit, User
from responsibilities.models import Evidence
from responsibilities.models.evidence import EvidenceQuerySet
from responsibilities.services.evidence import Proof, take_evidence

MOST_FILES = 10
LONGEST_KEY = 15
OFFERED = 20  # 可选用的旧材料最多列出的份数
GONE = "所选的佐证材料有的已经作废，请重新勾选后再报。"


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class EvidenceField(forms.ModelMultipleChoiceField):
    """Files that are there already; keys beyond what a database can hold name none of them."""

    def clean(self, value: Any) -> Any:
        if any(len(str(key)) > LONGEST_KEY for key in value or ()):
            raise ValidationError(GONE, code="invalid_choice")
        return super().clean(value)


class ProofForm(Form):
    """A form with proof. New files are taken in before the rest is checked.

    So a form that comes back for another reason shows them ticked, and nobody sends them twice.
    """

    uploads = forms.FileField(
        label="上传佐证材料",
        required=False,
        widget=SeveralFiles,
        help_text="PDF、照片（JPEG、PNG）、docx、xlsx、pptx，一个不超过 50 MB；有文号的可以不传。",
    )
    evidence = EvidenceField(
        label="选用已交的材料",
        queryset=Evidence.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": GONE, "invalid_pk_value": GONE},
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, unit: Unit, initial: dict[str, Any]
    ) -> None:
        super().__init__(data, files, initial=initial)
        self.unit = unit
        self.refused: list[str] = []
        self._offer()

    def _offer(self) -> None:
        field = self.fields["evidence"]
        field.queryset = Evidence.objects.standing().filter(unit=self.unit)  # type: ignore[attr-defined]

    def hand_in(self, *, period: str, today: date, actor: User, at: datetime) -> None:
        """Take the new files in; what is refused becomes an error of the form."""
        files = self.files.getlist("uploads")
        if len(files) > MOST_FILES:
            self.refused.append(f"一次最多传 {MOST_FILES} 个文件，其余的先不要选，报送前可以再添。")
        taken: list[str] = []
        proof = self._proof(period, today)
        for file in files[:MOST_FILES]:
            try:
                evidence, _ = take_evidence(self.unit, file, proof=proof, actor=actor, at=at)
            except (DomainError, ValidationError) as error:
                self.refused += [f"“{_short(file)}”{words}" for words in messages_of(error)]
            else:
                taken.append(str(evidence.pk))
        data = cast("QueryDict", self.data).copy()
        data.setlist("evidence", list(dict.fromkeys([*data.getlist("evidence"), *taken])))
        self.data, self.files = data, MultiValueDict()

    def _proof(self, period: str, today: date) -> Proof:
        """Return what the form says about its files, as far as it makes sense already."""
        said: dict[str, Any] = {}
        for name in ("happened_on", "document_no"):
            try:
                said[name] = self.fields[name].clean(self.data.get(name))
            except ValidationError:
                said[name] = None
        day = said["happened_on"]
        return Proof(
            happened_on=day if day and day <= today else None,
            period=period,
            document_no=said["document_no"] or "",
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for sentence in self.refused:
            self.add_error("uploads", sentence)
        return cleaned

    def ticked_keys(self) -> list[int]:
        """Return the keys of the ticked files, whatever they are worth."""
        asked = map(str, self["evidence"].value() or [])
        return [int(k) for k in asked if k.isascii() and k.isdigit() and len(k) <= LONGEST_KEY]

    def _offered_files(self, keys: list[int]) -> EvidenceQuerySet:
        return Evidence.objects.standing().filter(unit=self.unit, pk__in=keys)

    @property
    def offered(self) -> Iterator[tuple[Evidence, bool]]:
        """Yield the ticked files first, then the unit's newest ones: (file, is ticked)."""
        queryset = Evidence.objects.standing().filter(unit=self.unit).with_uses()
        ticked = list(self._offered_files(self.ticked_keys()).with_uses())
        yield from ((file, True) for file in ticked)
        yield from (
            (file, False) for file in queryset.exclude(pk__in=[f.pk for f in ticked])[:OFFERED]
        )

    def chosen_hashes(self) -> tuple[str, ...]:
        return tuple(sorted(file.sha256 for file in self.cleaned_data["evidence"]))


def _short(file: UploadedFile) -> str:
    name = "".join(c for c in (file.name or "") if c.isprintable())
    return name if len(name) <= 40 else f"{name[:25]}…{name[-12:]}"


class VoidEvidenceForm(Form):
    """作废一份材料：写明理由。"""

    reason = forms.CharField(
        label="作废理由",
        max_length=200,
        error_messages={"required": "作废材料要写明理由。"},
        help_text="作废后不再作为佐证，记录和原件留底。",
    )

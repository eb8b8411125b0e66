"""The photos of a record: those that are there, ticked to stay, and new ones."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, BinaryIO, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from common.attachments import examine
from common.errors import DomainError, messages_of
from common.forms import Form
from inspections.models import Inspection
from inspections.services.recording import MOST_PHOTOS
from organizations.models import User
from responsibilities.enums import EvidenceKind
from responsibilities.forms.proof import EvidenceField, SeveralFiles
from responsibilities.models import Evidence
from responsibilities.services.evidence import Proof, take_evidence

IMAGES = (EvidenceKind.JPEG, EvidenceKind.PNG)


class PhotosForm(Form):
    """检查照片：选填，不传也一样确认。"""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": "页面不完整，请刷新后再填。"},
    )
    kept = EvidenceField(
        label="留下的照片",
        queryset=Evidence.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="去掉勾的从记录里撤下，文件留底。",
    )
    uploads = forms.FileField(
        label="添加照片",
        required=False,
        widget=SeveralFiles(attrs={"accept": "image/jpeg,image/png"}),
        help_text=f"JPEG 或 PNG，一份记录最多 {MOST_PHOTOS} 张。原件照存，"
        "拍摄时间和位置不改，好作证明；只有本单位和区安委办、区领导、审计看得到，不对外公布。",
    )

    def __init__(
        self, data: Any = None, *, sent: Sequence[UploadedFile] = (), record: Inspection
    ) -> None:
        photos = [photo.evidence_id for photo in record.shown_photos()]
        initial = {"version": record.version, "kept": photos}
        super().__init__(data, initial=initial)
        self.record, self.sent = record, sent
        choice = self.fields["kept"]
        shown = Evidence.objects.filter(inspection_photos__inspection=record)
        choice.queryset = shown.order_by("inspection_photos__number")  # type: ignore[attr-defined]
        if not photos:
            choice.widget = forms.MultipleHiddenInput()

    def hand_in(self, *, actor: User, at: datetime) -> tuple[list[str], list[str]]:
        """Take the new photos in. Returns: the hashes that stay and came, and what was refused."""
        proof = Proof(happened_on=self.record.inspected_on, period=self.record.quarter)
        stay = [photo.evidence for photo in self.record.shown_photos()]
        chosen: Sequence[Evidence] = list(self.cleaned_data["kept"])
        hashes = [file.sha256 for file in stay if file in chosen]
        refused = []
        for file in self.sent[: MOST_PHOTOS + 1]:
            try:
                kind = examine(cast("BinaryIO", file), limit=settings.MAX_UPLOAD_BYTES)
                if kind not in IMAGES:
                    raise DomainError("不是照片，这里只收 JPEG 和 PNG。")
                taken, _ = take_evidence(self.record.unit, file, proof=proof, actor=actor, at=at)
            except (DomainError, ValidationError) as error:
                refused += [f"“{(file.name or '')[:40]}”{words}" for words in messages_of(error)]
            else:
                hashes.append(taken.sha256)
        return list(dict.fromkeys(hashes)), refused

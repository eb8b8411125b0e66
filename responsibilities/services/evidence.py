"""Proof: take a file in, give it up with a reason. Nothing is ever deleted."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.core.files import File
from django.db import transaction

from common.attachments import examine, shown_name
from common.blobs import keep_blob, sha256_of
from common.clock import day_of
from common.errors import DomainError, require
from common.tracked import save_with_history
from organizations.models import Unit, User
from responsibilities.models import Evidence
from responsibilities.permissions import can_hand_in_evidence

if TYPE_CHECKING:
    from typing import BinaryIO

FOLDER = "evidence"


@dataclass(frozen=True)
class Proof:
    """What a file is said to prove: when the thing happened, for which period, which document."""

    happened_on: date | None = None
    period: str = ""
    document_no: str = ""


def take_evidence(
    unit: Unit, file: "File[bytes]", *, proof: Proof, actor: User, at: datetime
) -> tuple[Evidence, bool]:
    """Store a file of a unit once it has been looked at (收佐证材料).

    Returns: The evidence, and whether it is new; a file that the unit handed in before is the
    same evidence and is not asked for again.
    Raises: NotAllowed; UnreadableFile with a sentence that follows the file's name; DomainError
    for a date to come.
    """
    require(can_hand_in_evidence(actor, unit, today=day_of(at)))
    kind = examine(cast("BinaryIO", file), limit=settings.MAX_UPLOAD_BYTES)
    sha256 = sha256_of(file)
    keep_blob(FOLDER, file, sha256)
    with transaction.atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        known = Evidence.objects.standing().filter(unit=unit, sha256=sha256).first()
        if known is not None:
            return known, False
        taken = Evidence(
            unit=unit,
            sha256=sha256,
            name=shown_name(file.name or "", kind),
            kind=kind,
            size=file.size,
            happened_on=proof.happened_on,
            period=proof.period,
            document_no=proof.document_no,
            received_at=at,
            received_by=actor,
        )
        save_with_history(taken, actor=actor, reason="上传佐证材料", at=at)
    return taken, True


def void_evidence(evidence: Evidence, *, reason: str, actor: User, at: datetime) -> Evidence:
    """Give up a file with a reason (作废); it stays on record, marked.

    Reports that it proved, and were passed, show from now on that they changed.
    Raises: NotAllowed; DomainError when it is void already or no reason is given.
    """
    with transaction.atomic():
        evidence = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
        require(can_hand_in_evidence(actor, evidence.unit, today=day_of(at)))
        if not reason.strip():
            raise DomainError("作废材料要写明理由。")
        if evidence.is_void:
            raise DomainError("这份材料已经作废，不用重复办理。")
        evidence.voided_at, evidence.voided_by = at, actor
        evidence.void_reason = reason.strip()
        save_with_history(evidence, actor=actor, reason=f"作废：{evidence.void_reason}", at=at)
    return evidence

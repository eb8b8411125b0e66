"""Add and amend corrections of a plan's text; the text itself never changes."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from clauses.enums import Certainty
from clauses.models import Erratum, Plan
from clauses.permissions import can_break_down
from clauses.services.storing import text_sha256
from common.clock import day_of
from common.errors import DomainError, StaleVersion, require
from common.tracked import save_with_history
from organizations.models import User


@dataclass(frozen=True)
class Reading:
    """How a damaged place should read, on what grounds and how surely."""

    corrected: str
    basis: str
    certainty: Certainty


def add_erratum(
    plan: Plan, span: tuple[int, int], reading: Reading, *, actor: User, at: datetime
) -> Erratum:
    """Record a correction of the characters that ``span`` counts in ``source_text`` (校勘).

    Raises: NotAllowed; DomainError when the place is empty, outside the text or corrected already.
    """
    start, end = span
    with transaction.atomic():
        require(can_break_down(actor, today=day_of(at)))
        text = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk).source_text
        if not 0 <= start < end <= len(text):
            raise DomainError("校勘的位置不在原文之内，请重新选取。")
        _check(text[start:end], reading)
        twin = plan.errata.filter(start__lt=end, end__gt=start).first()
        if twin is not None:
            raise DomainError(f"这一处与已有的校勘“{twin.original}”重叠，请直接修改那一条。")
        erratum = Erratum(
            plan=plan,
            start=start,
            end=end,
            original=text[start:end],
            corrected=reading.corrected,
            basis=reading.basis.strip(),
            certainty=reading.certainty,
        )
        reason = f"校勘“{erratum.original}”：{erratum.basis}"
        save_with_history(erratum, actor=actor, reason=reason, at=at)
    return erratum


def amend_erratum(
    erratum: Erratum, reading: Reading, *, seen: str, actor: User, at: datetime
) -> Erratum:
    """Change a correction; ``seen`` is the stamp of what the editor was shown.

    Raises: NotAllowed; StaleVersion when somebody changed it in between; DomainError.
    """
    with transaction.atomic():
        require(can_break_down(actor, today=day_of(at)))
        held = Erratum.objects.select_for_update(of=("self",)).get(pk=erratum.pk)
        if erratum_stamp(held) != seen:
            raise StaleVersion
        _check(held.original, reading)
        held.corrected = reading.corrected
        held.basis = reading.basis.strip()
        held.certainty = reading.certainty
        reason = f"修改校勘“{held.original}”：{held.basis}"
        fields = ["corrected", "basis", "certainty"]
        save_with_history(held, actor=actor, reason=reason, at=at, fields=fields)
    return held


def erratum_stamp(erratum: Erratum) -> str:
    """Return what tells whether a correction changed since it was shown."""
    words = "\0".join([erratum.corrected, erratum.basis, erratum.certainty])
    return text_sha256(words)[:16]


def _check(original: str, reading: Reading) -> None:
    if reading.corrected == original:
        raise DomainError("改正后的文字与原文相同，请写出应作的文字；原文无误的不用登记。")
    if not reading.basis.strip():
        raise DomainError("请写明改正的依据，如印发稿、上级文件或上下文。")

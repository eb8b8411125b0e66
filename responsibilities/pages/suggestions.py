"""What the text itself says of a sentence, offered when a row is made from it.

The reading engine finds bearers, dates and rates; nothing that it does not find is filled in.
"""

from collections.abc import Sequence
from typing import Any

from clauses.enums import Disposition
from clauses.models import Provision
from clauses.reading.document import ProposedObligation
from responsibilities.enums import MONTHS_OF, DeadlineKind, Frequency
from responsibilities.rules import words_left_out
from responsibilities.stated import FROM_THE_TEXT, is_title, proposals_for

TITLE_ONLY = "标题，不是任务；标题下的各句分别处理。"
PART_ENDS = " ，,；;、。"
PERIOD_END_WORDS = ("底", "末", "内")
KIND_OF = {
    Frequency.CONTINUOUS: DeadlineKind.CONTINUOUS,
    Frequency.EVENT_DRIVEN: DeadlineKind.EVENT,
    **dict.fromkeys(MONTHS_OF, DeadlineKind.PERIODIC),
}


def suggest(provision: Provision) -> dict[str, Any]:
    """Return initial values for the form that makes a row from the sentence.

    Of a sentence that falls into parts the first is offered that no row takes up yet; of one of
    which a row takes up some words, the rest.
    """
    parts = proposals_for(provision)
    taken = [(source.start, source.end) for source in provision.obligation_sources.all()]
    found = next((part for part in parts if not _is_taken(part, taken)), None)
    shift = provision.start
    left = words_left_out(provision.text, [(start - shift, end - shift) for start, end in taken])
    initial: dict[str, Any] = {"measure": provision.text.strip()}
    if taken and left and left in provision.text:
        initial = {"measure": left, "selected": left}
    if found is None:
        return initial
    if len(parts) > 1:
        words = provision.text[found.start - shift : found.end - shift].strip(PART_ENDS)
        initial |= {"measure": words, "selected": words}
    initial |= {
        "bearers": "\n".join(found.bearers),
        "deadline_text": found.deadline_text,
        "frequency_text": found.frequency_text,
        "leading": list(found.leads),
        "named": list(found.bearers),
    }
    return initial | _deadline(found)


def suggest_decline(provision: Provision) -> dict[str, Any]:
    """Return initial values for the form that declines the sentence, where it is a mere title.

    It is for the office to decide: nothing is declined by reading.
    """
    if provision.disposition != Disposition.OPEN or not is_title(provision):
        return {}
    return {"disposition": Disposition.EXPLANATION, "reason": TITLE_ONLY}


def _is_taken(part: ProposedObligation, taken: Sequence[tuple[int, int]]) -> bool:
    return any(start < part.end and part.start < end for start, end in taken)


def _deadline(found: ProposedObligation) -> dict[str, Any]:
    if found.deadline is not None:
        is_end = any(word in found.deadline_text for word in PERIOD_END_WORDS)
        return {
            "deadline_kind": DeadlineKind.PERIOD_END if is_end else DeadlineKind.FIXED,
            "due_on": found.deadline,
            "basis": FROM_THE_TEXT,
        }
    if found.frequency not in Frequency.values:
        return {}
    frequency = Frequency(found.frequency)
    if frequency == Frequency.PERIODIC_UNSPECIFIED:
        return {"frequency": frequency}
    if frequency not in KIND_OF:
        return {}
    return {
        "deadline_kind": KIND_OF[frequency],
        "frequency": frequency if frequency in MONTHS_OF else "",
        "basis": FROM_THE_TEXT,
    }

"""Read a plan: text in, :class:`PlanDocument` out.  Pure, deterministic, one pass per step."""

from clauses.reading.characters import normalise
from clauses.reading.document import PlanDocument
from clauses.reading.folding import fold
from clauses.reading.lines import version_label
from clauses.reading.proposals import propose
from clauses.reading.structure import read_structure


def read_plan(text: str) -> PlanDocument:
    """Return the plan in ``text``; every offset counts characters of ``text``.

    Raises: UnreadablePlan when the text has no numbered structure.
    """
    folded = fold(text)
    structure = read_structure(folded)
    preamble = [item for item in structure.provisions if item.is_preamble]
    first = structure.clauses[0].start
    body_start = (
        structure.title_span[0] if structure.title else preamble[0].start if preamble else first
    )
    return PlanDocument(
        text=text,
        title=structure.title,
        version_label=version_label(normalise(structure.title)),
        clause_form=structure.clause_form,
        body_start=body_start,
        body_end=structure.body_end,
        preamble_start=preamble[0].start if preamble else first,
        preamble_end=preamble[-1].end if preamble else first,
        sections=tuple(structure.sections),
        clauses=tuple(structure.clauses),
        provisions=tuple(structure.provisions),
        proposals=tuple(propose(folded, structure)),
    )

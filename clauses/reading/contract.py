"""The JSON that ``import_plan --format json`` prints; outside programs rely on its keys.

Besides the agreed keys there are ``id`` (unique where numbers restart), ``label``, ``leads``,
``times`` and ``within`` ("1 year" for 事故结案一年内), and besides the agreed frequencies ``daily``
and ``weekly``.  An interval without a name, 每两年 or 每学期, is ``null`` with its words in
``frequency_text``, as a limit without a date is ``null`` with its words in ``deadline_text``.
"""

from typing import Any

from clauses.reading.document import PlanDocument, ProposedObligation


def as_json(document: PlanDocument) -> dict[str, Any]:
    """Return the document as plain values; every text is an exact slice of the file's text."""
    text = document.text
    sections = {section.ordinal: section for section in document.sections}
    clauses = {clause.ordinal: clause for clause in document.clauses}
    return {
        "title": document.title,
        "sections": [
            {"number": str(section.number), "heading": section.heading, "label": section.label}
            for section in document.sections
        ],
        "clauses": [
            {
                "number": clause.number_text,
                "section": str(sections[clause.section].number) if clause.section else None,
                "title": clause.title,
                "text": text[clause.start : clause.end],
                "id": clause.path,
                "label": clause.label,
            }
            for clause in document.clauses
        ],
        "obligations": [
            _obligation(text, proposal, clauses.get(proposal.clause or 0))
            for proposal in document.proposals
        ],
    }


def _obligation(text: str, proposal: ProposedObligation, clause: Any) -> dict[str, Any]:
    return {
        "clause": clause.number_text if clause else None,
        "source_text": text[proposal.start : proposal.end],
        "bearers": list(proposal.bearers),
        "deadline": proposal.deadline.isoformat() if proposal.deadline else None,
        "deadline_text": proposal.deadline_text,
        "frequency": proposal.frequency,
        "frequency_text": proposal.frequency_text,
        "clause_id": clause.path if clause else None,
        "leads": list(proposal.leads),
        "times": proposal.times,
        "within": proposal.within,
    }

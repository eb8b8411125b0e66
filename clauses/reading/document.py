"""The plan as read: spans of the text and nothing that the text does not say.

Every ``start``/``end`` counts characters of the text that was read, so ``text[start:end]`` is
always the verbatim slice.  Numbers are read from the text; ``ordinal`` counts through the plan
and is unique even where the numbering restarts in every section.
"""

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class PlanSection:
    """A heading above the clauses: 一、…, 第X章 … ."""

    ordinal: int
    number: int
    label: str
    heading: str
    start: int
    end: int


@dataclass(frozen=True)
class PlanClause:
    """One clause with everything that belongs to it: its items and its unnumbered paragraphs."""

    ordinal: int
    number: int
    label: str
    title: str
    path: str
    section: int | None
    start: int
    end: int
    body_start: int

    @property
    def number_text(self) -> str:
        """The number in figures: 3, 3之1, or 1.2 where the text numbers so."""
        figures = self.label.strip(" .、")
        return figures if re.fullmatch(r"\d+(?:\.\d+)+", figures) else self.path.rpartition(".")[2]


@dataclass(frozen=True)
class PlanProvision:
    """One sentence. ``clause`` is the clause's ordinal; None for the preamble and loose text.

    ``is_note`` marks a line that only says who and when (责任单位:…), ``is_heading`` the title of
    an item inside the clause (1.企业自查。); neither makes a duty itself.
    """

    code: str
    clause: int | None
    section: int | None
    start: int
    end: int
    is_note: bool = False
    is_heading: bool = False
    is_preamble: bool = False


@dataclass(frozen=True)
class ProposedObligation:
    """A duty that the text may contain, with who, when and how often in the text's own words."""

    provision: str
    clause: int | None
    start: int
    end: int
    bearers: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    deadline: date | None = None
    deadline_text: str = ""
    frequency: str | None = None
    frequency_text: str = ""
    times: int | None = None
    within: str = ""


@dataclass(frozen=True)
class PlanDocument:
    """A plan as read from a text."""

    text: str
    title: str
    version_label: str
    clause_form: str
    body_start: int
    body_end: int
    preamble_start: int
    preamble_end: int
    sections: tuple[PlanSection, ...] = ()
    clauses: tuple[PlanClause, ...] = ()
    provisions: tuple[PlanProvision, ...] = ()
    proposals: tuple[ProposedObligation, ...] = ()

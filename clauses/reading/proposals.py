"""Proposed obligations, sentence by sentence, with who, when and how often as the text says.

A sentence makes no proposal when it is a note, or stands under 指导思想, 基本原则 or 目标 without a
date, a rate or a note of its own.  A note governs the sentences since the note before it; a note at
the head of a clause governs what follows.  Nothing is ever filled in: where the text names nobody
the bearers are empty, where it gives no date the deadline is None.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, groupby, zip_longest

from clauses.reading.characters import normalise
from clauses.reading.cues import NoteCues, Piece, Words, cut, heading_limit, note_cues, read_notes
from clauses.reading.deadlines import TimeLimit, date_in_window
from clauses.reading.document import PlanClause, PlanProvision, ProposedObligation
from clauses.reading.folding import Folded
from clauses.reading.lists import LeadIns
from clauses.reading.notes import Note
from clauses.reading.structure import Structure
from clauses.reading.tables import columns, headed_rows, row_notes
from clauses.reading.topics import asks_nothing

_PAPER = (
    "(?:条例|办法|意见|方案|规定|细则|预案|计划|制度|通知|措施|"
    "任务书|责任书|清单|要点|规程|标准|指引)"
)
_STATEMENT = re.compile(
    r"起(?:施行|实施|执行|生效)。?$|所称[^。]{1,40}(?:是指|指的是|,是|,?包括)"
    r"|职责(?:主要)?(?:包括|有|是|为|如下):$|^\(?(?:备?注|说明)\d? ?:"
    rf"|^本{_PAPER}自[^。]*(?:施行|实施|执行|生效)|^本{_PAPER}由[^。]*解释|^本{_PAPER}适用于|(?:制定|编制)本{_PAPER}。?$"
)
_SHORTEST = 6


@dataclass
class _Sentence:
    provision: PlanProvision
    start: int
    text: str
    notes: list[Note]
    words: Words
    cues: NoteCues | None = None
    is_row: bool = False


@dataclass
class _Reader:
    """Carries what one note says about all later ones: 排在第一位的部门为牵头部门,下同."""

    first_leads: bool = False
    governed: list[_Sentence] = field(default_factory=list)

    def read(self, sentences: list[_Sentence]) -> None:
        self.governed = []
        for sentence in sentences:
            if sentence.is_row:  # a row in a clause speaks for itself alone
                self.governed = []
            self.governed.append(sentence)
            if sentence.notes:
                self._close(sentence, has_before=len(self.governed) > 1)
            if sentence.is_row:
                self.governed = []
        leading = next((s for s in sentences if s.notes), None)
        if leading is not None and leading is sentences[0] and leading.provision.is_note:
            for sentence in self.governed:
                sentence.cues = sentence.cues or leading.cues

    def _close(self, sentence: _Sentence, *, has_before: bool) -> None:
        cues = NoteCues()
        for note in sentence.notes:
            self.first_leads = self.first_leads or note.first_leads
            cues = _merged(
                cues, note_cues(sentence.text, note, sentence.words, first_leads=self.first_leads)
            )
        joins = sentence.provision.is_note and has_before
        for governed in self.governed:
            governed.cues = _merged(governed.cues, cues) if governed.cues else cues
        # Lines 牵头单位 / 配合单位 / 完成时限 follow each other and govern the same sentences.
        self.governed = self.governed if joins else []


def propose(folded: Folded, structure: Structure) -> list[ProposedObligation]:
    """Return the proposals in the order of the text."""
    clauses = {clause.ordinal: clause for clause in structure.clauses}
    reader = _Reader()
    lead_ins = LeadIns(structure.lists)
    found: list[ProposedObligation] = []
    groups = list(_by_clause(folded, structure))
    for sentences in groups:
        reader.read(sentences)
    _share_notes(groups, clauses)
    for sentences in groups:
        clause = clauses.get(sentences[0].provision.clause or 0)
        section = structure.headings.get(sentences[0].provision.section or 0, "")
        limit, words = of_clause = _heading_cues(folded, clause, section)
        for sentence, following in zip_longest(sentences, sentences[1:]):
            if sentence.provision.is_heading:
                limit, words = _item_cues(sentence) or of_clause
            for proposal in _proposals(folded, sentence, _heading(clause, section), limit, words):
                found.append(lead_ins.led(proposal, sentence.start))
            if following is not None and following.start in structure.lists:
                said = _proposal(folded, sentence, cut(sentence.text, sentence.notes)[-1])
                lead_ins.open(sentence.text, said, following.start)
    return found


def _share_notes(groups: list[list[_Sentence]], clauses: dict[int, PlanClause]) -> None:
    """Let a note below the last of several clauses hold for all of them.

    So it is meant where the text does it throughout: every heading with a note has it only there,
    as a line of its own.
    """

    def heading(group: list[_Sentence]) -> str:
        clause = clauses.get(group[0].provision.clause or 0)
        return clause.path.rpartition(".")[0] if clause else ""

    spoken = [[s for s in group if not s.provision.is_heading] for group in groups]
    runs = [list(run) for name, run in groupby(filter(None, spoken), heading) if name]
    noted = [run for run in runs if any(s.notes for group in run for s in group)]
    shared = all(
        run[-1][-1].provision.is_note and not any(s.notes for group in run[:-1] for s in group)
        for run in noted
    )
    if len(noted) < 2 or not shared or all(len(run) == 1 for run in noted):
        return
    for run in noted:
        for sentence in chain.from_iterable(run):
            sentence.cues = sentence.cues or run[-1][-1].cues


def _by_clause(folded: Folded, structure: Structure) -> Iterator[list[_Sentence]]:
    group: list[_Sentence] = []
    whole = columns(folded, structure.preamble[1]) if structure.is_table else []
    inside = headed_rows(folded)
    for provision in structure.provisions:
        if provision.is_preamble:
            continue
        start, end = structure.folded_spans[provision.code]
        text = folded.text[start:end]
        words = partial(_words, folded, start)
        heads = inside.get(folded.paragraph_at(start), []) if inside else whole
        before = folded.cells_before(start) if heads else 0
        notes = row_notes(text, heads, before=before) if heads else read_notes(text)
        is_row = bool(heads) and not structure.is_table
        sentence = _Sentence(provision, start, text, notes, words, is_row=is_row)
        if group and _owner(group[-1].provision) != _owner(provision):
            yield group
            group = []
        group.append(sentence)
    if group:
        yield group


def _words(folded: Folded, base: int, start: int, end: int) -> str:
    return folded.words(base + start, base + end)


def _owner(provision: PlanProvision) -> tuple[int | None, int | None]:
    return provision.clause, provision.section


def _heading(clause: PlanClause | None, section: str) -> str:
    return f"{section}|{clause.title if clause else ''}"


def _item_cues(sentence: _Sentence) -> tuple[TimeLimit, str] | None:
    """第一阶段:动员部署(2024年4月): the limit that an item's title sets for what follows it."""
    limit = heading_limit(sentence.text)
    return None if limit is None else (limit, sentence.words(limit.start, limit.end))


def _heading_cues(
    folded: Folded, clause: PlanClause | None, section: str
) -> tuple[TimeLimit | None, str]:
    for heading in (clause.title if clause else "", section):
        from_heading = heading_limit(normalise(heading))
        if from_heading is not None:
            return from_heading, heading[from_heading.start : from_heading.end]
    return None, ""


def _proposals(
    folded: Folded, sentence: _Sentence, heading: str, limit: TimeLimit | None, words: str
) -> Iterator[ProposedObligation]:
    provision = sentence.provision
    if provision.is_note or provision.is_heading or len(sentence.text) < _SHORTEST:
        return
    if _STATEMENT.search(sentence.text):
        return
    pieces = cut(sentence.text, sentence.notes)
    if asks_nothing(heading) and not _has_own_cue(sentence, pieces):
        return
    if _is_only_time(sentence, pieces):
        return
    for piece in pieces:
        proposal = _proposal(folded, sentence, piece)
        said = proposal.bearers or proposal.deadline_text or proposal.frequency_text
        if sentence.text.endswith(":") and not said:
            continue
        yield proposal if limit is None else _in_phase(proposal, limit, words)


def _in_phase(proposal: ProposedObligation, limit: TimeLimit, words: str) -> ProposedObligation:
    """Give the duty the limit of its heading, or the heading's year to its own 7月10日前."""
    if proposal.deadline is not None:
        return proposal
    if not proposal.deadline_text:
        return replace(proposal, deadline=limit.due_on, deadline_text=words)
    return replace(proposal, deadline=date_in_window(normalise(proposal.deadline_text), limit))


def _is_only_time(sentence: _Sentence, pieces: list[Piece]) -> bool:
    """Say whether the sentence gives a period and nothing to do: 2025年6月1日至6月30日。"""
    limit = pieces[0].limit
    if limit is None:
        return False
    rest = sentence.text[: limit.start] + sentence.text[limit.end :]
    return not rest.strip("从自为于在。;, ")


def _has_own_cue(sentence: _Sentence, pieces: list[Piece]) -> bool:
    dated = any(piece.limit is not None and piece.limit.due_on for piece in pieces)
    named = sentence.cues is not None and bool(sentence.cues.bearers)
    return dated or named or any(piece.rate for piece in pieces) or bool(sentence.notes)


def _proposal(folded: Folded, sentence: _Sentence, piece: Piece) -> ProposedObligation:
    cues = sentence.cues or NoteCues()
    base = sentence.start
    own = [sentence.words(start, end) for start, end in piece.actors]
    leads = [sentence.words(start, end) for start, end in piece.leads]
    start, end = folded.source_span(base + piece.start, base + piece.end)
    limit, words = piece.limit, ""
    if limit is not None:
        words = sentence.words(limit.start, limit.end)
    if cues.limit is not None and (limit is None or (cues.limit.due_on and not limit.due_on)):
        limit, words = cues.limit, cues.limit_text
    rate, rate_words = cues.rate, cues.rate_text
    if piece.rate is not None:
        rate = piece.rate.value
        rate_words = sentence.words(piece.rate.start, piece.rate.end)
    elif limit is not None and limit.within and rate is None:
        rate, rate_words = "event-driven", words
    return ProposedObligation(
        provision=sentence.provision.code,
        clause=sentence.provision.clause,
        start=start,
        end=end,
        bearers=tuple(dict.fromkeys([*cues.bearers, *own])),
        leads=tuple(dict.fromkeys([*cues.leads, *leads])),
        deadline=limit.due_on if limit else None,
        deadline_text=words,
        frequency=rate or None,
        frequency_text=rate_words,
        times=piece.rate.times if piece.rate else None,
        within=limit.within if limit else "",
    )


def _merged(first: NoteCues, second: NoteCues) -> NoteCues:
    return NoteCues(
        bearers=tuple(dict.fromkeys([*first.bearers, *second.bearers])),
        leads=tuple(dict.fromkeys([*first.leads, *second.leads])),
        limit=first.limit or second.limit,
        limit_text=first.limit_text or second.limit_text,
        rate=first.rate or second.rate,
        rate_text=first.rate_text or second.rate_text,
    )

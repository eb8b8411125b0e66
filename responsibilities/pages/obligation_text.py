"""The sentences that a row comes from, each among its neighbours, with the errata beside them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q

from clauses.models import Erratum, Provision
from clauses.rules import Piece, overlay
from common.subrows import Subrows
from responsibilities.models import Obligation, ObligationSource

ERRATUM = ("start", "end", "original", "corrected", "basis", "certainty")


@dataclass(frozen=True)
class Stretch:
    """A run of the plan's text that is, or is not, what the row comes from."""

    pieces: tuple[Piece, ...]
    is_source: bool


@dataclass(frozen=True)
class Passage:
    """Neighbouring sentences with the exact sources of the row marked among them."""

    clause: str
    codes: tuple[str, ...]
    stretches: tuple[Stretch, ...]

    @property
    def anchor(self) -> str:
        return f"s{self.codes[0]}"

    @property
    def quote(self) -> str:
        """What the row takes of the passage, with an ellipsis where it leaves something out."""
        parts: list[str] = []
        gap = False
        for stretch in self.stretches:
            if stretch.is_source:
                parts += ["……"] if gap and parts else []
                parts += [piece.text for piece in stretch.pieces]
            gap = not stretch.is_source
        return "".join(parts)


def sentences_around(obligation: Obligation) -> list[Any]:
    """Return the sources of a row and the sentences next to them in the same clause, in order.

    One query; each carries its ``errata``, and ``span_start`` and ``span_end`` of the source, None
    for a neighbour.  A sentence of which the row takes two parts comes twice.
    """
    ordinal = OuterRef("ordinal")
    near = ObligationSource.objects.filter(obligation=obligation).filter(
        Q(provision=OuterRef("pk"))
        | Q(
            provision__clause=OuterRef("clause"),
            provision__ordinal__range=(ordinal - 1, ordinal + 1),
        )
    )
    return list(
        _told_sentences()
        .filter(Exists(near), plan=obligation.plan_id)
        .annotate(
            own=FilteredRelation(
                "obligation_sources", condition=Q(obligation_sources__obligation=obligation)
            ),
            span_start=F("own__start"),
            span_end=F("own__end"),
        )
        .order_by("ordinal", "span_start")
    )


@cache
def _told_sentences() -> Any:
    """The sentences, each with the errata that begin in it; kept is the question, put together
    once."""
    begun = Erratum.objects.filter(
        plan=OuterRef("plan"), start__gte=OuterRef("start"), start__lt=OuterRef("end")
    )
    sentences = Provision.objects.with_clause().defer("clause__text")
    return sentences.annotate(errata=Subrows(begun.order_by("start"), *ERRATUM))


def passages(sentences: Iterable[Any]) -> list[Passage]:
    """Lay the sentences out as passages: a gap in the text begins a new one."""
    groups: list[list[Any]] = []
    for sentence in sentences:
        last = groups[-1][-1] if groups else None
        follows = (
            last is not None
            and sentence.clause_id == last.clause_id
            and sentence.ordinal - last.ordinal <= 1
        )
        groups[-1].append(sentence) if follows else groups.append([sentence])
    return [_passage(group) for group in groups]


def _passage(group: list[Any]) -> Passage:
    spans = [(s.span_start, s.span_end) for s in group if s.span_start is not None]
    texts = {s.pk: s for s in group}.values()
    return Passage(
        clause=group[0].clause.name if group[0].clause else "",
        codes=tuple(dict.fromkeys(s.code for s in group if s.span_start is not None)),
        stretches=tuple(
            Stretch(tuple(overlay(text, start, errata)), is_source)
            for sentence in texts
            for errata in [[Erratum(**line) for line in sentence.errata]]
            for start, text, is_source in _cut(sentence, spans)
        ),
    )


def _cut(sentence: Provision, spans: list[tuple[int, int]]) -> Iterator[tuple[int, str, bool]]:
    """Cut a sentence at the ends of the spans that lie in it."""
    inside = [span for span in spans if sentence.start <= span[0] < sentence.end]
    edges = {sentence.start, sentence.end, *(edge for span in inside for edge in span)}
    for start, end in pairwise(sorted(edges)):
        text = sentence.text[start - sentence.start : end - sentence.start]
        yield start, text, any(first <= start < last for first, last in inside)

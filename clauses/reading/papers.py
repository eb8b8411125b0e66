"""Several papers in one file: the notice, the plan, its annexes.  Which of them is the plan?

A new paper begins where the top numbering restarts *and* something says that the one before has
ended: a date on its own line, 附件, a title, or the head of a table.  A restart without such a
sign is the same paper counting again.  The plan is the earliest paper that is not much shorter
than the longest one, or that has a plan's title and an annex behind it, however long the annex; a
list of headings without sentences is a table of contents and no paper.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from clauses.reading.folding import Folded
from clauses.reading.lines import is_annex, is_annex_head, is_date, is_title
from clauses.reading.markers import Family
from clauses.reading.outline import Node, Run

_FAIR_SHARE = 0.35
_COVER = re.compile("[印转]发|(?:通知|函|批复|通告|公告|报告|通报|决议|决定)$")


@dataclass(frozen=True)
class Paper:
    """The top-level parts of one paper, and where the paper before it ended."""

    roots: tuple[Node, ...]
    region_start: int
    end: int

    @property
    def start(self) -> int:
        return self.roots[0].start

    def nodes(self) -> list[Node]:
        return [node for root in self.roots for node in root.walk()]


def choose_paper(folded: Folded, runs: Sequence[Run]) -> Paper | None:
    """Return the plan among the papers of the text; None when nothing is numbered."""
    papers = _papers(folded, _without_contents(folded, runs))
    if not papers:
        return None
    longest = max(_weight(folded, paper) for paper in papers)
    for index, paper in enumerate(papers):
        if _is_titled_plan(folded, paper) and _begins_annex(folded, papers[index + 1 :]):
            return paper
        share = 0.5 if index + 1 < len(papers) and _is_notice(folded, paper) else _FAIR_SHARE
        if _weight(folded, paper) >= share * longest:
            return paper
    return papers[-1]


def _without_contents(folded: Folded, runs: Sequence[Run]) -> list[Run]:
    kept = [
        run
        for run in runs
        if any(
            "。" in folded.text[node.start : node.end]
            or any(part.family is Family.ROW for part in node.walk())
            for node in run
        )
    ]
    return kept or list(runs)


def _papers(folded: Folded, runs: Sequence[Run]) -> list[Paper]:
    groups: list[list[Run]] = []
    starts: list[int] = []
    for run in runs:
        broken = _break_before(folded, groups[-1][-1][-1], run[0]) if groups else 0
        if not groups or broken is not None or _changes_kind(groups[-1][-1], run):
            starts.append(
                broken if groups and broken is not None else run[0].start if groups else 0
            )
            groups.append([])
        groups[-1].append(run)
    papers = []
    for index, group in enumerate(groups):
        end = starts[index + 1] if index + 1 < len(groups) else len(folded.text)
        papers.append(_paper(group, starts[index], end))
    return papers


def _paper(group: list[Run], region_start: int, end: int) -> Paper:
    top = min(run[0].family for run in group)
    roots = tuple(node for run in group for node in run if run[0].family == top)
    for root in roots:
        for node in root.walk():
            node.end = min(node.end, end)
    return Paper(roots, region_start, end)


def _changes_kind(before: Run, run: Run) -> bool:
    return (before[0].family is Family.ROW) != (run[0].family is Family.ROW)


def _break_before(folded: Folded, before: Node, node: Node) -> int | None:
    """Return where the next paper begins between the two parts; None when it is the same one."""
    last = max(before.walk(), key=lambda item: item.start)
    first = folded.paragraph_at(last.start) + 1
    for paragraph in folded.paragraphs[first : folded.paragraph_at(node.start)]:
        line = folded.text[paragraph.start : paragraph.end]
        if is_date(line) or is_annex(line) or is_title(line) or _is_table_head(line):
            return paragraph.start
    return None


def _is_table_head(line: str) -> bool:
    return line.count("\t") >= 2


def _is_notice(folded: Folded, paper: Paper) -> bool:
    titles = [line for line in _head(folded, paper) if is_title(line)]
    return bool(titles) and titles[-1].endswith("通知")


def _is_titled_plan(folded: Folded, paper: Paper) -> bool:
    """Say whether the paper bears the title of a plan, not that of a notice that sends one."""
    named = [line for line in _head(folded, paper) if "。" not in line]
    covered = any(_COVER.search(line) for line in named)
    return len(paper.roots) > 1 and not covered and any(is_title(line) for line in named)


def _begins_annex(folded: Folded, papers: Sequence[Paper]) -> bool:
    return bool(papers) and any(is_annex_head(line) for line in _head(folded, papers[0]))


def _head(folded: Folded, paper: Paper) -> list[str]:
    first = folded.paragraph_at(paper.region_start)
    region = folded.paragraphs[first : folded.paragraph_at(paper.start) + 1]
    return [folded.text[p.start : p.end] for p in region]


def _weight(folded: Folded, paper: Paper) -> int:
    """Count the characters of the parts; a table counts little, it mostly repeats the prose."""
    length = sum(root.end - root.start for root in paper.roots)
    return length // 10 if paper.roots[0].family is Family.ROW else length

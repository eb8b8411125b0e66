"""Which level is "the clause", and which is only a heading or only an item.

Nothing in the numbering says it, so the evidence decides.  A part that has parts below it is a
*group* when it says nothing itself ("（一）统筹两个市场。" above 1.–5.).  Parts below a part that
speaks are *items* of it when they are introduced by a colon, end with semicolons, or have no titles
of their own.  The clause is the level that carries most of the text and most of the parts;
numbering that runs straight on through the groups above it is strong evidence, and 第…条 stronger.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clauses.reading.folding import Folded
from clauses.reading.markers import PARAGRAPH, Family
from clauses.reading.notes import first_stop, is_note_line
from clauses.reading.outline import Node
from clauses.reading.topics import asks_nothing

_LONGEST_TITLE = 48
_LONGEST_COLON_TITLE = 20
_SHORT_ITEM = 40
_DEEPEST_PART = 10  # levels below a part at which parts in their own right still stand
_TITLE_STOP = re.compile(r"[。:\n\t]| {2,}| (?=[\u4e00-\u9fff])")
# 活动主题 人人讲安全。, 总体目标全区燃气事故零发生。: a heading that runs on into its text, told by
# a blank or by the usual words.
_RUNNING_HEADING = re.compile(
    r"[\u4e00-\u9fff]{4,12}(?= [^。: ]{6,})|"
    r"(?:总体|工作|主要|重点|整治|治理|排查|检查|基本|指导|行动|实施|组织|时间|保障|适用)"
    r"(?:目标任务|目标|要求|思想|原则|任务|措施|内容|安排|步骤|保障|思路|时间|范围|对象)"
    r"(?![和及与、的是为])(?=[^。:]{6,})"
)
# 动员部署阶段(3月1日前)各村要…: the bracket ends the title where no stop does.
_PHASE_TITLE = re.compile(r"[^,。:;\n(]{2,12}阶段 ?\([^()\n]{2,30}\)(?![。:,;\s]|$)")
_HEADING_STOP = re.compile("[。:\t]")
_BRACKETED_TITLE = re.compile(r"【([^【】\n]{2,40})】|〔([^〔〕\n]{2,30})〕")


@dataclass(frozen=True)
class Title:
    """A part's own title and where its text begins; an empty title has no width."""

    start: int
    end: int
    body: int

    @property
    def is_empty(self) -> bool:
        return self.start == self.end


def clause_family(folded: Folded, roots: Sequence[Node]) -> Family:
    """Return the family whose parts are the clauses."""
    levels: dict[Family, list[Node]] = defaultdict(list)
    for root in roots:
        for node in root.walk():
            levels[node.family].append(node)
    total = sum(root.end - root.start for root in roots) or 1
    articles = levels.get(Family.ARTICLE, [])
    if len(articles) >= 2 and sum(n.end - n.start for n in articles) >= 0.4 * total:
        return Family.ARTICLE
    carried = _carried(folded, roots)
    count = sum(len(found) for found in carried.values()) or 1

    def evidence(family: Family) -> tuple[float, int]:
        found = carried[family]
        share = sum(found) / total + 0.5 * len(found) / count
        return share + (0.5 if _runs_straight(levels[family]) else 0.0), -int(family)

    return max(levels, key=evidence)


def heading_of(folded: Folded, node: Node) -> Title:
    """Return the heading of a part above the clauses: its first line, or what stands before a stop.

    Where a text has no line ends a heading in the usual words, 总体目标, is told from what follows;
    any other cannot be and is then empty.
    """
    start = node.marker.end
    line_end = folded.text.find("\n", start, node.own_end)
    line_end = node.own_end if line_end < 0 else line_end
    stop, _ = first_stop(folded.text, start, min(line_end, start + 80), _HEADING_STOP)
    if stop >= 0 and folded.text[stop] not in "。:":
        return Title(start, stop, stop)
    if stop >= 0:
        stock = _RUNNING_HEADING.match(folded.text, start, stop)
        if stock and folded.text[stop] == "。":
            return Title(start, stock.end(), stock.end())
        return Title(start, stop, stop + 1)
    if line_end - start <= 80:
        return Title(start, line_end, line_end)
    return Title(start, start, start)


def title_of(folded: Folded, node: Node, *, titled: bool) -> Title:
    """Return the title of ``node``; on a level without titles only marked ones count."""
    start = node.marker.end
    if node.family is Family.ROW:
        cell = folded.text.find("\t", start, node.own_end)
        return Title(start, max(cell, start), start)
    bracketed = _BRACKETED_TITLE.match(folded.text, start, node.own_end)
    if bracketed:
        return Title(bracketed.start() + 1, bracketed.end() - 1, bracketed.end())
    found = _title_candidate(folded, node)
    if found is None:
        return Title(start, start, start)
    on_its_line = folded.text[found.end : found.end + 1] == "\n"
    return found if titled or on_its_line else Title(start, start, start)


def clause_nodes(folded: Folded, nodes: Sequence[Node], family: Family) -> list[Node]:
    """Return the clauses: the parts of the family, and groups that speak for themselves.

    Where 三、组织保障 holds （一） and （二） without the 1. 2. 3. that are the clauses elsewhere,
    they are clauses as well, and so are 1. and 2. of a heading without the （一） of the others;
    not so under headings that ask nothing of anybody (基本原则).
    """
    found = []
    for node in nodes:
        parents = node.parents()
        if any(parent.family is family for parent in parents):
            continue
        if (
            node.family is family
            or _speaks_alone(folded, node, parents, family)
            or _stands_in(folded, node, family)
        ):
            found.append(node)
    return found


def _stands_in(folded: Folded, node: Node, family: Family) -> bool:
    """Say whether the part is of a deeper level and its heading has none of the clauses' level."""
    heading = node.parent
    if heading is None or not _stands_clear(node) or node.family is Family.ROW:
        return False
    if not heading.family < family < node.family or asks_nothing(_first_words(folded, heading)):
        return False
    has_clauses = any(part.family is family for part in heading.walk())
    return not has_clauses and not has_items(folded, heading)


def _speaks_alone(folded: Folded, node: Node, parents: Sequence[Node], family: Family) -> bool:
    if not parents or node.family > family or not _stands_clear(node):
        return False
    if any(part.family is family for part in node.walk()) or node.children:
        return False
    above = [*parents, node]
    return not any(asks_nothing(_first_words(folded, part)) for part in above)


def _stands_clear(node: Node) -> bool:
    """Say whether the part begins a paragraph, or stands in a text whose headings begin none."""
    heading = node.parent
    unbroken = heading is not None and heading.marker.strength < PARAGRAPH
    return node.marker.strength == PARAGRAPH or unbroken


def _first_words(folded: Folded, node: Node) -> str:
    heading = heading_of(folded, node)
    return folded.text[heading.start : min(heading.end, heading.start + _LONGEST_TITLE)]


def titled_families(folded: Folded, clauses: Sequence[Node]) -> set[Family]:
    """Return the families of clauses that have titles."""
    families = {node.family for node in clauses}
    return {f for f in families if is_titled(folded, [n for n in clauses if n.family is f])}


def is_titled(folded: Folded, nodes: Iterable[Node]) -> bool:
    """Say whether a level has titles: most of its parts begin with a short phrase and go on."""
    nodes = list(nodes)
    found = sum(_title_candidate(folded, node) is not None for node in nodes)
    return found >= 0.6 * len(nodes)


def is_group(folded: Folded, node: Node) -> bool:
    """Say whether the part only heads the parts below it."""
    if not node.children:
        return False
    own = folded.text[node.marker.end : node.own_end].strip()
    title = _title_candidate(folded, node)
    rest = folded.text[title.body : node.own_end].strip() if title else own
    if title is not None or len(own) <= _LONGEST_TITLE:
        return len(rest) <= 4 or is_note_line(rest) or (title is None and "。" not in own[:-1])
    return False


def has_items(folded: Folded, node: Node) -> bool:
    """Say whether the parts below are items of this part, not parts in their own right."""
    if not node.children or node.children[0].family > node.family + _DEEPEST_PART:
        return False
    texts = [folded.text[child.start : child.end].strip() for child in node.children]
    semicolons = sum(text.endswith(";") for text in texts[:-1])
    if len(texts) > 1 and semicolons * 2 >= len(texts) - 1:
        return True
    if is_group(folded, node):
        return False
    own = folded.text[node.marker.end : node.own_end].strip()
    lead_in = own.endswith(":") and not _is_heading_level(node)
    brief = sum(len(text) <= _SHORT_ITEM for text in texts) * 2 > len(texts)
    return lead_in or brief or not is_titled(folded, node.children)


def _is_heading_level(node: Node) -> bool:
    return node.family <= Family.CHINESE and node.children[0].family <= Family.NAMED


def _title_candidate(folded: Folded, node: Node) -> Title | None:
    """Return the short first phrase of the part when something of the part follows it."""
    start, own_end = node.marker.end, node.own_end
    limit = min(own_end, start + _LONGEST_TITLE + 1)
    stop, body = first_stop(folded.text, start, limit, _TITLE_STOP)
    phase = _PHASE_TITLE.match(folded.text, start, limit)
    if phase:
        stop = body = phase.end()
    mark = folded.text[stop:body] if stop >= 0 else ""
    if stop < 0 and own_end <= limit:
        stop = body = own_end
    if stop - start < 2 or (stop == own_end and not node.children):
        return None
    phrase = folded.text[start:stop]
    if mark == ":" and (len(phrase) > _LONGEST_COLON_TITLE or "," in phrase):
        return None
    if mark.startswith(" ") and (not 4 <= len(phrase) <= 20 or "," in phrase):
        return None
    after = folded.text[body : min(own_end, body + 400)].strip()
    if not node.children and all(is_note_line(line) for line in after.split("\n") if line):
        return None
    return Title(start, stop, body)


def _carried(folded: Folded, roots: Sequence[Node]) -> dict[Family, list[int]]:
    """Return, by family, how much text each part carries that could be a clause."""
    carried: dict[Family, list[int]] = defaultdict(list)
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if not node.children or has_items(folded, node):
            carried[node.family].append(node.end - node.start)
            continue
        waiting.extend(node.children)
        if not is_group(folded, node):
            carried[node.family].append(node.own_end - node.start)
    return carried


def _runs_straight(level: Sequence[Node]) -> bool:
    """Say whether the numbers run on through at least two parents without restarting."""
    numbers = [node.marker.number for node in level if not node.marker.inserted]
    parents = {node.parent for node in level}
    return len(parents) > 1 and len(numbers) >= 4 and numbers == list(range(1, len(numbers) + 1))

"""Lists that a sentence leads in: what 企业应当: or 2025年底前完成: says is said of each item.

Without a colon only who acts and a date go down to the items, as from a heading.  Nothing does
where the sentence only counts things up, 预案包括下列内容: or 有下列情形之一的,由县局处罚:.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from clauses.reading.document import ProposedObligation

_WORK = "工作|任务|措施|职责|义务|责任|行动|规定|要求|制度|重点|事项|活动|整治|检查|排查|治理"
_THINGS = re.compile(
    rf"(?:下列|以下|如下)(?![^,。:]{{0,12}}(?:{_WORK}))|之一|(?<!职责)(?<!职责主要)(?:包括|包含)|组成|分为"
    r"|(?<!职责)(?:[为有是]|如下):$"
)


class LeadIns:
    """The lead-ins whose lists are still open, the innermost last."""

    def __init__(self, lists: Mapping[int, int]) -> None:
        self._lists = lists
        self._open: list[tuple[int, ProposedObligation]] = []

    def open(self, text: str, said: ProposedObligation, first_item: int) -> None:
        """Let what the sentence said hold for the list that begins at ``first_item``."""
        if not text.endswith(":"):
            words = said.deadline_text if said.deadline else ""
            said = replace(said, deadline_text=words, within="", frequency=None, frequency_text="")
        if not _THINGS.search(text):
            self._open.append((self._lists[first_item], self.led(said, first_item)))

    def led(self, proposal: ProposedObligation, start: int) -> ProposedObligation:
        """Return the proposal at ``start`` with what its lead-in says and it does not."""
        while self._open and self._open[-1][0] <= start:
            self._open.pop()
        if not self._open:
            return proposal
        lead = self._open[-1][1]
        if not proposal.bearers:
            proposal = replace(proposal, bearers=lead.bearers, leads=lead.leads)
        if proposal.deadline_text or proposal.frequency_text:
            return proposal
        return replace(
            proposal,
            deadline=lead.deadline,
            deadline_text=lead.deadline_text,
            within=lead.within,
            frequency=lead.frequency,
            frequency_text=lead.frequency_text,
            times=lead.times,
        )

"""Refusals of the ledger."""

from collections.abc import Sequence

from common.errors import DomainError


class NoBasis(DomainError):
    """A deadline rests on nothing: it was moved without saying who decided so, or is not stated
    by the text that is called its basis."""


class NeedsProof(DomainError):
    """A task is to be closed without a document number or a file."""

    def __init__(self) -> None:
        super().__init__("申请办结要有佐证，填写文号或上传材料，有一样就行。")


class NotReadyForDispatch(DomainError):
    """Dispatch is refused; ``problems`` names every sentence and row that stands in the way."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__(f"还不能下发：{'；'.join(self.problems)}。")

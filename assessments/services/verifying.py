"""Prove published results: read their facts from the history again and compute them again."""

from collections.abc import Iterator
from dataclasses import dataclass

from assessments.enums import AssessmentState
from assessments.models import Computation
from assessments.rules.canonical import fingerprint
from assessments.services.computing import recompute, reread


@dataclass(frozen=True)
class Verdict:
    """What came of one computation."""

    name: str
    facts_agree: bool
    result_agrees: bool

    @property
    def is_right(self) -> bool:
        return self.facts_agree and self.result_agrees

    @property
    def words(self) -> str:
        facts = "一致" if self.facts_agree else "不一致"
        result = "一致" if self.result_agrees else "不一致"
        return f"{self.name}：从留痕重读的事实{facts}，重算的结果{result}"


def verify_assessments(period: str = "") -> Iterator[Verdict]:
    """Yield a verdict for every computation of the published assessments, oldest first."""
    found = Computation.objects.filter(assessment__state=AssessmentState.PUBLISHED)
    if period:
        found = found.filter(assessment__period=period)
    for computation in found.select_related("assessment").order_by("assessment__period", "number"):
        yield Verdict(
            name=str(computation),
            facts_agree=fingerprint(reread(computation)) == computation.snapshot_sha256,
            result_agrees=recompute(computation) == computation.result_sha256,
        )

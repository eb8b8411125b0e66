"""Models of the ledger."""

from responsibilities.models.chase import Chase
from responsibilities.models.coordination import Coordination
from responsibilities.models.draft import ReportDraft
from responsibilities.models.event import Event
from responsibilities.models.evidence import Evidence, ReportEvidence
from responsibilities.models.milestone import Milestone, MilestoneTick
from responsibilities.models.obligation import Assignment, Obligation, ObligationSource
from responsibilities.models.progress import Extension, ProgressReport, Review
from responsibilities.models.remark import Remark
from responsibilities.models.signing import ReportingRule
from responsibilities.models.task import Task, TaskQuerySet
from responsibilities.models.view import SavedView

__all__ = [
    "Assignment",
    "Chase",
    "Coordination",
    "Event",
    "Evidence",
    "Extension",
    "Milestone",
    "MilestoneTick",
    "Obligation",
    "ObligationSource",
    "ProgressReport",
    "Remark",
    "ReportDraft",
    "ReportEvidence",
    "ReportingRule",
    "Review",
    "SavedView",
    "Task",
    "TaskQuerySet",
]

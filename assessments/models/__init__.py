"""Models of the assessment."""

from assessments.models.assessment import Assessment, Computation, ScoreLine, UnitScore
from assessments.models.fact import EnteredFact, VetoDecision
from assessments.models.objection import Objection, SelfScore
from assessments.models.scheme import Indicator, Scheme

__all__ = [
    "Assessment",
    "Computation",
    "EnteredFact",
    "Indicator",
    "Objection",
    "Scheme",
    "ScoreLine",
    "SelfScore",
    "UnitScore",
    "VetoDecision",
]

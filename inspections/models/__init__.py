"""Models of inspections and hazards."""

from inspections.models.inspection import Finding, Inspection

__all__ = ["Finding", "Inspection"]

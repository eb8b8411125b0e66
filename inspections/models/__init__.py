"""Models of inspections and hazards."""

from inspections.models.hazard import Hazard, HazardStamp
from inspections.models.inspection import Finding, Inspection, Photo

__all__ = ["Finding", "Hazard", "HazardStamp", "Inspection", "Photo"]

"""Addresses of the quarterly inspections and the hazards."""

from inspections.urls import hazard, inspection

app_name = "inspections"
urlpatterns = inspection.urlpatterns + hazard.urlpatterns

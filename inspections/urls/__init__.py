"""Addresses of the quarterly inspections and the hazards."""

from inspections.urls import inspection

app_name = "inspections"
urlpatterns = inspection.urlpatterns

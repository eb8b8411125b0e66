"""Addresses of the hazards."""

from django.urls import URLPattern, path

from inspections.views import hazards

urlpatterns: list[URLPattern] = [
    path("hazards/", hazards.hazard_list, name="hazard_list"),
    path("hazards/new/", hazards.hazard_create, name="hazard_create"),
    path("hazards/<int:pk>/", hazards.hazard_detail, name="hazard_detail"),
    path("hazards/<int:pk>/<slug:act>/", hazards.hazard_act, name="hazard_act"),
]

"""Addresses of the hazards."""

from django.urls import URLPattern, path

from inspections.views import excel, hazards

urlpatterns: list[URLPattern] = [
    path("hazards/", hazards.hazard_list, name="hazard_list"),
    path("hazards/export/", excel.hazard_export, name="hazard_export"),
    path("hazards/import/", excel.hazard_import, name="hazard_import"),
    path("hazards/import/<str:token>/", excel.hazard_import_confirm, name="hazard_import_confirm"),
    path("hazards/new/", hazards.hazard_create, name="hazard_create"),
    path("hazards/<int:pk>/", hazards.hazard_detail, name="hazard_detail"),
    path("hazards/<int:pk>/<slug:act>/", hazards.hazard_act, name="hazard_act"),
]

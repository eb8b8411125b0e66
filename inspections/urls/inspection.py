"""Addresses of the quarterly inspections."""

from django.urls import URLPattern, path

from inspections.views import checklists, confirming, matrix, photos, recording

urlpatterns: list[URLPattern] = [
    path("inspections/", matrix.inspection_matrix, name="inspection_matrix"),
    path("inspections/records/", matrix.inspection_list, name="inspection_list"),
    path("inspections/checklists/", checklists.checklist_list, name="checklist_list"),
    path("inspections/checklists/<slug:name>/", checklists.checklist_print, name="checklist_print"),
    path("inspections/new/", recording.inspection_create, name="inspection_create"),
    path("inspections/<int:pk>/", recording.inspection_detail, name="inspection_detail"),
    path("inspections/<int:pk>/edit/", recording.inspection_edit, name="inspection_edit"),
    path("inspections/<int:pk>/photos/", photos.inspection_photos, name="inspection_photos"),
    path("inspections/<int:pk>/submit/", recording.inspection_submit, name="inspection_submit"),
    path("inspections/<int:pk>/void/", recording.inspection_void, name="inspection_void"),
    path("inspections/<int:pk>/confirm/", confirming.inspection_confirm, name="inspection_confirm"),
    path("inspections/<int:pk>/decline/", confirming.inspection_decline, name="inspection_decline"),
    path("inspections/<int:pk>/receipt/", confirming.inspection_receipt, name="inspection_receipt"),
]

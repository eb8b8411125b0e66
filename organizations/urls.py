"""Addresses of units and people."""

from django.urls import path

from organizations.views import units

app_name = "organizations"
urlpatterns = [
    path("units/", units.unit_list, name="unit_list"),
    path("units/<slug:code>/", units.unit_detail, name="unit_detail"),
]

"""Addresses of one row of the ledger."""

from django.urls import URLPattern, path

from responsibilities.views import obligation

urlpatterns: list[URLPattern] = [
    path("tasks/<str:code>/", obligation.obligation_short, name="obligation_short"),
    path("tasks/<slug:plan>/<str:code>/", obligation.obligation_detail, name="obligation_detail"),
]

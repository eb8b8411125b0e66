"""Addresses of the ledger and its saved views."""

from django.urls import URLPattern, path

from responsibilities.views import ledger

urlpatterns: list[URLPattern] = [
    path("tasks/", ledger.obligation_list, name="obligation_list"),
]

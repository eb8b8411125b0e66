"""Addresses of the ledger and its saved views."""

from django.urls import URLPattern, path

from responsibilities.views import ledger, rows

urlpatterns: list[URLPattern] = [
    path("tasks/", ledger.obligation_list, name="obligation_list"),
    path("tasks/bulk/", rows.obligation_bulk, name="obligation_bulk"),
    path("tasks/<slug:plan>/<str:code>/row/", rows.obligation_row, name="obligation_row"),
    path("views/", ledger.saved_view_create, name="saved_view_create"),
    path("views/<int:pk>/delete/", ledger.saved_view_delete, name="saved_view_delete"),
]

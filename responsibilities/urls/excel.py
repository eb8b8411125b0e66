"""Addresses of the ledger as a spreadsheet."""

from django.urls import URLPattern, path

from responsibilities.views import excel

urlpatterns: list[URLPattern] = [
    path("tasks/export/", excel.obligation_export, name="obligation_export"),
    path("tasks/import/", excel.obligation_import, name="obligation_import"),
    path(
        "tasks/import/<str:token>/",
        excel.obligation_import_preview,
        name="obligation_import_preview",
    ),
    path(
        "tasks/import/<str:token>/confirm/",
        excel.obligation_import_confirm,
        name="obligation_import_confirm",
    ),
]

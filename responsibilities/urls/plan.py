"""Addresses of the work on a plan: breaking down, dispatch, corrections, import.

The plan page itself is at the root, after these: a plan's code could not be told from ``import``.
"""

from django.urls import URLPattern, path

from responsibilities.views import breakdown, dispatching, errata, importing, thresholds

SENTENCE = "plan/<slug:plan>/sentences/<str:code>/"

urlpatterns: list[URLPattern] = [
    path("plan/import/", importing.plan_import, name="plan_import"),
    path("plan/import/confirm/", importing.plan_import_confirm, name="plan_import_confirm"),
    path("plan/<slug:plan>/breakdown/", breakdown.plan_breakdown, name="plan_breakdown"),
    path(SENTENCE, breakdown.provision_detail, name="provision_detail"),
    path(f"{SENTENCE}make/", breakdown.provision_make, name="provision_make"),
    path(f"{SENTENCE}join/", breakdown.provision_join, name="provision_join"),
    path(f"{SENTENCE}leave/", breakdown.provision_leave, name="provision_leave"),
    path(f"{SENTENCE}decline/", breakdown.provision_decline, name="provision_decline"),
    path(f"{SENTENCE}reopen/", breakdown.provision_reopen, name="provision_reopen"),
    path("plan/<slug:plan>/dispatch/", dispatching.plan_dispatch, name="plan_dispatch"),
    path("plan/<slug:plan>/thresholds/", thresholds.plan_thresholds, name="plan_thresholds"),
    path("plan/<slug:plan>/errata/", errata.plan_errata, name="plan_errata"),
    path("plan/<slug:plan>/errata/add/", errata.erratum_add, name="erratum_add"),
    path("plan/<slug:plan>/errata/<int:pk>/", errata.erratum_edit, name="erratum_edit"),
]

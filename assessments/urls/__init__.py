"""Addresses of the assessment."""

from django.urls import path

from assessments.views import assessments, facts, objections, schemes, scorecards

app_name = "assessments"
urlpatterns = [
    path("scores/", assessments.assessment_list, name="assessment_list"),
    path("scores/compute/", assessments.assessment_compute, name="assessment_compute"),
    path("scores/facts/", facts.fact_list, name="fact_list"),
    path("scores/facts/new/", facts.fact_create, name="fact_create"),
    path("scores/facts/<int:pk>/", facts.fact_detail, name="fact_detail"),
    path("scores/facts/<int:pk>/void/", facts.fact_void, name="fact_void"),
    path("scores/vetoes/new/", facts.veto_create, name="veto_create"),
    path("scores/vetoes/<int:pk>/", facts.veto_detail, name="veto_detail"),
    path("scores/vetoes/<int:pk>/void/", facts.veto_void, name="veto_void"),
    path("scores/schemes/", schemes.scheme_list, name="scheme_list"),
    path("scores/schemes/<int:pk>/", schemes.scheme_detail, name="scheme_detail"),
    path("scores/schemes/<int:pk>/copy/", schemes.scheme_copy, name="scheme_copy"),
    path("scores/schemes/<int:pk>/edit/", schemes.scheme_edit, name="scheme_edit"),
    path("scores/schemes/<int:pk>/what-if/", schemes.scheme_what_if, name="scheme_what_if"),
    path("scores/schemes/<int:pk>/enforce/", schemes.scheme_enforce, name="scheme_enforce"),
    path("scores/objections/", objections.objection_list, name="objection_list"),
    path("scores/objections/<int:pk>/", objections.objection_detail, name="objection_detail"),
    path("scores/lines/<int:pk>/objection/", objections.objection_create, name="objection_create"),
    path("scores/<str:period>/", assessments.assessment_detail, name="assessment_detail"),
    path("scores/<str:period>/again/", assessments.assessment_again, name="assessment_again"),
    path("scores/<str:period>/step/", assessments.assessment_step, name="assessment_step"),
    path("scores/<str:period>/export/", assessments.assessment_export, name="assessment_export"),
    path("scores/<str:period>/correct/", assessments.assessment_correct, name="assessment_correct"),
    path("scores/<str:period>/units/<slug:code>/", scorecards.scorecard, name="scorecard"),
    path("scores/<str:period>/units/<slug:code>/self/", objections.self_score, name="self_score"),
]

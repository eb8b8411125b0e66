"""Addresses of the assessment."""

from django.urls import path

from assessments.views import assessments, scorecards

app_name = "assessments"
urlpatterns = [
    path("scores/", assessments.assessment_list, name="assessment_list"),
    path("scores/compute/", assessments.assessment_compute, name="assessment_compute"),
    path("scores/<str:period>/", assessments.assessment_detail, name="assessment_detail"),
    path("scores/<str:period>/again/", assessments.assessment_again, name="assessment_again"),
    path("scores/<str:period>/step/", assessments.assessment_step, name="assessment_step"),
    path("scores/<str:period>/units/<slug:code>/", scorecards.scorecard, name="scorecard"),
]

"""Addresses of chasing."""

from django.urls import URLPattern, path

from responsibilities.views import chase

urlpatterns: list[URLPattern] = [
    path("chase/", chase.chase, name="chase"),
    path("chase/<slug:batch>/", chase.chase_batch, name="chase_batch"),
    path("chase/<slug:batch>/undo/", chase.chase_undo, name="chase_undo"),
]

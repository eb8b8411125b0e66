"""Addresses of events."""

from django.urls import URLPattern, path

from responsibilities.views import event

urlpatterns: list[URLPattern] = [
    path("events/", event.event_list, name="event_list"),
    path("events/add/", event.event_add, name="event_add"),
    path("events/<int:pk>/", event.event_detail, name="event_detail"),
    path("events/<int:pk>/tasks/", event.event_tasks, name="event_tasks"),
    path("events/<int:pk>/void/", event.event_void, name="event_void"),
]

"""Addresses of the work on a plan: breaking down and dispatch. The plan page itself is at the root."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

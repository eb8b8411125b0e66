"""Addresses of the platform."""

from django.urls import path

urlpatterns: list[path] = []

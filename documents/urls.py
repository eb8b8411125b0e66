"""Addresses of documents."""

from django.urls import URLPattern, path

from documents.views import verifying

app_name = "documents"
urlpatterns: list[URLPattern] = [
    path("verify/", verifying.verify_home, name="verify_home"),
    path("verify/<slug:code>", verifying.verify, name="verify"),
]

"""Addresses of the reminders."""

from django.urls import path

from notices.views import own

app_name = "notices"
urlpatterns = [
    path("notices/", own.notice_list, name="notice_list"),
    path("notices/read/", own.notice_read_all, name="notice_read_all"),
    path("notices/<int:pk>/open/", own.notice_open, name="notice_open"),
    path("notices/<int:pk>/acknowledge/", own.notice_acknowledge, name="notice_acknowledge"),
]

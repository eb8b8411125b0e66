"""Addresses of the reminders."""

from django.urls import path

from notices.views import office, own

app_name = "notices"
urlpatterns = [
    path("notices/", own.notice_list, name="notice_list"),
    path("notices/desk/", office.reminder_desk, name="reminder_desk"),
    path("notices/desk/preview/", office.reminder_preview, name="reminder_preview"),
    path("notices/desk/limits/", office.limits_edit, name="limits_edit"),
    path("notices/desk/held/", office.held_decide, name="held_decide"),
    path("notices/desk/clock/", office.clock_confirm, name="clock_confirm"),
    path("notices/desk/schedule/<slug:kind>/", office.schedule_edit, name="schedule_edit"),
    path("notices/read/", own.notice_read_all, name="notice_read_all"),
    path("notices/<int:pk>/open/", own.notice_open, name="notice_open"),
    path("notices/<int:pk>/acknowledge/", own.notice_acknowledge, name="notice_acknowledge"),
]

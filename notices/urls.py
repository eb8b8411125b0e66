"""Addresses of the reminders."""

from django.urls import path

from notices.views import office, own, reach, records

app_name = "notices"
urlpatterns = [
    path("notices/", own.notice_list, name="notice_list"),
    path("notices/desk/", office.reminder_desk, name="reminder_desk"),
    path("notices/desk/preview/", office.reminder_preview, name="reminder_preview"),
    path("notices/desk/limits/", office.limits_edit, name="limits_edit"),
    path("notices/desk/held/", office.held_decide, name="held_decide"),
    path("notices/desk/clock/", office.clock_confirm, name="clock_confirm"),
    path("notices/desk/schedule/<slug:kind>/", office.schedule_edit, name="schedule_edit"),
    path("notices/desk/deliveries/", records.delivery_list, name="delivery_list"),
    path("notices/desk/deliveries/<int:pk>/", records.delivery_resend, name="delivery_resend"),
    path("notices/units/<slug:code>/", records.unit_proof, name="unit_proof"),
    path("notices/reach/", reach.reach_edit, name="reach_edit"),
    path("notices/reach/feed/", reach.feed_make, name="feed_make"),
    path("notices/reach/feed/revoke/", reach.feed_revoke, name="feed_revoke"),
    path("calendar/<str:token>.ics", reach.calendar_feed, name="calendar_feed"),
    path("notices/read/", own.notice_read_all, name="notice_read_all"),
    path("notices/<int:pk>/open/", own.notice_open, name="notice_open"),
    path("notices/<int:pk>/acknowledge/", own.notice_acknowledge, name="notice_acknowledge"),
]

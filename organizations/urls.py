"""Addresses of units, phrases, posts and people."""

from django.urls import path

from organizations.views import aliases, people, posts, units

app_name = "organizations"
urlpatterns = [
    path("units/", units.unit_list, name="unit_list"),
    path("units/new/", units.unit_create, name="unit_create"),
    path("units/phrases/", aliases.alias_list, name="alias_list"),
    path("units/phrases/new/", aliases.alias_create, name="alias_create"),
    path("units/phrases/<int:pk>/", aliases.alias_detail, name="alias_detail"),
    path("units/phrases/<int:pk>/edit/", aliases.alias_edit, name="alias_edit"),
    path("units/phrases/<int:pk>/members/", aliases.alias_member_add, name="alias_member_add"),
    path("units/phrases/members/<int:pk>/", aliases.alias_member_edit, name="alias_member_edit"),
    path("units/<slug:code>/", units.unit_detail, name="unit_detail"),
    path("units/<slug:code>/edit/", units.unit_edit, name="unit_edit"),
    path("units/<slug:code>/validity/", units.unit_validity, name="unit_validity"),
    path("units/<slug:code>/posts/", posts.post_add, name="post_add"),
    path("posts/<int:pk>/edit/", posts.post_edit, name="post_edit"),
    path("posts/<int:pk>/appoint/", posts.appointment_add, name="appointment_add"),
    path("appointments/<int:pk>/end/", posts.appointment_end, name="appointment_end"),
    path(
        "appointments/<int:pk>/hand-over/",
        posts.appointment_hand_over,
        name="appointment_hand_over",
    ),
    path("people/", people.person_list, name="person_list"),
    path("people/new/", people.person_create, name="person_create"),
    path("people/<int:pk>/", people.person_detail, name="person_detail"),
    path("people/<int:pk>/edit/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/password/", people.person_password, name="person_password"),
    path("people/<int:pk>/deactivate/", people.person_deactivate, name="person_deactivate"),
    path("people/<int:pk>/reactivate/", people.person_reactivate, name="person_reactivate"),
]

"""Addresses of the platform."""

from django.contrib.auth import views as auth
from django.urls import include, path

from qinnan_safety.accounts import password_change, sign_in
from qinnan_safety.health import healthz, readyz
from qinnan_safety.home import district_overview, home
from qinnan_safety.searching import search
from responsibilities.views.plan import plan_current, plan_detail

urlpatterns = [
    path("", home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("overview/", district_overview, name="overview"),
    path("login/", sign_in, name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", password_change, name="password_change"),
    path("password/done/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("search/", search, name="search"),
    path("", include("notices.urls")),
    path("", include("qinnan_safety.publication.urls")),
    path("plan/", plan_current, name="plan_current"),
    path("", include("inspections.urls")),
    path("", include("responsibilities.urls")),
    path("plan/<slug:plan>/", plan_detail, name="plan_detail"),
    path("", include("assessments.urls")),
    path("", include("documents.urls")),
    path("", include("organizations.urls")),
]

handler400 = "qinnan_safety.errors.bad_request"
handler403 = "qinnan_safety.errors.permission_denied"
handler404 = "qinnan_safety.errors.page_not_found"
handler500 = "qinnan_safety.errors.server_error"

"""Addresses of the plan page, the ledger and its rows."""

from responsibilities.urls import ledger, obligation, plan

app_name = "responsibilities"
urlpatterns = plan.urlpatterns + ledger.urlpatterns + obligation.urlpatterns

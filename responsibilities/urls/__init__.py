"""Addresses of the plan page, the ledger and its rows."""

from responsibilities.urls import chase, event, excel, ledger, obligation, plan, progress

app_name = "responsibilities"
urlpatterns = (
    plan.urlpatterns
    + progress.urlpatterns
    + chase.urlpatterns
    + event.urlpatterns
    + excel.urlpatterns
    + ledger.urlpatterns
    + obligation.urlpatterns
)

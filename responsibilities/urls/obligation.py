"""Addresses of one row of the ledger, its forms and its history; the past of ledger and clauses."""

from django.urls import URLPattern, path

from responsibilities.views import history, obligation, obligation_edit, remark

ROW = "tasks/<slug:plan>/<str:code>/"

urlpatterns: list[URLPattern] = [
    path("tasks/history/", history.ledger_as_of, name="ledger_as_of"),
    path(
        "plan/<slug:plan>/clauses/<int:number>/history/",
        history.clause_history,
        name="clause_history",
    ),
    path("tasks/<str:code>/", obligation.obligation_short, name="obligation_short"),
    path(ROW, obligation.obligation_detail, name="obligation_detail"),
    path(f"{ROW}edit/", obligation_edit.obligation_edit, name="obligation_edit"),
    path(f"{ROW}units/", obligation_edit.obligation_units, name="obligation_units"),
    path(f"{ROW}deadline/", obligation_edit.obligation_deadline, name="obligation_deadline"),
    path(f"{ROW}milestones/", obligation_edit.obligation_milestones, name="obligation_milestones"),
    path(f"{ROW}fulfilment/", obligation_edit.obligation_fulfilment, name="obligation_fulfilment"),
    path(f"{ROW}split/", obligation_edit.obligation_split, name="obligation_split"),
    path(f"{ROW}merge/", obligation_edit.obligation_merge, name="obligation_merge"),
    path(f"{ROW}void/", obligation_edit.obligation_void, name="obligation_void"),
    path(f"{ROW}sources/", obligation_edit.obligation_source_add, name="obligation_source_add"),
    path(
        f"{ROW}sources/<int:pk>/remove/",
        obligation_edit.obligation_source_remove,
        name="obligation_source_remove",
    ),
    path(f"{ROW}remarks/", remark.remark_add, name="remark_add"),
    path("remarks/<int:pk>/withdraw/", remark.remark_withdraw, name="remark_withdraw"),
    path(f"{ROW}history/", history.obligation_history, name="obligation_history"),
]

"""Addresses of the loop: receipt, progress, review, extension."""

from django.urls import URLPattern, path

from responsibilities.views import (
    checkup,
    coordination,
    evidence,
    progress,
    reviewing,
    round,
    round_sheet,
    signing,
)

urlpatterns: list[URLPattern] = [
    path("items/<int:pk>/receive/", progress.task_receive, name="task_receive"),
    path("items/<int:pk>/report/", progress.task_report, name="task_report"),
    path("items/<int:pk>/draft/", progress.task_draft, name="task_draft"),
    path("items/<int:pk>/unchanged/", progress.task_unchanged, name="task_unchanged"),
    path("items/<int:pk>/extension/", progress.task_extension, name="task_extension"),
    path("items/<int:pk>/reopen/", reviewing.task_reopen, name="task_reopen"),
    path("reports/<int:pk>/withdraw/", progress.report_withdraw, name="report_withdraw"),
    path("round/export/", round_sheet.round_export, name="round_export"),
    path("round/import/", round_sheet.round_import, name="round_import"),
    path(
        "round/import/<str:token>/", round_sheet.round_import_confirm, name="round_import_confirm"
    ),
    path("round/", round.report_round, name="report_round"),
    path("signing/", signing.report_signing, name="report_signing"),
    path("signing/<int:pk>/rule/", signing.signing_rule, name="signing_rule"),
    path("reports/<int:pk>/sign/", signing.report_sign, name="report_sign"),
    path("reviews/", reviewing.review_queue, name="review_queue"),
    path("reviews/<int:pk>/", reviewing.report_review, name="report_review"),
    path("extensions/<int:pk>/withdraw/", progress.extension_withdraw, name="extension_withdraw"),
    path("extensions/<int:pk>/", reviewing.extension_decide, name="extension_decide"),
    path("items/<int:pk>/coordination/", coordination.task_coordination, name="task_coordination"),
    path("coordination/", coordination.coordination_list, name="coordination_list"),
    path("coordination/<int:pk>/", coordination.coordination_detail, name="coordination_detail"),
    path(
        "coordination/<int:pk>/withdraw/",
        coordination.coordination_withdraw,
        name="coordination_withdraw",
    ),
    path("checkup/", checkup.ledger_checkup, name="checkup"),
    path("evidence/", evidence.evidence_list, name="evidence_list"),
    path("evidence/bundle/", evidence.evidence_bundle, name="evidence_bundle"),
    path("evidence/<int:pk>/", evidence.evidence_detail, name="evidence_detail"),
    path("evidence/<int:pk>/file/", evidence.evidence_file, name="evidence_file"),
    path("evidence/<int:pk>/void/", evidence.evidence_void, name="evidence_void"),
]

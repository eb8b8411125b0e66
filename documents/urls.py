"""Addresses of documents."""

from django.urls import URLPattern, path

from documents.views import building, documents, editing, verifying

app_name = "documents"
urlpatterns: list[URLPattern] = [
    path("documents/", documents.document_list, name="document_list"),
    path("documents/draft/", documents.document_draft, name="document_draft"),
    path("documents/sets/", building.set_build, name="set_build"),
    path("documents/files/<int:pk>/", documents.file_download, name="file_download"),
    path("documents/jobs/<int:pk>/", building.job_detail, name="job_detail"),
    path("documents/jobs/<int:pk>/cancel/", building.job_cancel, name="job_cancel"),
    path("documents/jobs/<int:pk>/retry/", building.job_retry, name="job_retry"),
    path("documents/jobs/<int:pk>/files.zip", building.job_zip, name="job_zip"),
    path("documents/<int:pk>/", documents.document_detail, name="document_detail"),
    path("documents/<int:pk>/wording/", editing.document_word, name="document_word"),
    path("documents/<int:pk>/settle/", editing.document_settle, name="document_settle"),
    path("documents/<int:pk>/issue/", editing.document_issue, name="document_issue"),
    path("documents/<int:pk>/revise/", editing.document_revise, name="document_revise"),
    path("documents/<int:pk>/void/", editing.document_void, name="document_void"),
    path("documents/<int:pk>/build/", building.document_build, name="document_build"),
    path("verify/", verifying.verify_home, name="verify_home"),
    path("verify/<slug:code>", verifying.verify, name="verify"),
]

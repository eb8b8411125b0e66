"""Tell the office of files that were asked for without it."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from common.clock import day_of
from documents.models import BuildJob, Document
from notices.rules import TEXT_LIMIT
from notices.services.posting import Message, post_notice
from organizations.enums import PostKind
from organizations.models import Appointment, User


def tell_office(jobs: Sequence[BuildJob], *, actor: User, at: datetime) -> None:
    """Tell the office in one notice what was drafted and is being built.

    It leads to the job, or to the list of documents, where the jobs stand, if they are several.
    """
    first, count = jobs[0], len(jobs)
    drafts = Document.objects.filter(build_items__job__in=jobs).distinct().count()
    left_out = sum(len(job.left_out) for job in jobs)
    what = first.title if count == 1 else f"{first.title}等 {count} 种公文"
    failed = f"，{left_out} 份未能起草" if left_out else ""
    text = f"{what}期满自动起草，共 {drafts} 份{failed}，请核对后签发。"
    url = first.get_absolute_url() if count == 1 else reverse("documents:document_list")
    held = Appointment.objects.on(day_of(at)).filter(post__kind=PostKind.OFFICE)
    people = [item.user for item in held.select_related("user")]
    message = Message(f"build:{first.pk}", text[:TEXT_LIMIT], url, kind="document")
    post_notice(people, message, actor=actor, at=at)

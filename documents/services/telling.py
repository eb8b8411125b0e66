"""Tell the office of files that were asked for without it."""

from datetime import datetime

from common.clock import day_of
from documents.models import BuildJob
from notices.rules import TEXT_LIMIT
from notices.services.posting import Message, post_notice
from organizations.enums import PostKind
from organizations.models import Appointment, User


def tell_office(job: BuildJob, label: str, *, actor: User, at: datetime) -> None:
    """Tell the office what was drafted and is being built, and lead it to the job."""
    count = job.items.values("document").distinct().count()
    failed = f"，{len(job.left_out)} 个单位未能起草" if job.left_out else ""
    text = f"{label}草稿已自动生成 {count} 份{failed}，请核对后签发。"
    held = Appointment.objects.on(day_of(at)).filter(post__kind=PostKind.OFFICE)
    people = [item.user for item in held.select_related("user")]
    message = Message(f"build:{job.pk}", text[:TEXT_LIMIT], job.get_absolute_url(), kind="document")
    post_notice(people, message, actor=actor, at=at)

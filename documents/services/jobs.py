"""Build jobs: requested in one transaction, built one item at a time, each exactly once.

A message is only a doorbell.  An item is claimed under its row's lock with a lease; whoever holds
no lease builds nothing, and an item whose builder was killed is taken up again when the lease ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q

from common.clock import day_of
from common.errors import DomainError, messages_of, require
from common.tracked import create_many_with_history, save_with_history
from documents.enums import BuildState, FileFormat
from documents.models import BuildItem, BuildJob, Document
from documents.permissions import can_manage_documents
from documents.services.files import build_file
from documents.typesetting.renderer import Renderer
from organizations.models import User

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 3
UNEXPECTED = "生成时出错，系统已记录，可重试；再次失败请联系管理员。"


@dataclass(frozen=True)
class WholeSet:
    """What a job for a whole set carries besides: the key under which there is only one of it, and
    the names of units whose document could not be drafted, each with the reason."""

    key: str = ""
    left_out: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Progress:
    """How far a job has come."""

    total: int
    done: int
    failed: int
    cancelled: int

    @property
    def settled(self) -> int:
        return self.done + self.failed + self.cancelled

    @property
    def is_settled(self) -> bool:
        return self.settled == self.total

    @property
    def per_cent(self) -> int:
        return self.settled * 100 // self.total if self.total else 100


def progress_of(job: BuildJob) -> Progress:
    """Count the items of a job by state: one query."""
    counted = job.items.aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(state=BuildState.DONE)),
        failed=Count("pk", filter=Q(state=BuildState.FAILED)),
        cancelled=Count("pk", filter=Q(state=BuildState.CANCELLED)),
    )
    return Progress(**counted)


def request_build(
    documents: Sequence[Document],
    formats: Iterable[FileFormat],
    *,
    title: str,
    actor: User,
    at: datetime,
    as_of: date,
    whole: WholeSet | None = None,
) -> BuildJob:
    """Ask for files (生成): one item for each document and format.

    Raises: NotAllowed; ValidationError for a key that is taken; DomainError without a document.
    """
    with transaction.atomic():
        require(can_manage_documents(actor, today=day_of(at)))
        if not documents:
            raise DomainError("没有可生成的文件。")
        job = BuildJob(title=title[:120], requested_by=actor, requested_at=at, as_of=as_of)
        if whole is not None:
            job.key, job.left_out = whole.key, [list(pair) for pair in whole.left_out]
        save_with_history(job, actor=actor, reason="发起生成", at=at)
        items = [
            BuildItem(job=job, document=document, format=file_format)
            for document in documents
            for file_format in formats
        ]
        create_many_with_history(items, actor=actor, reason="发起生成", at=at)
    return job


def claim_item(pk: int, *, actor: User, at: datetime) -> BuildItem | None:
    """Take an item for this builder, or return None when it is settled or in other hands."""
    with transaction.atomic():
        item = BuildItem.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if item is None or not _is_free(item, at):
            return None
        if item.attempts >= MOST_ATTEMPTS:
            item.reason = "生成进程多次中断，可能是内容过大，请减少内容后重试。"
            _settle(item, BuildState.FAILED, actor=actor, at=at)
            return None
        item.state, item.attempts = BuildState.RUNNING, item.attempts + 1
        item.lease_until = at + LEASE
        save_with_history(item, actor=actor, reason="开始生成", at=at)
    return item


def run_item(pk: int, *, renderer: Renderer, actor: User, at: datetime) -> BuildItem | None:
    """Build one item; a failure is written down with its reason and stops nobody else."""
    item = claim_item(pk, actor=actor, at=at)
    if item is None:
        return None
    try:
        item.file = build_file(
            item.document,
            FileFormat(item.format),
            today=item.job.as_of,
            renderer=renderer,
            actor=actor,
            at=at,
        )
    except (DomainError, ValidationError) as error:
        item.reason = "".join(messages_of(error))[:300]
        return _finish(item, BuildState.FAILED, actor=actor, at=at)
    return _finish(item, BuildState.DONE, actor=actor, at=at)


def fail_item(pk: int, *, actor: User, at: datetime) -> None:
    """Write down that an item failed for a reason that is no business of its reader."""
    with transaction.atomic():
        item = BuildItem.objects.select_for_update(of=("self",)).get(pk=pk)
        if item.state == BuildState.RUNNING:
            item.reason = UNEXPECTED
            _settle(item, BuildState.FAILED, actor=actor, at=at)


def cancel_job(job: BuildJob, *, actor: User, at: datetime) -> int:
    """Leave unbuilt what has not begun (取消). Returns: the number of items left out."""
    with transaction.atomic():
        require(can_manage_documents(actor, today=day_of(at)))
        job = BuildJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
        waiting = list(job.items.select_for_update(of=("self",)).filter(state=BuildState.WAITING))
        if not waiting:
            raise DomainError("没有还在等待的文件，不用取消。")
        job.cancelled_at = at
        save_with_history(job, actor=actor, reason="取消", at=at)
        for item in waiting:
            _settle(item, BuildState.CANCELLED, actor=actor, at=at)
    return len(waiting)


def retry_job(job: BuildJob, *, actor: User, at: datetime) -> list[int]:
    """Try again what failed or was left out (重试). Returns: the items to build."""
    with transaction.atomic():
        require(can_manage_documents(actor, today=day_of(at)))
        again = list(
            job.items.select_for_update(of=("self",)).filter(
                state__in=[BuildState.FAILED, BuildState.CANCELLED]
            )
        )
        if not again:
            raise DomainError("没有未成的文件，不用重试。")
        for item in again:
            item.state, item.attempts, item.reason = BuildState.WAITING, 0, ""
            item.lease_until = item.finished_at = None
            save_with_history(item, actor=actor, reason="重试", at=at)
    return [item.pk for item in again]


def open_items(*, at: datetime, quiet: timedelta = timedelta(0)) -> list[int]:
    """Return the items that wait for a builder: never begun, or left by one that was killed.

    Those asked for less than ``quiet`` ago are left to their first message. What was asked for or
    taken by a clock that ran ahead waits for nobody.
    """
    left = Q(lease_until__lt=at) | Q(lease_until__gt=at + 2 * LEASE)
    fresh = Q(job__requested_at__gt=at - quiet, job__requested_at__lte=at)
    found = BuildItem.objects.filter(
        Q(state=BuildState.WAITING) & ~fresh | Q(state=BuildState.RUNNING) & left
    )
    return list(found.order_by("pk").values_list("pk", flat=True))


def _is_free(item: BuildItem, at: datetime) -> bool:
    if item.state == BuildState.WAITING:
        return True
    lease = item.lease_until
    if item.state != BuildState.RUNNING or lease is None:
        return False
    return lease < at or lease > at + 2 * LEASE


def _finish(item: BuildItem, state: BuildState, *, actor: User, at: datetime) -> BuildItem | None:
    """Settle an item, unless its lease was lost meanwhile and somebody else has it."""
    with transaction.atomic():
        held = BuildItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
        if held.state != BuildState.RUNNING or held.attempts != item.attempts:
            return None
        held.file, held.reason = item.file, item.reason
        _settle(held, state, actor=actor, at=at)
    return held


def _settle(item: BuildItem, state: BuildState, *, actor: User, at: datetime) -> None:
    item.state, item.finished_at, item.lease_until = state, at, None
    save_with_history(item, actor=actor, reason=state.label, at=at)

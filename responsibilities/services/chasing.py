"""Chasing (催办): logged at once, sent after a moment in which it can be taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import connection, transaction

from common.clock import day_of
from common.errors import DomainError, require
from common.tracked import create_many_with_history, save_with_history
from notices.addressees import Directory
from notices.services.posting import Message, post_notice
from organizations.models import User
from organizations.services.people import get_system_user
from responsibilities.chasing import chaseable, page_for, people_for, resting, words_of
from responsibilities.enums import ChaseAudience
from responsibilities.models import Chase, Task
from responsibilities.permissions import can_manage_ledger

UNDO_SECONDS = 15
GRACE_SECONDS = 5  # 按下撤回到服务器收到的工夫
MOST = 200  # 一次催办的件数上限


@dataclass(frozen=True)
class Batch:
    """What one press chased."""

    code: str
    count: int
    left_out: int


def chase_tasks(
    tasks: Iterable[Task], audience: ChaseAudience, *, ask: str = "", actor: User, at: datetime
) -> Batch:
    """Log a chase of each task; they go out after ``UNDO_SECONDS``.

    Tasks that no longer lie with their unit are left out, and counted; what lies with the head
    is asked of the head.
    Source: 方案(三十三)“全程跟踪”;督查工作流程“临近提醒—催办”。
    Raises: NotAllowed; DomainError when nothing is left or there are too many;
    ValidationError when another chase of a task is just going out.
    """
    with transaction.atomic():
        today = day_of(at)
        require(can_manage_ledger(actor, today=today), "催办由区安委办办理。")
        asked = {task.pk for task in tasks}
        if len(asked) > MOST:
            raise DomainError(f"一次最多催 {MOST} 件，请分批办理。")
        owed = list(chaseable(today).filter(pk__in=asked).order_by("pk"))
        busy = set(Chase.objects.waiting().filter(task__in=owed).values_list("task", flat=True))
        owed = [task for task in owed if task.pk not in busy]
        if not owed:
            raise DomainError("选中的办理件都不用催了：已经报来、办结，或刚刚有人催过。")
        code, with_head = uuid4().hex, resting(owed)
        chases = [
            Chase(
                task=task,
                batch=code,
                audience=ChaseAudience.HEAD if task.pk in with_head else audience,
                words=words_of(task, task.lamp_on(today), ask, rests=task.pk in with_head),
                chased_by=actor,
                chased_at=at,
                sends_at=at + timedelta(seconds=UNDO_SECONDS),
            )
            for task in owed
        ]
        create_many_with_history(chases, actor=actor, reason="催办", at=at)
    return Batch(code, len(owed), len(asked) - len(owed))


def undo_chases(batch: str, *, actor: User, at: datetime) -> int:
    """Take back, within ``UNDO_SECONDS``, what has not gone out yet (撤回). Returns: how many.

    Raises: NotAllowed; DomainError when all of it has gone out, or its time is over.
    """
    with transaction.atomic():
        require(can_manage_ledger(actor, today=day_of(at)))
        waiting = list(Chase.objects.waiting().filter(batch=batch).select_for_update(of=("self",)))
        if not waiting:
            raise DomainError("这批催办已经发出或撤回，不能再撤。")
        if not all(may_undo(chase, at) for chase in waiting):
            raise DomainError(f"{UNDO_SECONDS} 秒的撤回时间已过，这批催办正在发出，不能再撤。")
        for chase in waiting:
            chase.undone_at = at
            save_with_history(chase, actor=actor, reason="撤回催办", at=at, fields=["undone_at"])
    return len(waiting)


def may_undo(chase: Chase, at: datetime) -> bool:
    """Whether the chase still waits within the time in which it can be taken back."""
    waits = chase.sent_at is None and chase.undone_at is None
    return waits and at <= chase.sends_at + timedelta(seconds=GRACE_SECONDS)


def send_chases(*, at: datetime) -> int:
    """Send what is due: a notice to everybody in post, once. Returns: how many chases went out.

    What was reported in the meantime is taken back instead.
    """
    directory, sent = Directory.on(day_of(at)), 0
    for pk in Chase.objects.due(at).order_by("pk").values_list("pk", flat=True)[:MOST]:
        with transaction.atomic():
            locked = Chase.objects.due(at).select_for_update(
                of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
            )
            chase = locked.filter(pk=pk).first()
            if chase is not None:
                sent += _send(chase, directory, at)
    return sent


def _send(chase: Chase, directory: Directory, at: datetime) -> int:
    system = get_system_user()
    task = chaseable(day_of(at)).filter(pk=chase.task_id).first()
    if task is None:
        chase.undone_at = at
        save_with_history(chase, actor=system, reason="已经报来或办结，不再催", at=at)
        return 0
    people = User.objects.filter(
        pk__in=people_for(task, ChaseAudience(chase.audience), directory)
    ).order_by("pk")
    page = page_for(task, rests=task.pk in resting([task]))
    message = Message(f"task:{task.pk}", chase.words, page, task.unit)
    notices = post_notice(people, message, actor=chase.chased_by, at=at)
    chase.sent_at = at
    chase.told = [str(notice.recipient) for notice in notices]
    save_with_history(chase, actor=chase.chased_by, reason="发出催办", at=at)
    return 1

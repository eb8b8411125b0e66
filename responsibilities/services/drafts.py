"""Drafts of reports: kept as typed on the server, so that no expired session loses a word."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from common.clock import day_of
from common.errors import StaleVersion, require
from organizations.models import User
from responsibilities.models import ReportDraft, Task
from responsibilities.permissions import can_work_on_task

WORDS = (
    "kind",
    "summary",
    "document_no",
    "happened_on",
    "problems",
    "coordination",
    "next_steps",
    "unchanged",
)
MOST_CHARACTERS = 4000  # 一栏草稿最多存的字数，比最长的一栏宽一倍
MOST_FILES = 100
MOST_DIGITS = 15
ELSEWHERE = (
    "在另一台设备或另一个页面上存过更新的草稿，两份都留着：那一份在平台上，"
    "这里写的还在这一页，没有存上。请重新打开这一页，核对后再接着写。"
)


def save_draft(
    task: Task,
    words: Mapping[str, str],
    files: Iterable[int],
    *,
    actor: User,
    at: datetime,
    steps: Iterable[str] = (),
    began: str | None = None,
) -> ReportDraft | None:
    """Keep what was typed about a task, whatever it is worth; the last saving counts.

    ``began`` is the stamp of the draft that the page began with, empty where there was none.
    Returns: The draft; None where there is not a word to keep.

    Raises: NotAllowed; StaleVersion where another page has saved since the page began.
    """
    require(can_work_on_task(actor, task, today=day_of(at)))
    there = draft_of(task, actor)
    if began is not None and there is not None and there.stamp != began:
        raise StaleVersion(ELSEWHERE)
    kept: dict[str, Any] = {
        name: words[name].replace("\x00", "")[:MOST_CHARACTERS] for name in WORDS if name in words
    }
    kept["evidence"] = list(files)[:MOST_FILES]
    kept["milestones"] = [key[:MOST_DIGITS] for key in steps][:MOST_FILES]
    if not any(value for name, value in kept.items() if name != "kind"):
        drop_draft(task, actor=actor)
        return None
    draft, _ = ReportDraft.objects.update_or_create(
        user=actor, task=task, defaults={"words": kept, "saved_at": at}
    )
    return draft


def drop_draft(task: Task, *, actor: User) -> None:
    """Forget the draft of a task: it was sent, or is not wanted."""
    ReportDraft.objects.filter(user=actor, task=task).delete()


def draft_of(task: Task, actor: User) -> ReportDraft | None:
    return ReportDraft.objects.filter(user=actor, task=task).first()


def words_of(draft: ReportDraft | None) -> dict[str, Any]:
    """Return the words of a draft as a form begins with them; what does not fit is left out."""
    stored = draft.words if draft is not None else {}
    if not isinstance(stored, dict):
        return {}
    words: dict[str, Any] = {
        name: stored[name] for name in WORDS if isinstance(stored.get(name), str)
    }
    files = stored.get("evidence")
    if isinstance(files, list):
        words["evidence"] = [key for key in files if isinstance(key, int)]
    steps = stored.get("milestones")
    if isinstance(steps, list):
        words["milestones"] = [key for key in steps if isinstance(key, str)]
    return words

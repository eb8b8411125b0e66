"""Edit against confirm, 200 times: no confirmation is ever bound to content that was not shown."""

import random
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from common.errors import DomainError, StaleVersion
from inspections.enums import InspectionState
from inspections.models import Finding, Inspection
from inspections.services.recording import edit_inspection
from responsibilities.enums import TaskState
from tests.builders import NOW, make_content
from tests.inspections.worlds import Department, make_department

TIMES = 200


def shown_to_the_head(inspection: Inspection) -> str:
    """What the page carries: the fingerprint of exactly what it shows."""
    return Inspection.objects.get(pk=inspection.pk).content().sha256


def edit(department: Department, inspection: Inspection, number: int) -> None:
    """Change a word of the record or of its first finding, as the liaison's page would."""
    now = Inspection.objects.get(pk=inspection.pk)
    content = now.content()
    if number % 2:
        changed = replace(content, places=f"第 {number} 次改的地点")
    else:
        first = replace(content.findings[0], problem=f"第 {number} 次改的问题")
        changed = replace(content, findings=(first, *content.findings[1:]))
    edit_inspection(now, changed, version=now.version, actor=department.people["liaison"], at=NOW)


def all_bound(inspection: Inspection, shown: set[str]) -> None:
    """Every confirmation that was ever on record names a content that the head was shown."""
    confirmations = Inspection.history.filter(id=inspection.pk, state=InspectionState.CONFIRMED)
    assert confirmations
    for row in confirmations:
        assert row.confirmed_sha256 == row.content_sha256
        assert row.confirmed_sha256 in shown


def bound_now(inspection: Inspection, seen: str) -> None:
    """What is confirmed now is what the head was shown last."""
    now = Inspection.objects.get(pk=inspection.pk)
    assert now.content().sha256 == now.content_sha256
    if now.state == InspectionState.CONFIRMED:
        assert now.content().sha256 == now.confirmed_sha256 == seen


@pytest.mark.django_db
def test_in_every_order_of_showing_editing_and_confirming() -> None:
    department = make_department()
    inspection = department.sent(make_content())
    chance, shown, confirmed, refused = random.Random(20190918), set(), 0, 0  # noqa: S311

    for number in range(TIMES):
        seen = shown_to_the_head(inspection)
        shown.add(seen)
        steps: list[Callable[[], Any]] = [
            lambda seen=seen: department.confirm(inspection, seen_sha256=seen),
            lambda number=number: edit(department, inspection, number),
        ]
        if chance.random() < 0.5:
            steps.reverse()
        for step in steps:
            try:
                confirmed += step() is not None
            except StaleVersion:
                refused += 1
        bound_now(inspection, seen)

    all_bound(inspection, shown)
    assert confirmed + refused == TIMES
    assert min(confirmed, refused) > TIMES / 4


class Rival(threading.Thread):
    """One person at one page: acts at the bell, once for each round."""

    def __init__(self, act: Callable[[int], Any], bell: threading.Barrier) -> None:
        super().__init__(daemon=True)
        self.act, self.bell = act, bell
        self.outcomes: list[str] = []

    def run(self) -> None:
        try:
            for number in range(TIMES):
                self.bell.wait(timeout=60)
                self.outcomes.append(self.once(number))
                self.bell.wait(timeout=60)
        finally:
            connection.close()

    def once(self, number: int) -> str:
        try:
            self.act(number)
        except DomainError as error:
            return type(error).__name__
        return "done"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_two_hundred_times() -> None:
    department = make_department()
    inspection = department.sent(make_content())
    bell = threading.Barrier(3)
    seen: list[str] = []
    head = Rival(lambda number: department.confirm(inspection, seen_sha256=seen[number]), bell)
    liaison = Rival(lambda number: edit(department, inspection, number), bell)
    head.start()
    liaison.start()

    for number in range(TIMES):
        seen.append(shown_to_the_head(inspection))
        bell.wait(timeout=60)
        bell.wait(timeout=60)
        bound_now(inspection, seen[-1])
        now = Inspection.objects.get(pk=inspection.pk)
        fulfilled = department.task().state == TaskState.CLOSED
        assert fulfilled == (now.state == InspectionState.CONFIRMED), number
        if now.state == InspectionState.CONFIRMED:  # the liaison's page was stale: edit afterwards
            edit(department, inspection, number + TIMES)

    head.join(timeout=60)
    liaison.join(timeout=60)
    all_bound(inspection, set(seen))
    assert set(head.outcomes) <= {"done", "StaleVersion"}
    assert set(liaison.outcomes) <= {"done", "StaleVersion"}
    assert len(head.outcomes) == len(liaison.outcomes) == TIMES
    assert Finding.objects.filter(inspection=inspection).count() == 2

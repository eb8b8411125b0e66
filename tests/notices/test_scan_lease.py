"""A long look through all duties keeps its lease; one that stopped gives it up soon."""

from datetime import timedelta

import pytest

from notices.enums import NoticeState
from notices.models import Notice, PlannerScan
from notices.services.delivering import deliver_notices
from notices.services.managing import Limits, set_limits
from notices.services.ticking import LEASE, plan_if_needed
from tests.builders import NOW, TODAY

pytestmark = pytest.mark.django_db


def test_the_lease_is_renewed_after_each_chunk(people, duties):
    for number in range(1, 6):
        duties.add_quarter(number, people.zjj)
    seen = []

    def instant():
        scan = PlannerScan.objects.first()
        seen.append(scan.lease_until if scan else None)
        return NOW + timedelta(seconds=15 * len(seen))

    assert plan_if_needed(instant) == 5

    # Three chunks of two, two and one: each renews from the moment it ended.
    ends = [NOW + timedelta(seconds=15 * n) + LEASE for n in (1, 2, 3, 4)]
    assert seen == [None, *ends]
    assert PlannerScan.objects.get().lease_until is None


def test_more_than_the_cap_is_held_whoever_delivers_while_a_planner_is_midway(people, duties):
    """Of five, two are written when a second worker delivers and when the planner dies."""
    limits = Limits(is_paused=False, cap=2)
    set_limits(limits, version=0, actor=people.office, at=NOW, reason="测试")
    for number in range(1, 6):
        duties.add_quarter(number, people.zjj)

    def dies():
        if Notice.objects.exists():
            assert Notice.objects.count() == 2
            assert deliver_notices(at=NOW, today=TODAY) == 0
            raise SystemExit
        return NOW

    with pytest.raises(SystemExit):
        plan_if_needed(dies)

    assert plan_if_needed(lambda: NOW + LEASE / 2) == 0
    assert deliver_notices(at=NOW + LEASE / 2, today=TODAY) == 0
    assert plan_if_needed(lambda: NOW + LEASE) == 3
    assert deliver_notices(at=NOW + LEASE, today=TODAY) == 0
    assert [notice.state for notice in Notice.objects.all()] == [NoticeState.HELD] * 5


def test_what_a_dead_planner_left_goes_out_when_the_next_has_finished(people, duties):
    """Also when it died looking again, and the clock was then put back to the last look."""
    duties.add_quarter(1, people.zjj)
    plan_if_needed(lambda: NOW)
    assert deliver_notices(at=NOW, today=TODAY) == 1
    for number in (2, 3, 4):
        duties.add_quarter(number, people.zjj)
    PlannerScan.objects.claim(at=NOW + LEASE, until=NOW + LEASE * 2, longest=NOW + LEASE * 2)

    later = NOW + LEASE * 2
    assert deliver_notices(at=later, today=TODAY) == 0
    assert plan_if_needed(lambda: later) == 3
    assert deliver_notices(at=later, today=TODAY) == 3

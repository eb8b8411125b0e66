"""A long look through all duties keeps its lease; one that stopped gives it up soon."""

from datetime import timedelta

import pytest

from notices.models import PlannerScan
from notices.services.ticking import LEASE, plan_if_needed
from tests.builders import NOW

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

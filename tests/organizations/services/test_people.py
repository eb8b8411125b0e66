"""Taking up, leaving and handing over posts; rights follow on the day."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from common.errors import DomainError, NotAllowed
from organizations.access import access_of
from organizations.models import Appointment
from organizations.services.people import appoint, end_appointment, hand_over
from tests.builders import NOW, make_user

pytestmark = pytest.mark.django_db
LAST_DAY = date(2019, 9, 20)


def test_rights_end_the_day_after_the_last_day(office, liaison, post_of_liaison, zjj):
    end_appointment(post_of_liaison, last_day=LAST_DAY, actor=office, at=NOW, reason="调离")

    assert access_of(liaison, today=date(2019, 9, 20)).unit_ids == {zjj.pk}
    assert access_of(liaison, today=date(2019, 9, 21)).unit_ids == frozenset()


def test_a_handover_leaves_no_day_without_and_no_day_with_two(office, post_of_liaison):
    successor = make_user("liaison-2", name="王科员")

    hand_over(
        post_of_liaison, successor, starts_on=date(2019, 10, 1), actor=office, at=NOW, reason="轮岗"
    )

    holders = {
        day: [str(held.user) for held in Appointment.objects.on(day).filter(post__kind="liaison")]
        for day in (date(2019, 9, 30), date(2019, 10, 1))
    }
    assert holders == {date(2019, 9, 30): ["李科员"], date(2019, 10, 1): ["王科员"]}


def test_the_history_says_who_ended_a_post_and_why(office, post_of_liaison):
    end_appointment(post_of_liaison, last_day=LAST_DAY, actor=office, at=NOW, reason="调离")

    row = Appointment.history.filter(id=post_of_liaison.pk).latest()
    assert (row.history_user, row.history_change_reason) == (office, "调离")


def test_a_wrong_last_day_can_be_put_right_but_not_repeated(office, post_of_liaison):
    end_appointment(post_of_liaison, last_day=LAST_DAY, actor=office, at=NOW, reason="调离")

    with pytest.raises(DomainError, match="不用重复登记"):
        end_appointment(post_of_liaison, last_day=LAST_DAY, actor=office, at=NOW, reason="调离")
    later = end_appointment(
        post_of_liaison, last_day=date(2019, 9, 25), actor=office, at=NOW, reason="更正"
    )

    assert later.ends_on == date(2019, 9, 25)


def test_a_last_day_before_the_first_is_refused(office, post_of_liaison):
    with pytest.raises(ValidationError, match="不能早于任职日期"):
        end_appointment(
            post_of_liaison, last_day=date(2018, 12, 31), actor=office, at=NOW, reason="误"
        )


def test_an_appointment_that_overlaps_a_running_one_is_refused(office, liaison, post_of_liaison):
    post = post_of_liaison.post

    with pytest.raises(DomainError, match="已担任"):
        appoint(liaison, post, starts_on=date(2018, 6, 1), actor=office, at=NOW)

    assert Appointment.objects.filter(user=liaison).count() == 1


def test_somebody_may_return_to_a_post_after_leaving_it(office, liaison, post_of_liaison):
    end_appointment(post_of_liaison, last_day=LAST_DAY, actor=office, at=NOW, reason="借调")

    appoint(liaison, post_of_liaison.post, starts_on=date(2019, 9, 21), actor=office, at=NOW)

    assert Appointment.objects.filter(user=liaison).count() == 2


def test_the_last_person_of_the_office_cannot_leave(office):
    held = office.appointments.get()

    with pytest.raises(DomainError, match="至少要有一名在岗的经办人"):
        end_appointment(held, last_day=LAST_DAY, actor=office, at=NOW, reason="退休")

    held.refresh_from_db()
    assert held.ends_on is None


def test_the_office_may_hand_over_its_last_post(office):
    successor = make_user("office-2", name="黄科员")

    hand_over(
        office.appointments.get(),
        successor,
        starts_on=LAST_DAY,
        actor=office,
        at=NOW,
        reason="退休",
    )

    assert access_of(successor, today=LAST_DAY).is_office


def test_a_unit_cannot_appoint_its_own_people(liaison, post_of_liaison):
    with pytest.raises(NotAllowed):
        end_appointment(post_of_liaison, last_day=LAST_DAY, actor=liaison, at=NOW, reason="自行")


def test_a_closed_account_takes_up_no_post(office, post_of_liaison):
    gone = make_user("gone")
    gone.is_active = False
    gone.save()

    with pytest.raises(DomainError, match="账号已停用"):
        appoint(gone, post_of_liaison.post, starts_on=LAST_DAY, actor=office, at=NOW)

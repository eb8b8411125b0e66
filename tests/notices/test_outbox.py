"""The way out: each message once, whoever dies, and nothing that no longer applies."""

from datetime import date, datetime, timedelta

import pytest

from common.clock import morning_of
from common.errors import DomainError
from notices.channels import Parcel
from notices.enums import DeliveryState, Way
from notices.exceptions import ChannelError
from notices.models import Delivery, Notice, NoticePreference
from notices.services import outbox
from notices.services.delivering import deliver_notices
from notices.services.managing import Limits, resend_delivery, set_limits
from notices.services.outbox import send_parcels
from notices.services.planning import plan_notices
from notices.services.posting import Message, post_notice
from notices.services.preferences import Reach, set_reach
from notices.services.reading import read_notice
from tests.builders import NOW, TODAY

pytestmark = pytest.mark.django_db
NINE = morning_of(TODAY)


class Line:
    """A channel that keeps what it was given, or refuses while told to."""

    code, is_repeatable = Way.WEBHOOK, True

    def __init__(self) -> None:
        self.sent: list[Parcel] = []
        self.refuses = False

    def reaches(self, preference: NoticePreference) -> bool:
        return True

    def send(self, parcel: Parcel) -> None:
        if self.refuses:
            raise ChannelError("对方没有收下")
        self.sent.append(parcel)


@pytest.fixture
def line(monkeypatch) -> Line:
    made = Line()
    monkeypatch.setattr(outbox, "channels", lambda: (made,))
    return made


def remind(at: datetime = NINE) -> None:
    plan_notices(at=at, today=TODAY)
    deliver_notices(at=at, today=TODAY)


def send(at: datetime = NINE) -> int:
    return send_parcels(lambda: at)


def test_a_days_reminders_of_a_person_are_one_message(people, duties, line):
    duties.add_quarter(1, people.zjj)
    duties.add_quarter(2, people.zjj)
    duties.add_quarter(3, people.jtj)
    remind()

    assert send() == 2
    first, second = line.sent
    assert first.text == "【区安委办】您有 2 条提醒，最早 9月30日到期，请登录办理。"
    assert (first.person, len(first.lines)) == ("李科员", 2)
    assert first.url.endswith("/notices/")
    assert second.text == Notice.objects.get(recipient=people.other).text
    assert second.url.endswith("/plan/")
    assert send() == 0


def test_a_digest_says_how_late_the_latest_is(people, duties, line):
    duties.add_quarter(1, people.zjj)
    duties.add_quarter(2, people.zjj, due_on=date(2019, 9, 16))
    remind()

    assert send() == 1
    # 9月16日到9月18日是2天。
    assert line.sent[0].text == "【区安委办】您有 2 条提醒，最早的已逾期 2 天，请登录办理。"


def test_reminders_wait_for_the_morning_and_acts_for_the_undo(people, duties, line):
    duties.add_quarter(1, people.zjj)
    night = morning_of(TODAY, 0, 30)
    remind(night)
    post_notice(
        [people.head],
        Message("duty:1", "【区安委办】23-01 请速办。", "/plan/"),
        actor=people.office,
        at=NINE,
    )

    assert send(night) == 0
    assert send(NINE) == 2  # the reminder of the night and the act of the morning
    assert send(NINE) == 0
    assert [parcel.person for parcel in line.sent] == ["李科员", "覃局长"]


def pause(people, version: int, *, is_paused: bool) -> None:
    limits = Limits(is_paused, cap=2000)
    set_limits(limits, version=version, actor=people.office, at=NINE, reason="系统割接")


def test_a_pause_keeps_reminders_back_and_lets_a_chase_through(people, duties, line):
    duties.add_quarter(1, people.zjj)
    remind()
    urge = Message("duty:1", "【区安委办】23-01 请速办。", "/plan/")
    post_notice([people.liaison], urge, actor=people.office, at=NINE)
    line.refuses = True
    assert send() == 0
    line.refuses = False
    reminded = Delivery.objects.get(notice__posted_by=None)
    pause(people, 0, is_paused=True)

    later = NINE + timedelta(minutes=1)
    assert send(later) == 1
    assert line.sent[0].lines == ["【区安委办】23-01 请速办。"]
    assert line.sent[0].key != reminded.claim
    assert send(later) == 0

    pause(people, 1, is_paused=False)
    assert send(later) == 1
    assert (line.sent[1].key, line.sent[1].lines) == (reminded.claim, [reminded.notice.text])
    assert send(later) == 0


def test_what_was_read_done_or_muted_in_the_meantime_does_not_go_out(people, duties, line):
    for number, unit in ((1, people.zjj), (2, people.zjj), (3, people.jtj)):
        duties.add_quarter(number, unit)
    remind()
    read_notice(Notice.objects.get(subject="duty:1"), actor=people.liaison, at=NINE)
    del duties.owed["duty:2"]
    set_reach(Reach(muted_until=TODAY), version=0, actor=people.other, at=NOW)

    assert send() == 0
    said = dict(Delivery.objects.values_list("notice__subject", "last_error"))
    assert said == {
        "duty:1": "收件人已在平台上看过",
        "duty:2": "事项已办结、已报送或已撤销",
        "duty:3": "收件人已设暂停接收",
    }


def test_a_refusal_is_tried_again_later_under_the_same_key_and_then_given_up(people, duties, line):
    duties.add_quarter(1, people.zjj)
    remind()
    line.refuses = True
    at = NINE
    for minutes in (1, 5, 30, 120, 720):
        assert send(at) == 0
        at += timedelta(minutes=minutes)
        assert send(at - timedelta(seconds=1)) == 0
    key = Delivery.objects.get().claim

    send(at)

    stuck = Delivery.objects.get()
    assert (stuck.state, stuck.attempts, stuck.claim) == (DeliveryState.FAILED, 6, key)
    line.refuses = False
    resend_delivery(stuck, actor=people.office, at=at)
    assert send(at) == 1
    with pytest.raises(DomainError):
        resend_delivery(stuck, actor=people.office, at=at)


def take(at: datetime, until: datetime) -> None:
    """Leave a delivery as a sender that was killed leaves it."""
    key = Delivery.objects.values_list("pk", flat=True).get()
    Delivery.objects.claim([key], "k" * 32, until)


def test_a_sender_that_died_is_followed_by_another_with_the_same_key(people, duties, line):
    duties.add_quarter(1, people.zjj)
    remind()
    take(NINE, NINE + timedelta(minutes=5))

    assert send(NINE + timedelta(minutes=4)) == 0
    assert send(NINE + timedelta(minutes=5)) == 1
    assert line.sent[0].key == "k" * 32


def test_a_lease_under_a_clock_that_was_put_back_is_stale(people, duties, line):
    duties.add_quarter(1, people.zjj)
    remind()
    take(NINE, NINE + timedelta(hours=2))

    assert send() == 1


def test_a_channel_that_knows_no_repeat_leaves_the_doubt_to_the_office(people, duties, line):
    duties.add_quarter(1, people.zjj)
    remind()
    line.is_repeatable = False
    take(NINE, NINE)

    assert send() == 0
    assert Delivery.objects.get().state == DeliveryState.UNCERTAIN


def test_a_sender_that_lost_its_lease_marks_nothing(people, duties, line):
    duties.add_quarter(1, people.zjj)
    remind()
    take(NINE, NINE)

    send()

    assert Delivery.objects.settle("other", DeliveryState.FAILED) == 0
    assert Delivery.objects.get().state == DeliveryState.SENT


def test_without_channels_nothing_is_written(people, duties):
    duties.add_quarter(1, people.zjj)
    remind()

    assert not Delivery.objects.exists()
    assert send() == 0


def test_somebody_who_does_not_receive_is_answered_for_by_the_post_above(people, duties, line):
    set_reach(Reach(muted_until=TODAY), version=0, actor=people.liaison, at=NOW)
    duties.add_quarter(1, people.zjj)

    remind()

    assert Notice.objects.get().recipient == people.deputy
    assert NoticePreference.of(people.liaison.pk).history.count() == 1

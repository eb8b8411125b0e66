"""A person's own reminders: seen, opened, acknowledged, and nobody else's."""

import pytest
from bs4 import BeautifulSoup

from notices.enums import NoticeState
from notices.models import Notice
from notices.proof import proof_of
from notices.services.posting import Message, post_notice
from tests.builders import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(people) -> Notice:
    (made,) = post_notice(
        [people.liaison],
        Message(
            "task:1", "【区安委办】23-08 已逾期 18 天，请报进展或申请延期。", "/plan/", people.zjj
        ),
        actor=people.office,
        at=NOW,
    )
    return made


def test_the_bell_counts_what_is_unread(client, people, notice):
    client.force_login(people.liaison)
    bell = BeautifulSoup(client.get("/notices/").content, "html.parser").select_one("a.bell b")
    assert bell.text == "1"

    client.post(f"/notices/{notice.pk}/open/")

    page = BeautifulSoup(client.get("/notices/").content, "html.parser")
    assert page.select_one("a.bell b") is None
    assert "0 条未读" in page.h1.text


def test_opening_leads_to_the_page_and_notes_when(client, people, notice):
    client.force_login(people.liaison)

    answer = client.post(f"/notices/{notice.pk}/open/")

    assert (answer.status_code, answer["Location"]) == (302, "/plan/")
    notice.refresh_from_db()
    assert notice.state == NoticeState.READ
    assert notice.read_at is not None


def test_acknowledging_stays_and_counts_as_read(client, people, notice):
    client.force_login(people.liaison)

    client.post(f"/notices/{notice.pk}/acknowledge/")
    client.post(f"/notices/{notice.pk}/open/")

    notice.refresh_from_db()
    assert notice.state == NoticeState.ACKNOWLEDGED
    assert notice.read_at == notice.acknowledged_at


def test_everything_can_be_marked_as_read(client, people, notice):
    client.force_login(people.liaison)

    client.post("/notices/read/")

    assert not Notice.objects.unread().exists()


def test_the_list_shows_who_asked_and_can_show_the_unread_alone(client, people, notice):
    client.force_login(people.liaison)
    assert "陆科员" in client.get("/notices/").content.decode()
    client.post(f"/notices/{notice.pk}/open/")

    assert "没有未读的提醒" in client.get("/notices/?only=unread").content.decode()
    assert notice.words in client.get("/notices/").content.decode()


@pytest.mark.parametrize("act", ["open", "acknowledge"])
def test_other_peoples_notices_do_not_exist(client, people, notice, act):
    client.force_login(people.office)

    assert client.post(f"/notices/{notice.pk}/{act}/").status_code == 404
    assert notice.words not in client.get("/notices/").content.decode()


def test_a_text_that_is_too_long_is_a_fault_of_the_caller(people):
    message = Message("task:1", "长" * 61, "/")

    with pytest.raises(ValueError, match="60"):
        post_notice([people.liaison], message, actor=people.office, at=NOW)


def test_news_that_is_no_chase_is_not_counted_as_one(people, notice):
    news = Message(
        "assessment:1", "2019年第二季度考核结果已发布。", "/scores/", people.zjj, "score"
    )
    (told,) = post_notice([people.liaison], news, actor=people.office, at=NOW)

    assert (notice.rule_label, told.rule_label) == ("催办", "通知")
    assert proof_of(people.zjj, 2019).chased == 1

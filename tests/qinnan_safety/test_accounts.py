"""Signing in, and choosing a new password."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import get_hasher
from django.db import models
from django.test import Client

from organizations.enums import PostKind
from organizations.models import Appointment, User
from organizations.services.people import create_user, get_system_user
from qinnan_safety.accounts import AccountBackend
from tests.builders import NOW, PASSWORD, TODAY, make_unit, make_user, rights

pytestmark = pytest.mark.django_db
DEMO_SENTENCE = "演示账号只能在演示环境使用，请用本人账号登录。"


@pytest.fixture
def demo_user(db) -> User:
    return create_user(
        username="office", full_name="陆科员", password=PASSWORD, is_demo=True,
        actor=get_system_user(), at=NOW,
    )  # fmt: skip


def sign_in(client: Client, username: str, password: str = PASSWORD):
    return client.post("/login/", {"username": username, "password": password})


def test_a_person_signs_in_with_their_own_account(client):
    make_user("lim")

    assert sign_in(client, "lim").url == "/"


def test_a_request_has_the_rights_of_every_post_held_on_the_day_in_one_statement(
    client, django_assert_num_queries
):
    awb, zjj, jtj = (make_unit(code, f"{code}局", order=n) for n, code in enumerate("abc"))
    person = make_user("lim", (awb, PostKind.OFFICE), (zjj, PostKind.HEAD), (jtj, PostKind.DEPUTY))
    make_user("other", (jtj, PostKind.LIAISON))
    day_before = TODAY - timedelta(days=1)
    models.QuerySet(Appointment).filter(user=person, post__unit=jtj).update(ends_on=day_before)

    client.force_login(person)
    with django_assert_num_queries(1):
        user = AccountBackend().get_user(person.pk)
    access = client.get("/").wsgi_request.access

    assert user is not None
    assert user.access.appointments == access.appointments == rights(person).appointments
    assert [(held.post.unit.name, held.post.kind) for held in access.appointments] == [
        ("a局", PostKind.OFFICE),
        ("b局", PostKind.HEAD),
    ]
    assert access.user == person
    assert access.units == (zjj,)


def test_a_wrong_password_is_told_without_naming_the_account(client):
    make_user("lim")

    for username in ("lim", "nobody"):
        page = sign_in(client, username, "wrong").content.decode()
        assert "用户名或密码不对，请核对大小写后再试。" in page


def test_the_time_of_a_refusal_does_not_tell_whether_there_is_such_an_account(client, monkeypatch):
    make_user("lim")
    hasher, hashed = type(get_hasher()), []
    encode = hasher.encode

    def counting(self, *args, **kwargs):
        hashed.append(1)
        return encode(self, *args, **kwargs)

    monkeypatch.setattr(hasher, "encode", counting)

    costs = []
    for username in ("lim", "nobody"):
        hashed.clear()
        sign_in(client, username, "wrong")
        costs.append(len(hashed))

    assert costs[0] == costs[1] > 0


def test_a_closed_account_is_told_so_to_whoever_knows_its_password(client):
    user = make_user("lim")
    user.is_active = False
    user.save()

    assert "该账号已停用" in sign_in(client, "lim").content.decode()
    assert "该账号已停用" not in sign_in(client, "lim", "wrong").content.decode()


@pytest.mark.parametrize(
    ("debug", "demo", "is_let_in"),
    [(False, False, False), (True, False, True), (False, True, True)],
)
def test_demonstration_accounts_sign_in_only_where_they_are_meant_to(
    client, settings, demo_user, debug, demo, is_let_in
):
    settings.DEBUG, settings.DEMO = debug, demo

    answer = sign_in(client, "office")

    assert answer.status_code == (302 if is_let_in else 200)
    if not is_let_in:
        assert DEMO_SENTENCE in answer.content.decode()


def test_a_demonstration_session_ends_when_the_demonstration_does(client, settings, demo_user):
    settings.DEMO = True
    sign_in(client, "office")
    assert client.get("/").status_code == 200

    settings.DEMO = False

    assert client.get("/").url == "/login/?next=/"


def test_the_sign_in_page_lists_demonstration_accounts_only_where_they_work(
    client, settings, demo_user
):
    settings.DEMO = True
    assert "liaison-zjj" in client.get("/login/").content.decode()

    settings.DEMO = False
    assert "liaison-zjj" not in client.get("/login/").content.decode()


def test_a_clean_installation_lists_no_accounts(client, settings):
    settings.DEMO = True

    assert "qinnan-demo" not in client.get("/login/").content.decode()


def test_a_new_password_ends_other_sessions_and_keeps_this_one(client):
    user = make_user("lim")
    here, there = client, Client()
    for browser in (here, there):
        sign_in(browser, "lim")

    answer = here.post(
        "/password/",
        {
            "old_password": PASSWORD,
            "new_password1": "Xin-de-kou-ling-9",
            "new_password2": "Xin-de-kou-ling-9",
        },
    )

    assert answer.url == "/password/done/"
    assert here.get("/").status_code == 200
    assert there.get("/").url == "/login/?next=/"
    row = User.history.filter(id=user.pk).latest()
    assert (row.history_user, row.history_change_reason) == (user, "本人修改密码")


def test_a_refused_new_password_says_why(client):
    make_user("lim")
    sign_in(client, "lim")

    answer = client.post(
        "/password/",
        {"old_password": "wrong", "new_password1": "123", "new_password2": "123"},
    )

    assert answer.status_code == 422
    page = client.post(
        "/password/",
        {"old_password": PASSWORD, "new_password1": "a1B-", "new_password2": "a1B-"},
    ).content.decode()
    assert "密码太短，至少要 12 个字符。" in page
    assert "password is" not in page.lower()
    assert client.get("/password/").status_code == 200


def test_while_nobody_has_an_account_the_page_says_how_to_make_the_first(client):
    page = client.get("/login/").content.decode()

    assert "还没有账号。" in page
    assert "create_user 登录名 --name 姓名 --unit awb --post office" in page
    make_user("lim")
    assert "还没有账号。" not in client.get("/login/").content.decode()

"""Accounts: who may sign in, passwords, closing."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection

from common.errors import DomainError, NotAllowed, StaleVersion
from organizations.enums import PostKind, UnitKind
from organizations.models import Appointment, User
from organizations.services.accounts import (
    Entry,
    Person,
    change_own_password,
    deactivate_account,
    ensure_may_sign_in,
    new_password,
    open_account,
    reactivate_account,
    reset_password,
    update_person,
)
from organizations.services.people import get_system_user
from organizations.services.versions import version_of
from tests.builders import NOW, TODAY, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("is_demo", "demo_allowed"), [(False, False), (False, True), (True, True)])
def test_accounts_in_use_may_sign_in(is_demo, demo_allowed):
    ensure_may_sign_in(User(username="a", is_demo=is_demo), demo_allowed=demo_allowed)


@pytest.mark.parametrize(
    ("is_active", "demo_allowed", "sentence"),
    [
        (True, False, "演示账号只能在演示环境使用，请用本人账号登录。"),
        (False, True, "该账号已停用，如需使用请联系区安委办。"),
    ],
)
def test_closed_and_demonstration_accounts_are_told_why_not(is_active, demo_allowed, sentence):
    user = User(username="a", is_active=is_active, is_demo=True)

    with pytest.raises(DomainError, match=sentence):
        ensure_may_sign_in(user, demo_allowed=demo_allowed)


def test_made_passwords_pass_the_rules_and_differ():
    passwords = {new_password() for _ in range(20)}

    assert len(passwords) == 20
    for password in passwords:
        validate_password(password)
        assert not set(password) & set("0O1lI")


def test_an_account_and_its_post_are_one_act(office, post_of_liaison):
    user = open_account(
        Person("wang", "王科员", "0777-1"),
        password="Zhe-shi-mi-ma-9",
        entry=Entry(post_of_liaison.post, TODAY),
        actor=office,
        at=NOW,
        reason="新到任",
    )

    assert user.check_password("Zhe-shi-mi-ma-9")
    assert user.appointments.get().post == post_of_liaison.post


def test_a_refused_post_leaves_no_account_behind(office, post_of_liaison):
    with pytest.raises(ValidationError, match="已存在"):
        open_account(
            Person("liaison-1", "重名"),
            password="Zhe-shi-mi-ma-9",
            entry=Entry(post_of_liaison.post, TODAY),
            actor=office,
            at=NOW,
            reason="新到任",
        )

    assert not User.objects.filter(full_name="重名").exists()
    assert Appointment.objects.filter(post=post_of_liaison.post).count() == 1


def test_a_reset_password_replaces_the_old_one_and_is_recorded(office, liaison):
    reset_password(liaison, password="Xin-mi-ma-2019", actor=office, at=NOW, reason="忘记密码")

    liaison.refresh_from_db()
    row = User.history.filter(id=liaison.pk).latest()
    assert liaison.check_password("Xin-mi-ma-2019")
    assert (row.history_user, row.history_change_reason) == (office, "重置密码：忘记密码")


def test_a_persons_own_change_of_password_is_recorded_as_theirs(liaison):
    change_own_password(liaison, password="Zi-ji-gai-2019", at=NOW)

    assert User.history.filter(id=liaison.pk).latest().history_user == liaison


def test_closing_and_opening_again_keeps_the_record(office, liaison):
    deactivate_account(liaison, actor=office, at=NOW, reason="离职")
    with pytest.raises(DomainError, match="已经停用"):
        deactivate_account(liaison, actor=office, at=NOW, reason="离职")
    reactivate_account(liaison, actor=office, at=NOW, reason="返聘")

    liaison.refresh_from_db()
    assert liaison.is_active
    reasons = User.history.filter(id=liaison.pk).order_by("history_id")
    assert [row.history_change_reason for row in reasons] == ["开通账号", "离职", "返聘"]


def test_nobody_closes_their_own_account(office):
    with pytest.raises(DomainError, match="不能停用自己"):
        deactivate_account(office, actor=office, at=NOW, reason="误点")


def test_the_last_active_person_of_the_office_stays(office):
    with pytest.raises(DomainError, match="至少要有一名"):
        deactivate_account(office, actor=get_system_user(), at=NOW, reason="停用")

    office.refresh_from_db()
    assert office.is_active


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_who_close_each_others_accounts_one_stays():
    awb = make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE)
    clerks = [make_user(name, (awb, PostKind.OFFICE)) for name in ("first", "second")]
    bell = Barrier(2)

    def close(own: User, other: User) -> None:
        try:
            bell.wait(timeout=60)
            deactivate_account(other, actor=own, at=NOW, reason="调离")
        except DomainError:
            pass  # the other was a moment earlier
        finally:
            connection.close()

    for _ in range(10):
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(close, clerks, reversed(clerks)))
        (closed,) = User.objects.filter(pk__in=[own.pk for own in clerks], is_active=False)
        reactivate_account(closed, actor=get_system_user(), at=NOW, reason="返聘")


def test_the_systems_own_account_is_nobodys_to_change(office):
    for act in (reactivate_account, deactivate_account):
        with pytest.raises(NotAllowed, match="系统账号"):
            act(get_system_user(), actor=office, at=NOW, reason="试")


def test_a_correction_made_over_somebody_elses_is_refused(office, liaison):
    seen = version_of(liaison)
    update_person(
        liaison, full_name="李科长", phone="1", seen=seen, actor=office, at=NOW, reason="升任"
    )

    with pytest.raises(StaleVersion):
        update_person(
            liaison, full_name="李四", phone="2", seen=seen, actor=office, at=NOW, reason="更名"
        )

    liaison.refresh_from_db()
    assert liaison.full_name == "李科长"


def test_only_the_office_manages_accounts(liaison):
    other = make_user("other")

    with pytest.raises(NotAllowed):
        reset_password(other, password="Xin-mi-ma-2019", actor=liaison, at=NOW, reason="试")


def test_two_processes_that_open_the_systems_account_at_once_share_it(monkeypatch):
    """The second one looked before the first one wrote, as at the very first start."""
    first = get_system_user()
    monkeypatch.setattr("organizations.services.people._system_user", lambda: None)

    assert get_system_user() == first
    assert User.objects.filter(username=first.username).count() == 1

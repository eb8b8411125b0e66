"""Posts, accounts and passwords as the office works on them page by page."""

from datetime import date

import pytest
from django.test import Client

from organizations.enums import PostKind
from organizations.models import Appointment, Post, User
from organizations.services.people import ensure_post
from organizations.services.versions import version_of
from tests.builders import NOW, PASSWORD, make_user
from tests.counting import statements_of

pytestmark = pytest.mark.django_db


def test_a_post_is_set_up_and_a_second_click_is_refused(desk, zjj):
    form = {"kind": "head", "title": "局长", "reason": "设岗"}

    first = desk.post("/units/zjj/posts/", form)
    second = desk.post("/units/zjj/posts/", form)

    assert (first.status_code, second.status_code) == (302, 422)
    assert "该单位已有同名岗位。" in second.content.decode()
    assert Post.objects.filter(unit=zjj).count() == 1


def test_an_appointment_counts_on_the_next_click(desk, zjj, post_of_liaison):
    newcomer = make_user("new-1", name="王科员")
    theirs = Client()
    theirs.force_login(newcomer)
    assert theirs.get("/").context["shell"]["kind"] == "public"

    answer = desk.post(
        f"/posts/{post_of_liaison.post_id}/appoint/",
        {
            "user": newcomer.pk,
            "starts_on": "2019-09-18",
            "entering": "beside",
            "reason": "任命",
        },
    )

    assert answer.status_code == 302
    assert theirs.get("/").context["shell"]["kind"] == "unit"


def test_an_appointment_that_ended_counts_no_more(desk, liaison, post_of_liaison):
    theirs = Client()
    theirs.force_login(liaison)

    desk.post(
        f"/appointments/{post_of_liaison.pk}/end/", {"last_day": "2019-09-17", "reason": "免职"}
    )

    assert theirs.get("/").context["shell"]["kind"] == "public"


def test_a_double_click_on_an_appointment_makes_one(desk, post_of_liaison):
    newcomer = make_user("new-1")
    form = {
        "user": newcomer.pk,
        "starts_on": "2019-09-18",
        "entering": "beside",
        "reason": "任命",
    }

    statuses = [
        desk.post(f"/posts/{post_of_liaison.post_id}/appoint/", form).status_code for _ in range(2)
    ]

    assert statuses == [302, 422]
    assert Appointment.objects.filter(user=newcomer).count() == 1


def test_a_handover_names_both_and_takes_effect_on_its_day(desk, post_of_liaison):
    newcomer = make_user("new-1", name="王科员")

    answer = desk.post(
        f"/appointments/{post_of_liaison.pk}/hand-over/",
        {"user": newcomer.pk, "starts_on": "2019-10-01", "reason": "轮岗"},
        follow=True,
    )

    assert "已由李科员交接给王科员" in answer.content.decode()
    post_of_liaison.refresh_from_db()
    assert post_of_liaison.ends_on == date(2019, 9, 30)


def test_a_handover_before_the_predecessor_came_is_refused(desk, post_of_liaison):
    newcomer = make_user("new-1")

    answer = desk.post(
        f"/appointments/{post_of_liaison.pk}/hand-over/",
        {"user": newcomer.pk, "starts_on": "2019-01-01", "reason": "误"},
    )

    assert answer.status_code == 422
    assert "接任日期要晚于原任人员的任职日期。" in answer.content.decode()


def test_a_made_password_is_shown_once_and_works(desk, post_of_liaison):
    answer = desk.post(
        f"/people/new/?post={post_of_liaison.post_id}",
        {
            "full_name": "王科员",
            "username": "Wang",
            "starts_on": "2019-09-18",
            "entering": "beside",
            "password": "",
            "reason": "新到任",
        },
    )

    user = User.objects.get(username="wang")
    password = answer.context["password"]
    assert user.check_password(password)
    assert password in answer.content.decode()
    assert user.appointments.get().post_id == post_of_liaison.post_id
    assert password not in desk.get(f"/people/{user.pk}/").content.decode()


def test_an_account_for_a_filled_post_says_who_holds_it_and_asks_who_leaves(desk, post_of_liaison):
    page = f"/people/new/?post={post_of_liaison.post_id}"
    typed = {
        "full_name": "王科员",
        "username": "wang",
        "starts_on": "2019-10-01",
        "reason": "轮岗",
    }

    assert "这个岗位现由李科员担任" in desk.get(page).content.decode()
    refused = desk.post(page, typed)
    assert refused.status_code == 422
    assert "这个岗位现由李科员担任，请选接任还是并列。" in refused.content.decode()
    assert not User.objects.filter(username="wang").exists()

    desk.post(page, typed | {"entering": str(post_of_liaison.pk)})

    post_of_liaison.refresh_from_db()
    assert post_of_liaison.ends_on == date(2019, 9, 30)
    came = User.objects.get(username="wang").appointments.get()
    assert (came.post_id, came.starts_on) == (post_of_liaison.post_id, date(2019, 10, 1))


def test_an_account_beside_the_one_who_holds_the_post_leaves_both_in_it(desk, post_of_liaison):
    desk.post(
        f"/people/new/?post={post_of_liaison.post_id}",
        {
            "full_name": "王科员",
            "username": "wang",
            "starts_on": "2019-09-18",
            "entering": "beside",
            "reason": "增加联络员",
        },
    )

    held = Appointment.objects.filter(post=post_of_liaison.post)
    assert list(held.values_list("ends_on", flat=True)) == [None, None]


def test_a_free_post_asks_nothing(desk, office, zjj):
    free = ensure_post(zjj, PostKind.DEPUTY, title="副局长", actor=office, at=NOW)

    assert "岗位上已有人" not in desk.get(f"/people/new/?post={free.pk}").content.decode()


def test_who_takes_a_filled_post_over_leaves_no_second_holder(desk, post_of_liaison):
    newcomer = make_user("new-1", name="王科员")
    page = f"/posts/{post_of_liaison.post_id}/appoint/"
    typed = {"user": newcomer.pk, "reason": "轮岗", "entering": str(post_of_liaison.pk)}

    too_early = desk.post(page, typed | {"starts_on": "2019-01-01"})
    assert "接任日期要晚于原任人员的任职日期。" in too_early.content.decode()

    assert desk.post(page, typed | {"starts_on": "2019-09-18"}).status_code == 302
    on_the_day = Appointment.objects.on(date(2019, 9, 18)).filter(post=post_of_liaison.post)
    assert [held.user for held in on_the_day] == [newcomer]


def test_a_password_that_the_office_chose_is_not_shown_again(desk, liaison):
    answer = desk.post(
        f"/people/{liaison.pk}/password/", {"password": "Ban-gong-shi-19", "reason": "忘记"}
    )

    liaison.refresh_from_db()
    assert liaison.check_password("Ban-gong-shi-19")
    assert "Ban-gong-shi-19" not in answer.content.decode()


def test_a_weak_password_is_refused(desk, liaison):
    answer = desk.post(f"/people/{liaison.pk}/password/", {"password": "12345", "reason": "忘记"})

    liaison.refresh_from_db()
    assert answer.status_code == 422
    assert liaison.check_password(PASSWORD)


@pytest.mark.parametrize("username", ["李科员", "ab", "a b c", "-abc"])
def test_an_unusable_sign_in_name_is_refused(desk, username):
    answer = desk.post(
        "/people/new/", {"full_name": "李", "username": username, "reason": "新到任"}
    )

    assert answer.status_code == 422
    assert "登录名用小写字母开头" in answer.content.decode()


def test_a_closed_account_is_out_with_its_next_click(desk, liaison):
    theirs = Client()
    theirs.force_login(liaison)

    desk.post(f"/people/{liaison.pk}/deactivate/", {"reason": "离职"})

    assert theirs.get("/").url == "/login/?next=/"
    desk.post(f"/people/{liaison.pk}/reactivate/", {"reason": "返聘"})
    liaison.refresh_from_db()
    assert liaison.is_active


def test_a_persons_name_is_corrected_with_the_record_told(desk, liaison):
    desk.post(
        f"/people/{liaison.pk}/edit/",
        {"full_name": "李科长", "phone": "", "seen": version_of(liaison), "reason": "升任"},
    )

    page = desk.get(f"/people/{liaison.pk}/").content.decode()
    assert "姓名由“李科员”改为“李科长”" in page
    assert "升任" in page


def test_people_are_found_by_name_unit_and_post(desk, liaison):
    for words in ("李科", "住房 联络", "liaison"):
        found = desk.get("/people/", {"q": words}).context["lines"]
        assert [str(line.user) for line in found] == ["李科员"]


def test_the_list_of_people_costs_the_same_whatever_its_length(desk, zjj):
    path = "/people/"

    few = statements_of(desk, path)
    for number in range(20):
        make_user(f"person-{number}", (zjj, PostKind.LIAISON))

    assert statements_of(desk, path) == few <= 9

"""Words sent after the session ended come back to their writer, and to nobody else."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common import clock
from organizations.enums import PostKind
from qinnan_safety.kept_forms import MOST_FORMS, forget_old
from qinnan_safety.models import FormOwner, KeptForm
from qinnan_safety.refilling import refill
from responsibilities.models import ProgressReport
from tests.builders import PASSWORD, make_user, pdf_file
from tests.responsibilities.town import Town
from tests.writes import no_writes

pytestmark = pytest.mark.django_db
SITE = "http://testserver"
WORDS = '信息平台已采购；"验收"<b>下周</b>。\n第二段'


@pytest.fixture
def town() -> Town:
    town = Town()
    make_user("colleague", (town.zjj, PostKind.LIAISON))
    return town


@pytest.fixture
def browser_of_unit(town: Town) -> Client:
    """The unit's one browser, with the liaison signed in by the sign-in page."""
    client = Client(enforce_csrf_checks=True)
    sign_in(client, "liaison")
    return client


def sign_in(client: Client, who: str, then: str = "/login/") -> Any:
    page = client.get(then)
    wanted = {"username": who, "password": PASSWORD, "csrfmiddlewaretoken": token_on(page)}
    back = re.search(r'name="next" value="([^"]+)"', page.content.decode())
    if back:
        wanted["next"] = back[1].replace("&amp;", "&")
    return client.post("/login/", wanted)


def token_on(page: Any) -> str:
    return re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[0]


def report_url(town: Town) -> str:
    return reverse("responsibilities:task_report", args=[town.first.pk])


def typed_on(page: Any, **words: Any) -> dict[str, Any]:
    """What a browser sends from the report's page, hidden fields included."""
    key = re.findall(r'name="token" value="([^"]+)"', page.content.decode())[-1]
    began = {"csrfmiddlewaretoken": token_on(page), "token": key, "kind": "closing"}
    return began | {"summary": WORDS, "happened_on": "2019-09-12", **words}


def idle(client: Client) -> None:
    """Thirty minutes later the browser has dropped its session."""
    del client.cookies[settings.SESSION_COOKIE_NAME]


def send(client: Client, url: str, typed: dict[str, Any], came_from: str = "") -> Any:
    return client.post(url, typed, headers={"Referer": f"{SITE}{came_from or url}"})


def test_words_sent_after_the_session_ended_wait_in_the_form_for_their_writer(
    town: Town, browser_of_unit: Client
) -> None:
    browser, url = browser_of_unit, report_url(town)
    typed = typed_on(browser.get(url), document_no="钦南住建〔2019〕8号", uploads=[pdf_file()])
    idle(browser)

    wall = send(browser, url, typed)

    assert wall.status_code == 302
    assert wall["Location"].startswith("/login/?next=")
    assert "您填的内容已经留下" in browser.get(wall["Location"]).content.decode()
    back = sign_in(browser, "liaison", wall["Location"])["Location"]
    assert back.startswith(f"{url}?kept=")
    assert not ProgressReport.objects.exists()

    page = browser.get(back)
    shown = page.content.decode()
    assert "还没有提交，请核对后再提交。附件没有收到，要重新选。" in shown
    assert "\n信息平台已采购；&quot;验收&quot;&lt;b&gt;下周&lt;/b&gt;。\n第二段</textarea>" in shown
    assert 'value="钦南住建〔2019〕8号"' in shown
    assert 'value="2019-09-12"' in shown
    assert re.search(r'value="closing"[^>]* checked|checked[^>]* value="closing"', shown)
    assert f'name="token" value="{typed["token"]}"' in shown
    assert "<b>下周" not in shown

    typed |= {"csrfmiddlewaretoken": token_on(page), "uploads": []}
    again = send(browser, url, typed, back)
    assert again.status_code == 302
    assert ProgressReport.objects.get().summary.replace("\r\n", "\n") == WORDS
    assert not KeptForm.objects.exists()
    assert "还没有提交" not in browser.get(back).content.decode()


def test_nobody_else_who_signs_in_there_sees_them(town: Town, browser_of_unit: Client) -> None:
    browser, url = browser_of_unit, report_url(town)
    typed = typed_on(browser.get(url))
    idle(browser)
    wall = send(browser, url, typed)["Location"]

    back = sign_in(browser, "colleague", wall)["Location"]

    page = browser.get(back)
    assert page.status_code == 200
    assert "信息平台已采购" not in page.content.decode()


def test_words_sent_while_a_colleague_is_signed_in_there_wait_for_their_writer(
    town: Town, browser_of_unit: Client
) -> None:
    browser, url = browser_of_unit, report_url(town)
    typed = typed_on(browser.get(url), uploads=[pdf_file()])
    button = {"csrfmiddlewaretoken": token_on(browser.get("/")), "next": "/"}
    idle(browser)
    sign_in(browser, "colleague")

    answer = send(browser, url, typed)

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "这一页是liaison登录时打开的，现在登录的是colleague，刚才按下的没有办理。" in page
    assert "已为liaison留存 12 小时，只给本人看" in page
    assert "附件没有收到，要重新选。" in page
    assert "信息平台已采购" not in page
    assert not ProgressReport.objects.exists()
    press = send(
        browser, reverse("responsibilities:task_receive", args=[town.first.pk]), button, "/"
    )
    assert "请返回首页，从您自己的页面办。" in press.content.decode()

    way = re.findall(r'name="next" value="([^"]+)"', page)[0]
    assert "信息平台已采购" not in browser.get(way).content.decode()
    leave = {"csrfmiddlewaretoken": token_on(answer), "next": way}
    wall = browser.get(browser.post(reverse("logout"), leave)["Location"])["Location"]
    assert "您填的内容已经留下" in browser.get(wall).content.decode()
    back = sign_in(browser, "liaison", wall)["Location"]
    assert "信息平台已采购" in browser.get(back).content.decode()

    told = f'填的内容没有提交，还留着：<a href="{back}">'
    for who, is_told in (("colleague", False), ("liaison", True)):
        idle(browser)
        sign_in(browser, who)
        assert (told in browser.get("/").content.decode()) == is_told


def test_a_page_opened_before_the_last_sign_in_comes_back_with_its_words(
    town: Town, browser_of_unit: Client
) -> None:
    browser, url = browser_of_unit, report_url(town)
    typed = typed_on(browser.get(url))
    idle(browser)
    sign_in(browser, "liaison")

    answer = send(browser, url, typed)

    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{url}?kept=")
    assert not ProgressReport.objects.exists()
    shown = browser.get(answer["Location"]).content.decode()
    assert "这一页打开以后您又登录过一次，刚才没有办成，请再按一次。" in shown
    assert "信息平台已采购" in shown


def test_twelve_hours_of_work_end_as_gently(town: Town, browser_of_unit: Client) -> None:
    browser, url = browser_of_unit, report_url(town)
    typed = typed_on(browser.get(url))
    session = browser.session
    session["session_started"] -= settings.SESSION_ABSOLUTE_AGE + 1
    session.save()

    wall = send(browser, url, typed)["Location"]

    back = sign_in(browser, "liaison", wall)["Location"]
    assert "信息平台已采购" in browser.get(back).content.decode()


def test_a_button_leads_back_to_its_page_and_keeps_nothing(
    town: Town, browser_of_unit: Client
) -> None:
    browser, url = browser_of_unit, reverse("responsibilities:task_receive", args=[town.first.pk])
    home = browser.get("/")
    typed = {"csrfmiddlewaretoken": token_on(home), "next": "/"}
    idle(browser)

    wall = send(browser, url, typed, "/")

    assert wall["Location"] == "/login/?next=/"
    assert not KeptForm.objects.exists()
    sign_in(browser, "liaison")
    stale = send(browser, url, typed, "/")
    assert stale["Location"] == "/"
    assert "刚才没有办成，请再按一次" in browser.get("/").content.decode()


def test_words_whose_page_is_gone_are_shown_by_themselves(
    town: Town, browser_of_unit: Client
) -> None:
    browser, url = browser_of_unit, report_url(town)
    typed = typed_on(browser.get(url))
    idle(browser)
    post_only = reverse("responsibilities:task_draft", args=[town.first.pk])
    wall = send(browser, post_only, typed, post_only)["Location"]

    page = browser.get(sign_in(browser, "liaison", wall)["Location"])

    assert page.status_code == 200
    assert "您填的内容还在" in page.content.decode()
    assert "信息平台已采购" in page.content.decode()
    assert typed["token"] not in page.content.decode()


FOREIGN = ["https://evil.example/x", "http://testserver//evil.example/", "http://testserver/\\evil"]


@pytest.mark.parametrize("came_from", FOREIGN)
def test_the_way_back_never_leaves_the_site(
    town: Town, browser_of_unit: Client, came_from: str
) -> None:
    browser, url = browser_of_unit, report_url(town)
    typed = typed_on(browser.get(url))
    idle(browser)

    wall = browser.post(url, typed, headers={"Referer": came_from})["Location"]

    assert parse_qs(urlsplit(wall).query)["next"][0].startswith(f"{url}?kept=")


def test_a_stranger_a_forged_token_or_a_flood_leaves_nothing(
    town: Town, browser_of_unit: Client
) -> None:
    browser, url = browser_of_unit, report_url(town)
    typed = typed_on(browser.get(url))
    idle(browser)

    stranger = Client()
    with no_writes():
        for token in ("", "x", "é" * 64, "A" * 64):
            stranger.post(url, typed | {"csrfmiddlewaretoken": token})
    assert "kept" not in send(browser, url, typed | {"summary": "长" * 200_001})["Location"]
    assert not KeptForm.objects.exists()
    for number in range(MOST_FORMS + 3):
        send(browser, url, typed, f"/?page={number}")
    assert KeptForm.objects.count() == MOST_FORMS


def test_passwords_are_never_kept_and_old_words_are_forgotten(
    town: Town, browser_of_unit: Client
) -> None:
    browser, url = browser_of_unit, report_url(town)
    typed = typed_on(browser.get(url), old_password="geheim", password="geheim")
    idle(browser)
    wall = send(browser, url, typed)["Location"]
    assert "geheim" not in str(KeptForm.objects.get().fields)

    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        back = sign_in(browser, "liaison", wall)["Location"]
    KeptForm.objects.update(kept_at=clock.now() - timedelta(hours=13))
    assert "信息平台已采购" not in browser.get(back).content.decode()
    forget_old(at=clock.now())
    assert not KeptForm.objects.exists()
    assert FormOwner.objects.exists()
    forget_old(at=clock.now() + timedelta(days=8))
    assert not FormOwner.objects.exists()


PAGE = """<p>x<form method="post" action="/a/"><input name="n" value="1"></form>
<form method="post"><input type="hidden" name="version" value="4"><input name="n" value="&lt;">
<input name="n"><select name="unit"><option value="">—</option><option value="7" selected>甲
</option><option value="8">乙</option></select><input type="checkbox" name="on" checked>
<input type="checkbox" name="rows" value="2"><input type="password" name="pw"><textarea name="t">
旧</textarea><textarea name="u">留</textarea><button formaction="/c/">存</button></form>"""


def test_every_kind_of_field_is_filled_and_the_rest_stays_as_it_was() -> None:
    typed = {
        "version": ["3"],
        "n": ["一", "二"],
        "unit": ["8"],
        "rows": ["2"],
        "pw": ["x"],
        "t": ["</textarea>"],
    }

    filled = refill(PAGE, path="/b/", action="/c/", typed=typed)

    assert filled == (
        PAGE.replace('name="version" value="4"', 'name="version" value="3"')
        .replace('name="n" value="&lt;"', 'name="n" value="一"')
        .replace('<input name="n">', '<input name="n" value="二">')
        .replace('value="7" selected', 'value="7"')
        .replace('<option value="8">', '<option value="8" selected>')
        .replace('name="on" checked', 'name="on"')
        .replace('name="rows" value="2"', 'name="rows" value="2" checked')
        .replace("\n旧", "\n&lt;/textarea&gt;")
    )
    assert refill(PAGE, path="/b/", action="/b/", typed=typed) == filled
    assert refill(PAGE, path="/b/", action="/d/", typed=typed) == PAGE

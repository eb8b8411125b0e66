"""Import of a plan: a preview first, then everything or nothing."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from clauses.models import Plan
from tests.responsibilities.views.plan_worlds import World, make_world

pytestmark = pytest.mark.django_db
UPLOAD, CONFIRM = "/plan/import/", "/plan/import/confirm/"
TEXT = """某区防汛工作方案

为做好防汛工作,制定本方案。

一、总体要求

(一)指导思想。坚持预防为主。

二、重点任务

(二)排查隐患。区水利局每季度至少排查1次。各镇要在2025年6月底前完成整改。
"""


@pytest.fixture
def world() -> World:
    return make_world(is_dispatched=False)


@pytest.fixture
def office(client: Client, world: World) -> Client:
    client.force_login(world.office)
    return client


def upload(client: Client, text: str | bytes, name: str = "plan.txt") -> Any:
    data = text if isinstance(text, bytes) else text.encode()
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, data)})


def confirm(client: Client, preview: Any, **typed: str) -> Any:
    details = {"title": "某区防汛工作方案", "code": "flood-2025", "text": preview.context["token"]}
    return client.post(CONFIRM, details | typed)


def test_only_the_office_imports(client: Client, world: World) -> None:
    client.force_login(world.head)

    assert client.get(UPLOAD).status_code == 403
    assert upload(client, TEXT).status_code == 403
    assert client.post(CONFIRM, {}).status_code == 403


def test_the_preview_shows_what_was_read_and_stores_nothing(office: Client) -> None:
    response = upload(office, TEXT)

    html = response.content.decode()
    assert response.status_code == 200
    assert "读出 2 条" in html
    assert "排查隐患" in html
    assert "区水利局" in html
    assert 'value="plan-2019"' in html
    assert "不属于方案" not in html
    assert Plan.objects.count() == 1


def test_a_confirmed_plan_has_every_sentence_undecided(office: Client) -> None:
    response = confirm(office, upload(office, TEXT), published_on="2025-03-01")

    plan = Plan.objects.get(code="flood-2025")
    assert response.headers["Location"] == reverse(
        "responsibilities:plan_breakdown", args=["flood-2025"]
    )
    assert plan.source_text == TEXT
    assert plan.clauses.count() == 2
    assert plan.provisions.open().count() == plan.provisions.count() >= 3
    assert office.get("/plan/").headers["Location"] == plan.get_absolute_url()


def test_gb18030_reads_the_same(office: Client) -> None:
    assert upload(office, TEXT.encode("gb18030")).context["document"].text == TEXT


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "plan.txt", "空文件"),
        (b"\x00\x01", "plan.pdf", "plan.pdf"),
        ("没有编号的一段话。".encode(), "plan.txt", "。"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_sentence(
    office: Client, data: bytes, name: str, said: str
) -> None:
    response = upload(office, data, name)

    assert response.status_code == 422
    assert said in response.content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"code": "sample"}, "代码为“sample”的方案已经存在"),
        ({"code": "import"}, "不能用作方案代码"),
        ({"code": "有 空格"}, "代码只能用字母"),
        ({"title": ""}, "请填写方案标题。"),
    ],
)
def test_a_refused_import_shows_the_preview_again(
    office: Client, typed: dict[str, str], said: str
) -> None:
    response = confirm(office, upload(office, TEXT), **typed)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert "排查隐患" in response.content.decode()
    assert Plan.objects.count() == 1


def test_the_same_text_is_not_imported_twice(office: Client) -> None:
    confirm(office, upload(office, TEXT))

    response = confirm(office, upload(office, TEXT), code="flood-again")

    assert response.status_code == 422
    assert "一字不差" in response.content.decode()


def test_a_preview_that_was_tampered_with_is_refused(office: Client) -> None:
    preview = upload(office, TEXT)

    response = confirm(office, preview, text=preview.context["token"] + "x")

    assert response.headers["Location"] == UPLOAD
    assert Plan.objects.count() == 1

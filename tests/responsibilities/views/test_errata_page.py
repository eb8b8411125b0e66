"""Corrections: everybody reads them, the office adds and amends them with grounds."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clauses.models import Erratum
from clauses.services.errata import erratum_stamp
from tests.responsibilities.views.plan_worlds import World, make_world

pytestmark = pytest.mark.django_db
TYPED = {
    "context": "区安监局要建立信息平台。",
    "original": "安监局",
    "corrected": "应急局",
    "basis": "2019年机构改革。",
    "certainty": "query",
}


@pytest.fixture
def world() -> World:
    return make_world(is_dispatched=False)


@pytest.fixture
def office(client: Client, world: World) -> Client:
    client.force_login(world.office)
    return client


@pytest.fixture
def erratum(office: Client) -> Erratum:
    office.post(url("erratum_add"), TYPED)
    return Erratum.objects.get()


def url(name: str, *more: Any) -> str:
    return reverse(f"responsibilities:{name}", args=["sample", *more])


def test_a_correction_is_added_by_quoting_the_text(erratum: Erratum, world: World) -> None:
    assert (erratum.original, erratum.corrected) == ("安监局", "应急局")
    assert world.plan.source_text[erratum.start : erratum.end] == "安监局"


def test_a_quotation_in_full_width_punctuation_is_found(office: Client) -> None:
    office.post(url("erratum_add"), TYPED | {"context": "各镇（场、街道）要", "original": "场"})

    assert Erratum.objects.get().original == "场"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"context": "没有的话"}, "原文里没有这一段文字"),
        ({"context": "方案"}, "这一段文字不止一处"),
        ({"original": "区应急局"}, "要改正的字应在上面这一段里"),
        ({"corrected": "安监局"}, "与原文相同"),
        ({"basis": ""}, "请写明改正的依据。"),
    ],
)
def test_a_refused_correction_says_why(office: Client, typed: dict[str, str], said: str) -> None:
    response = office.post(url("erratum_add"), TYPED | typed)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Erratum.objects.exists()


def test_everybody_reads_the_list_and_only_the_office_edits(
    client: Client, world: World, erratum: Erratum
) -> None:
    client.force_login(world.head)

    html = client.get(url("plan_errata")).content.decode()

    assert "02-02 句" in html
    assert "2019年机构改革。" in html
    assert url("erratum_edit", erratum.pk) not in html
    assert client.get(url("erratum_edit", erratum.pk)).status_code == 403
    assert client.get(url("erratum_add")).status_code == 403


def test_a_correction_is_amended(office: Client, erratum: Erratum) -> None:
    typed = {"corrected": "应急管理局", "basis": "印发稿。", "certainty": "certain"}

    office.post(url("erratum_edit", erratum.pk), typed | {"seen": erratum_stamp(erratum)})

    erratum.refresh_from_db()
    assert (erratum.corrected, erratum.certainty) == ("应急管理局", "certain")


def test_an_edit_in_between_is_shown_beside_ones_own(office: Client, erratum: Erratum) -> None:
    typed = {"corrected": "应急管理局", "basis": "印发稿。", "certainty": "certain", "seen": "旧"}

    response = office.post(url("erratum_edit", erratum.pk), typed)

    html = response.content.decode()
    assert response.status_code == 409
    assert "现在作" in html
    assert 'value="应急管理局"' in html

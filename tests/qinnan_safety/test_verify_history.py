"""verify_history finds every row that was changed behind the application's back, and names it."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import models

from organizations.models import Unit
from organizations.services.people import get_system_user
from qinnan_safety.models import HistorySeal
from qinnan_safety.sealing.sealer import seal_history
from qinnan_safety.sealing.verifier import find_faults
from tests.builders import NOW, make_unit

pytestmark = pytest.mark.django_db
RECORD = Unit.history.model


@pytest.fixture(autouse=True)
def anchor(settings: object, tmp_path: Path) -> Path:
    settings.HISTORY_ANCHOR = str(tmp_path / "history.jsonl")
    return tmp_path / "history.jsonl"


@pytest.fixture
def sealed() -> Unit:
    """Two units on record and sealed; the first is returned."""
    get_system_user()
    first = make_unit("zjj", "区住建局")
    make_unit("jtj", "区交通局", order=11)
    seal_history(at=NOW)
    return first


def number_of(unit: Unit) -> int:
    return unit.history.latest().history_id


def test_an_honest_record_is_whole(sealed: Unit) -> None:
    out = StringIO()
    call_command("verify_history", stdout=out)

    assert out.getvalue().startswith("留痕完整")


def test_the_next_rows_are_sealed_on_top_of_the_first(sealed: Unit) -> None:
    make_unit("slj", "区水利局", order=12)
    seal_history(at=NOW)

    seals = HistorySeal.objects.filter(table="organizations.historicalunit")
    assert [(seal.number, len(seal.rows)) for seal in seals] == [(1, 2), (2, 1)]
    assert list(find_faults()) == []


def altered(unit: Unit) -> str:
    RECORD.objects.filter(history_id=number_of(unit)).update(name="区建设局")
    models.QuerySet(Unit).filter(pk=unit.pk).update(name="区建设局")
    return f"“单位”第 {number_of(unit)} 号留痕被改动。"


def removed(unit: Unit) -> str:
    number = number_of(unit)
    RECORD.objects.filter(history_id=number).delete()
    return f"“单位”第 {number} 号留痕被删除。"


def rewritten(unit: Unit) -> str:
    models.QuerySet(Unit).filter(pk=unit.pk).update(name="区建设局")
    return f"“单位”第 {unit.pk} 号与最近一次留痕不一致（name）：被直接改过。"


def vanished(unit: Unit) -> str:
    models.QuerySet(Unit).filter(pk=unit.pk)._raw_delete("default")
    return f"“单位”第 {unit.pk} 号不在了，留痕里没有删除记录。"


def cut_off(unit: Unit) -> str:
    """The end of the history goes, with its seal and the rows it speaks of."""
    RECORD.objects.all().delete()
    models.QuerySet(Unit)._raw_delete("default")
    HistorySeal.objects.filter(table="organizations.historicalunit").delete()
    return "“单位”留痕第 1 段的封条不在了：末尾被截去，或恢复过较早的备份。"


def sealed_anew(unit: Unit) -> str:
    """Whoever can write to the database alters a row and makes the seals again."""
    altered(unit)
    HistorySeal.objects.filter(table="organizations.historicalunit").delete()
    seal_history(at=NOW)
    return "“单位”留痕第 1 段的封条与锚定文件不一致：封条被重做过。"


@pytest.mark.parametrize("harm", [altered, removed, rewritten, vanished, cut_off, sealed_anew])
def test_harm_is_found_and_named(sealed: Unit, harm: Callable[[Unit], str]) -> None:
    sentence = harm(sealed)

    assert sentence in list(find_faults())
    with pytest.raises(CommandError, match="请保护现场"):
        call_command("verify_history", stdout=StringIO())


def test_a_row_slipped_in_between_is_found(sealed: Unit) -> None:
    forged = sealed.history.latest()
    forged.history_id, forged.name = -1, "区假局"
    forged.save(force_insert=True)

    assert [fault for fault in find_faults() if "后来插入" in fault]


def test_a_lost_anchor_is_said(sealed: Unit, anchor: Path) -> None:
    anchor.unlink()

    assert any("找不到锚定文件" in fault for fault in find_faults())


def test_sealing_twice_changes_nothing(sealed: Unit, anchor: Path) -> None:
    before = anchor.read_text()

    assert seal_history(at=NOW) == 0
    assert anchor.read_text() == before

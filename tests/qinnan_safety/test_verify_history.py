"""verify_history finds every row that was changed behind the application's back, and names it."""

from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import models

from organizations.models import Unit
from organizations.services.people import get_system_user
from qinnan_safety.models import HistorySeal, SealCount
from qinnan_safety.sealing.anchor import anchor_file
from qinnan_safety.sealing.sealer import seal_history
from qinnan_safety.sealing.verifier import find_faults
from responsibilities.models import Obligation
from tests.builders import NOW, dispatch, make_plan, make_row, make_unit

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
    SealCount.objects.filter(table="organizations.historicalunit").delete()
    seal_history(at=NOW)
    return "“单位”留痕第 1 段的封条与锚定文件不一致：封条被重做过。"


def unsealed(unit: Unit) -> str:
    """All seals and the anchor go together; the next run seals what it then finds."""
    altered(unit)
    HistorySeal.objects.all().delete()
    anchor_file().unlink()
    seal_history(at=NOW)
    return "“单位”留痕缺第 1 段封条。"


HARMS = [altered, removed, rewritten, vanished, cut_off, sealed_anew, unsealed]


@pytest.mark.parametrize("harm", HARMS)
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


def test_a_lost_anchor_is_said_and_never_made_again(sealed: Unit, anchor: Path) -> None:
    anchor.unlink()

    assert any(f"请把它的异地副本放回 {anchor}" in fault for fault in find_faults())
    make_unit("slj", "区水利局", order=12)
    seal_history(at=NOW)
    assert "“单位”留痕第 1 段没有锚定：锚定文件缺了末尾。" in list(find_faults())


def test_seals_that_go_with_their_anchor_are_missed(sealed: Unit, anchor: Path) -> None:
    HistorySeal.objects.all().delete()
    anchor.unlink()

    faults = list(find_faults())

    gone = "“单位”留痕封存过 1 段，现在一段也不在了：封条被删除，请从删除以前的备份恢复后再核对。"
    assert gone in faults
    assert any("找不到锚定文件" in fault for fault in faults)


def test_a_first_installation_is_no_alarm(anchor: Path) -> None:
    get_system_user()
    make_unit("zjj", "区住建局")

    assert list(find_faults()) == []
    assert not anchor.exists()


def test_a_roll_up_that_its_tasks_do_not_bear_out_is_found() -> None:
    plan, unit = make_plan(), make_unit("zjj", "区住建局")
    row = make_row(plan, "02-02", leads=[unit], due_on=date(2019, 9, 30))
    dispatch(plan, row)
    assert list(find_faults()) == []

    models.QuerySet(Obligation).filter(pk=row.pk).update(open_due_on=None, open_count=0)

    assert list(find_faults()) == [
        "“任务” 02-02 的汇总（open_due_on、open_count）与办理件不符："
        "被直接改过，或办理件绕过平台改过。"
    ]


def test_sealing_twice_changes_nothing(sealed: Unit, anchor: Path) -> None:
    before = anchor.read_text()

    assert seal_history(at=NOW) == 0
    assert anchor.read_text() == before

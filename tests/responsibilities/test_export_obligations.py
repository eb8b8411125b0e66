"""The rows that outside programs read."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from tests.builders import PLAN_TEXT, make_plan, make_row, make_unit

pytestmark = pytest.mark.django_db


def exported(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    call_command("export_obligations", "--format", "json")
    return json.loads(capsys.readouterr().out)["obligations"]


def test_a_row_is_exported_with_exact_slices_and_units(capsys: pytest.CaptureFixture[str]) -> None:
    lead, assist = make_unit("yjj", "区应急管理局"), make_unit("czj", "区财政局", order=20)
    make_row(make_plan(), "02-02", leads=[lead], assists=[assist], due_on=date(2020, 12, 31))

    (row,) = exported(capsys)

    assert row["code"] == "02-02"
    assert row["clause"] == "二"
    assert row["source_texts"] == ["区安监局要建立信息平台。"]
    assert all(text in PLAN_TEXT for text in row["source_texts"])
    assert (row["lead_units"], row["assist_units"]) == (["区应急管理局"], ["区财政局"])
    assert (row["deadline_kind"], row["deadline"]) == ("fixed", "2020-12-31")


def test_what_nobody_decided_is_null(capsys: pytest.CaptureFixture[str]) -> None:
    make_row(make_plan(), "02-02", leads=[])

    (row,) = exported(capsys)

    assert (row["deadline"], row["frequency"], row["lead_units"]) == (None, None, [])


def test_without_a_plan_the_command_says_what_to_do() -> None:
    with pytest.raises(CommandError, match="请先运行 init 或 import_plan"):
        call_command("export_obligations")

"""The export as a command, for schedules and for more rows than a request may carry."""

import csv
import io

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from organizations.enums import PostKind
from tests.builders import dispatch, make_user
from tests.responsibilities.excel.world import lines_of

pytestmark = pytest.mark.django_db


def run(*options):
    call_command("export_ledger", *options, verbosity=0)


def test_writes_the_whole_ledger_of_the_current_plan(world, tmp_path, capsys):
    out = tmp_path / "台账.xlsx"

    run("--out", str(out))

    assert lines_of(openpyxl.load_workbook(out)).keys() == {"01-01", "02-01", "02-02", "03-01"}
    assert "已导出 4 行" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["台账.xlsx"]


def test_writes_what_one_account_sees(world, tmp_path):
    dispatch(world.plan, world.rows["02-01"], world.rows["02-02"])
    make_user("liaison", (world.units["shabu"], PostKind.LIAISON))
    out = tmp_path / "办理件.csv"

    run("--out", str(out), "--level", "task", "--user", "liaison")

    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert {row["责任单位"] for row in rows} == {"沙埠镇"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--out", "x.pdf"], "xlsx 或 .csv 结尾"),
        (["--out", "x.csv", "--plan", "nowhere"], "库里没有这份方案"),
        (["--out", "x.csv", "--user", "nobody"], "没有账号 nobody"),
        (["--out", "/nowhere/at/all.csv"], "写不了"),
    ],
)
def test_says_what_is_wrong(world, options, words):
    with pytest.raises(CommandError, match=words):
        run(*options)

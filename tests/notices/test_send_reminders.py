"""The command that cron can call instead of the scheduler."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from notices.models import Notice
from notices.services.managing import Limits, set_limits
from tests.builders import NOW

pytestmark = pytest.mark.django_db


def run(*args: str) -> list[str]:
    out = StringIO()
    call_command("send_reminders", *args, stdout=out)
    return out.getvalue().splitlines()


def test_the_last_line_begins_with_the_number_planned(people, duties):
    duties.add_quarter(1, people.zjj)
    duties.add_quarter(2, people.jtj)

    assert run()[-1] == "2 条提醒已按 2019-09-18 安排。"
    assert run("--date", "2019-09-18")[-1].startswith("0 ")
    assert Notice.objects.unread().count() == 2


def test_a_dry_run_names_who_would_get_what_and_writes_nothing(people, duties):
    duties.add_quarter(1, people.zjj)

    lines = run("--dry-run", "--date", "2019-09-24")

    assert lines[0].split("\t")[:2] == ["李科员", "到期前5个工作日"]
    assert lines[-1].startswith("1 条提醒")
    assert not Notice.objects.exists()


def test_both_runs_say_that_reminders_are_paused_and_the_dry_run_what_would_be_held(people, duties):
    duties.add_quarter(1, people.zjj)
    duties.add_quarter(2, people.zjj)
    limits = Limits(is_paused=True, cap=1)
    set_limits(limits, version=0, actor=people.office, at=NOW, reason="系统割接")

    said = f"自动提醒已由{people.office}暂停，恢复以前不安排也不发出。"
    assert run()[0] == said
    dry = run("--dry-run")
    assert dry[0] == said
    assert dry[-2:] == [
        "共 2 条，超过一次最多 1 条，会整批暂缓，等区安委办核对后放行。",
        "2 条提醒待恢复后安排（试算）。",
    ]


def test_day_that_is_none_is_told_in_chinese_with_the_way_to_write_it(capsys):
    with pytest.raises(CommandError, match="“2019-13-01”不是日期，请写成 2019-09-08 这样。"):
        call_command("send_reminders", "--date", "2019-13-01")

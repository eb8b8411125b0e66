"""The scheduler: small, and not silenced by a clock that was put back."""

import subprocess
import sys
from datetime import timedelta

import pytest
from celery.schedules import crontab
from django.core.management import get_commands, load_command_class

from qinnan_safety.beat import Scheduler
from qinnan_safety.beat_app import app
from qinnan_safety.timetable import SCHEDULE

# 每个定时任务都有命令可代：按日子办的带 --date，其余只看当下。
DATED = {
    "send-chases": "send_chases",
    "send-reminders": "send_reminders",
    "send-parcels": "send_reminders",
    "hand-over-to-successors": "top_up_tasks",
    "top-up-tasks": "top_up_tasks",
    "settle-inspections": "settle_inspections",
    "draft-ended-assessments": "draft_ended_assessments",
    "build-ended-papers": "build_ended",
}
UNDATED = {
    "seal-history": "verify_history",
    "clear-sessions": "clearsessions",
}
# 心跳和补生成：没有后台进程时无事可办。
WITHOUT_TWIN = {"heartbeat", "sweep-builds"}


@pytest.fixture
def scheduler(tmp_path):
    made = Scheduler(app=app, schedule_filename=str(tmp_path / "schedule"), lazy=True)
    made.setup_schedule()
    yield made
    made.close()


def test_an_entry_that_ran_in_the_future_is_due_now(scheduler):
    entry = scheduler.schedule["send-reminders"]
    entry.last_run_at = app.now() + timedelta(days=95)
    assert not entry.is_due().is_due

    assert scheduler.forget_the_future() == 1

    assert entry.is_due().is_due


def test_a_nightly_entry_too(scheduler):
    entry = scheduler.schedule["top-up-tasks"]
    assert isinstance(entry.schedule, crontab)
    entry.last_run_at = app.now() + timedelta(hours=2)

    scheduler.forget_the_future()

    assert entry.is_due().is_due


def test_the_order_of_entries_is_made_anew(scheduler, monkeypatch):
    sent = []
    monkeypatch.setattr(Scheduler, "producer", None)  # no queue is asked
    monkeypatch.setattr(
        Scheduler, "apply_entry", lambda self, entry, producer=None: sent.append(entry.name)
    )
    for entry in scheduler.schedule.values():
        entry.last_run_at = app.now()
    assert scheduler.tick() > 0
    for entry in scheduler.schedule.values():
        entry.last_run_at = app.now() + timedelta(days=95)

    while scheduler.tick() == 0:
        pass

    assert set(sent) == set(scheduler.schedule)


def test_what_ran_in_the_past_is_left_alone(scheduler):
    for entry in scheduler.schedule.values():
        entry.last_run_at = app.now()

    assert scheduler.forget_the_future() == 0


def test_the_platform_runs_this_scheduler(settings):
    assert app.conf.beat_scheduler == "qinnan_safety.beat:Scheduler"


def test_the_scheduler_loads_none_of_the_apps():
    lines = """
from celery.beat import Service
from qinnan_safety.beat_app import app
from qinnan_safety.timetable import SCHEDULE
app.loader.init_worker(); app.finalize()
assert "send-reminders" in Service(app).get_scheduler(lazy=True).app.conf.beat_schedule
import django.apps
print(django.apps.apps.ready)
"""
    run = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_a_server_without_the_scheduler_has_a_command_for_each_entry():
    assert {*DATED, *UNDATED, *WITHOUT_TWIN} == set(SCHEDULE)
    apps = get_commands()
    for command in DATED.values():
        parser = load_command_class(apps[command], command).create_parser("manage.py", command)
        assert parser.parse_args(["--date", "2019-10-01"]).date.isoformat() == "2019-10-01"
    assert set(UNDATED.values()) <= set(apps)

"""The scheduler: small, and not silenced by a clock that was put back."""

import subprocess
import sys
from datetime import date, timedelta
from io import StringIO

import pytest
from celery.schedules import crontab
from django.core.management import call_command

from common.clock import day_of, today
from organizations.services.people import get_system_user
from qinnan_safety.beat import Scheduler
from qinnan_safety.beat_app import app
from qinnan_safety.heartbeat import WORKER
from qinnan_safety.models import HistorySeal
from qinnan_safety.timetable import SCHEDULE
from tests.builders import TODAY


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


@pytest.mark.django_db
def test_a_server_without_the_scheduler_does_each_entry_by_a_command_on_a_date(
    settings, tmp_path, monkeypatch
):
    settings.HISTORY_ANCHOR = str(tmp_path / "history.jsonl")
    signs = []
    monkeypatch.setattr("qinnan_safety.tasks.leave_sign", signs.append)
    get_system_user()

    for entry in SCHEDULE:
        out = StringIO()
        call_command("run_periodic", entry, "--date", "2019-10-01", stdout=out)
        assert out.getvalue().startswith(f"{entry} 已办"), entry

    assert signs == [WORKER]
    assert {day_of(seal.sealed_at) for seal in HistorySeal.objects.all()} == {date(2019, 10, 1)}
    assert today() == TODAY

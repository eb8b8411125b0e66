"""Do one entry of the timetable here and now, on a server without the scheduler or its workers."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from common.days import typed_day
from qinnan_safety.celery import app
from qinnan_safety.timetable import SCHEDULE


class Command(BaseCommand):
    help = (
        "把定时表里的一项当场办一次，不用定时、后台和队列；重复运行不会重复办理。"
        "过期会话和登录失败记录总按实际时间清理。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("entry", choices=sorted(SCHEDULE), help="定时表里的名称")
        parser.add_argument("--date", type=typed_day, help="按哪一天办，默认当天")

    def handle(self, *args: Any, **options: Any) -> None:
        entry = options["entry"]
        app.loader.import_default_modules()
        app.conf.task_always_eager = True  # what the task rings for is done here as well
        with clock.standing_at(options["date"]):
            done = app.tasks[SCHEDULE[entry]["task"]]()
        found = len(done) if isinstance(done, list) else done
        self.stdout.write(f"{entry} 已办{'' if found is None else f'，{found} 件'}。")

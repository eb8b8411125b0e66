"""Send the chases whose moment of grace is over, as the scheduler does every few seconds."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from common.days import typed_day
from responsibilities.services.chasing import send_chases


class Command(BaseCommand):
    help = "发出已过可撤回时间的催办；重复运行不会重复发。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--date", type=typed_day, help="发出到这一天结束时应发的，默认此刻应发的"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["date"] or clock.today()
        at = clock.now() if day == clock.today() else clock.morning_of(day, 23, 59)
        self.stdout.write(f"发出催办 {send_chases(at=at)} 件。")

"""Close tasks whose inspection was confirmed before they were laid out, as every night."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from inspections.services.settling import settle_open_tasks
from organizations.services.people import get_system_user


class Command(BaseCommand):
    help = "季度任务已有确认的带队检查、却晚于检查才展开的，予以办结；重复运行不会重复办理。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, help="按哪一天办理，默认当天")

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["date"]
        at = clock.morning_of(day) if day else clock.now()
        settled = settle_open_tasks(actor=get_system_user(), at=at)
        self.stdout.write(f"按已确认的带队检查办结 {settled} 件。")

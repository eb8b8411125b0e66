"""Compute the draft of a quarter or year that is over, as the scheduler does every night."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from assessments.services.drafting import draft_ended
from common import clock
from organizations.services.people import get_system_user


class Command(BaseCommand):
    help = "季度、年度期满后测算初评，缺了几天也补齐；重复运行不会重复测算。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, help="按哪一天看期满，默认当天")

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["date"]
        at = clock.morning_of(day) if day else clock.now()
        drafted = draft_ended(actor=get_system_user(), at=at)
        self.stdout.write(f"测算初评 {len(drafted)} 份。")

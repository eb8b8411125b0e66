"""Set the platform up: database, units, the plan and its obligations. Safe to run again."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from assessments.services.loading import load_schemes
from clauses.services.loading import load_plan
from common import clock
from common.days import typed_day
from organizations.services.loading import load_units
from organizations.services.people import get_system_user
from responsibilities.services.loading import load_obligations


class Command(BaseCommand):
    help = "建库并载入单位、方案原文、任务分解和考核方案；重复运行不会改动已有数据。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--today", type=typed_day, help="载入日期，默认当天；单位按这一天的名称"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        reference = settings.FIXTURES_DIR / "reference"
        actor, today = get_system_user(), options["today"] or clock.today()
        at = clock.now() if options["today"] is None else clock.morning_of(today)
        units = load_units(reference, actor=actor, at=at)
        plan, is_new = load_plan(reference / "plan", actor=actor, at=at)
        rows = load_obligations(plan, reference / "plan", actor=actor, at=at, today=today)
        schemes = load_schemes(reference / "schemes.json", actor=actor, at=at)
        self.stdout.write(f"单位与条文称谓：新增 {units} 个")
        self.stdout.write(f"方案：《{plan.title}》{'已载入' if is_new else '已在库中'}")
        self.stdout.write(f"任务：新增 {rows} 项")
        self.stdout.write(f"考核方案：新增 {schemes} 份")

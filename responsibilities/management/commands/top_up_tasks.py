"""Hand over to successors and lay out periods, as the scheduler does every night."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from common.days import typed_day
from organizations.services.people import get_system_user
from responsibilities.services.expected import horizon, top_up_tasks
from responsibilities.services.succession import hand_over_to_successors


class Command(BaseCommand):
    help = "按周期展开办理件，补齐到本年底（10 月起到下年底）；重复运行不会重复生成。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", type=typed_day, help="按哪一天展开，默认当天")

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["date"] or clock.today()
        moved = hand_over_to_successors(actor=get_system_user(), at=clock.now(), today=today)
        self.stdout.write(f"由承接单位接过的任务 {moved} 项。")
        made = top_up_tasks(actor=get_system_user(), at=clock.now(), today=today)
        self.stdout.write(f"新增办理件 {made} 件，已展开到 {horizon(today):%Y-%m-%d}。")

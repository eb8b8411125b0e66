"""Load the demonstration accounts and a year of demonstration work."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from clauses.models import Plan
from common import clock
from common.clock import day_of
from common.days import typed_day
from organizations.models import Unit, User
from qinnan_safety.demo import Story, demo_accounts, load_demo, real_accounts
from qinnan_safety.demo_acts import add_acts
from qinnan_safety.demo_papers import add_papers
from qinnan_safety.demo_publication import publish_demo
from qinnan_safety.demo_scores import load_demo_scores
from responsibilities.enums import ObligationState
from responsibilities.models import Obligation

ELSEWHERE = (
    "正式使用请执行 DEMO=0 make run；要看演示，请另换一个空的数据目录：QINNAN_VAR=目录 make run。"
)


class Command(BaseCommand):
    help = "载入演示账号和演示数据（仅限演示环境）；重复运行不会重复载入。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--today", type=typed_day, help="演示到哪一天，默认当天")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEBUG or settings.DEMO):
            raise CommandError(
                "这里不是演示环境，不载入演示数据。确需演示，请设置 DEMO=1 后再运行。"
            )
        story = Story.ending(options["today"] or clock.today())
        call_command("init", today=story.loaded_on, stdout=self.stdout)
        if User.objects.filter(is_demo=True).exists():
            self.stdout.write("演示数据已在库中，没有重复载入。")
            return
        plan = Plan.objects.current()
        dispatched = Obligation.objects.exclude(state=ObligationState.DRAFT)
        if plan is None or dispatched.exists() or real_accounts().exists():
            raise CommandError(
                "这里是正式使用的数据（已有正式账号或已下发的任务），不能混入演示数据。" + ELSEWHERE
            )
        if day_of(Unit.history.earliest("history_date").history_date) > story.loaded_on:
            raise CommandError(
                f"这里的单位是 {story.loaded_on} 以后登记的，演示要从那一天讲起，"
                f"不能倒着补记。{ELSEWHERE}"
            )
        with transaction.atomic():
            tasks = load_demo(plan, story)
            add_acts(plan, User.objects.get(username="office"), story)
            quarters = load_demo_scores(story)
            add_papers(User.objects.get(username="office"), story)
            publish_demo(User.objects.get(username="office"), story)
        self.stdout.write(f"演示数据：办理件 {tasks} 件，业务日期到 {story.today:%Y-%m-%d}。")
        self.stdout.write(f"演示考核：{quarters} 个季度。")
        self.stdout.write("演示账号（口令 qinnan-demo-2026）：")
        for username, person in demo_accounts():
            self.stdout.write(f"  {username}  {person}")

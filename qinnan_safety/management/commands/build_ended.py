"""Assess the periods that are over and write their papers, as the scheduler does."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.services.drafting import draft_ended
from common import clock
from common.days import typed_day
from documents.enums import BuildState
from documents.services.jobs import progress_of
from documents.tasks import build_item
from organizations.services.people import get_system_user
from qinnan_safety.period_end import build_ended_periods


class Command(BaseCommand):
    help = (
        "季度、年度期满后：测算初评，起草并生成通报和成绩单；每一期每一种只有一次，重复运行不重复。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", type=typed_day, help="按哪一天办理，默认当天")

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["date"] or clock.today()
        at = clock.morning_of(today) if options["date"] else clock.now()
        system = get_system_user()
        drafted = draft_ended(actor=system, at=at)
        self.stdout.write(f"测算初评 {len(drafted)} 期。")
        jobs = build_ended_periods(actor=system, at=at, today=today)
        failed = 0
        for job in jobs:
            for pk in job.items.values_list("pk", flat=True):
                build_item(pk)
            for unit, reason in job.left_out:
                self.stderr.write(f"{unit}未能起草：{reason}")
            for item in job.items.filter(state=BuildState.FAILED).select_related("document__unit"):
                self.stderr.write(f"{item.document.file_stem}未能生成：{item.reason}")
            progress = progress_of(job)
            failed += progress.failed + len(job.left_out)
            self.stdout.write(f"{job.title}：生成 {progress.done} 个文件。")
        if not jobs:
            self.stdout.write("没有要生成的，或者已经生成过。")
        if failed:
            raise CommandError(f"{failed} 份未成，见上。")

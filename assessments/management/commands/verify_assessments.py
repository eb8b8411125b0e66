"""Compute published assessments again, from the history and from what was kept with them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from assessments.services.verifying import verify_assessments


class Command(BaseCommand):
    help = (
        "核对考核结果：从留痕重读事实、按留存的事实重算，与已发布的逐字节比对；不一致时状态为 1。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--period", help="只核对一期，如 2019Q3；默认全部已发布的")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(verify_assessments(options["period"] or ""))
        for item in found:
            self.stdout.write(item.words)
        wrong = [item for item in found if not item.is_right]
        self.stdout.write(f"核对 {len(found)} 次测算，{len(wrong)} 次不一致。")
        if wrong:
            raise SystemExit(1)

"""Write the ledger's rows to standard output for other programs."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clauses.models import Plan
from responsibilities.export import obligation_records


class Command(BaseCommand):
    help = "导出任务清单（JSON），供其他系统使用。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["json"], default="json", help="格式")
        parser.add_argument("--plan", default="", help="方案代码，默认最新的方案")

    def handle(self, *args: Any, **options: Any) -> None:
        plans = Plan.objects.without_text()
        code = options["plan"]
        plan = plans.filter(code=code).first() if code else plans.current()
        if plan is None:
            raise CommandError("库里没有这份方案，请先运行 init 或 import_plan。")
        records = list(obligation_records(plan.obligations.live()))
        self.stdout.write(json.dumps({"obligations": records}, ensure_ascii=False, indent=1))

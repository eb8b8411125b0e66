"""Read a plan from a .txt or .docx file: show it (--dry-run) or store it."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from clauses.reading import PlanDocument, UnreadablePlan, as_json, read_file, read_plan

CANNOT_READ = 2


class Command(BaseCommand):
    help = "读取一份方案(.txt 或 .docx,UTF-8 或 GB18030),拆出条款、句子和任务建议"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="方案文件")
        parser.add_argument("--dry-run", action="store_true", help="只读取,不写入数据库")
        parser.add_argument(
            "--format", choices=["text", "json"], default="text", help="输出形式,默认为文字摘要"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            document = read_plan(read_file(path))
        except UnreadablePlan as error:
            self.stderr.write(error.message)
            raise SystemExit(CANNOT_READ) from error
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_json(document), ensure_ascii=False, indent=1))
        else:
            self._summarise(document)

    def _summarise(self, document: PlanDocument) -> None:
        dated = sum(proposal.deadline is not None for proposal in document.proposals)
        named = sum(bool(proposal.bearers) for proposal in document.proposals)
        self.stdout.write(f"标题:{document.title or '(未找到)'}")
        self.stdout.write(
            f"{len(document.sections)} 个部分,{len(document.clauses)} 条"
            f"(以“{document.clause_form}”为条),{len(document.provisions)} 句,"
            f"{len(document.proposals)} 项任务建议,"
            f"其中 {named} 项写明主体,{dated} 项写明日期。"
        )

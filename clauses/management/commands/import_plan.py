"""Read a plan from a .txt or .docx file: show it (--dry-run) or store it."""

import json
import sys
from argparse import ArgumentParser
from io import TextIOWrapper
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clauses.reading import PlanDocument, UnreadablePlan, as_json, read_file, read_plan
from clauses.services.importing import Particulars, import_document
from clauses.services.storing import text_sha256
from common import clock
from common.days import typed_day
from common.errors import DomainError
from organizations.services.people import get_system_user

CANNOT_READ = 2


class Command(BaseCommand):
    help = "读取一份方案（.txt 或 .docx，UTF-8 或 GB18030），拆出条款、句子和任务建议"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="方案文件")
        parser.add_argument("--dry-run", action="store_true", help="只读取，不写入数据库")
        parser.add_argument(
            "--format", choices=["text", "json"], default="text", help="输出形式，默认为文字摘要"
        )
        parser.add_argument("--code", default="", help="方案代码，不填则由原文校验值生成")
        parser.add_argument("--title", default="", help="方案标题，不填则用文中的标题")
        parser.add_argument("--issuer", default="", help="制发单位")
        parser.add_argument("--published-on", type=typed_day, help="公布日期")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            document = read_plan(read_file(options["file"]))
        except UnreadablePlan as error:
            self.stderr.write(error.message)
            raise SystemExit(CANNOT_READ) from error
        if not options["dry_run"]:
            self._store(document, options)
        _speak_utf8()
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_json(document), ensure_ascii=False, indent=1))
        else:
            self.stdout.write(_summary(document))

    def _store(self, document: PlanDocument, options: dict[str, Any]) -> None:
        code = options["code"] or f"plan-{text_sha256(document.text)[:8]}"
        particulars = Particulars(
            title=options["title"], issuer=options["issuer"], published_on=options["published_on"]
        )
        try:
            plan = import_document(
                document,
                code=code,
                actor=get_system_user(),
                at=clock.now(),
                particulars=particulars,
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stderr.write(f"已导入《{plan.title}》，代码 {plan.code}。")


def _summary(document: PlanDocument) -> str:
    dated = sum(proposal.deadline is not None for proposal in document.proposals)
    named = sum(bool(proposal.bearers) for proposal in document.proposals)
    return (
        f"标题：{document.title or '（文中没有找到）'}\n"
        f"{len(document.sections)} 个部分，{len(document.clauses)} 条"
        f"（编号形式“{document.clause_form}”），{len(document.provisions)} 句，"
        f"{len(document.proposals)} 项任务建议，"
        f"其中 {named} 项写明主体，{dated} 项写明日期。"
    )


def _speak_utf8() -> None:
    """Print UTF-8 whatever the terminal's locale: outside programs read this output."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")

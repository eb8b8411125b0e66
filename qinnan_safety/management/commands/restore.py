"""Restore a backup into an empty platform."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qinnan_safety.archive.container import restore_archive, verified_manifest
from qinnan_safety.archive.database import ArchiveError
from qinnan_safety.environment import run_dir
from qinnan_safety.management.commands.serve import hold_lock


class Command(BaseCommand):
    help = "把备份文件恢复到空的数据目录或空的数据库；已有数据时拒绝。"
    requires_system_checks: list[str] = []  # must work when other parts do not

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="backup 命令写出的文件")
        parser.add_argument("--check", action="store_true", help="只校验备份文件，不恢复")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                manifest = verified_manifest(options["file"])
            else:
                lock = hold_lock(run_dir())
                manifest = restore_archive(options["file"])
                os.close(lock)
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        done = "备份完好" if options["check"] else "已恢复"
        self.stdout.write(
            f"{done}：{manifest['made_at']} 的备份，{sum(manifest['rows'].values())} 行，"
            f"附件 {len(manifest['sha256']) - 1} 个。"
        )
        if not options["check"]:
            self.stdout.write("请运行 make run（或 manage.py init）启动；所有人需要重新登录。")

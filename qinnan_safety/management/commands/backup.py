"""Write one file from which the platform can be restored."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import clock
from qinnan_safety.archive.container import write_archive
from qinnan_safety.archive.database import ArchiveError


class Command(BaseCommand):
    help = "备份数据库和附件到一个文件；平台运行中也可执行，写完即校验。"
    requires_system_checks: list[str] = []  # must work when other parts do not

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="备份文件，须尚不存在")

    def handle(self, *args: Any, **options: Any) -> None:
        target = options["file"].absolute()
        try:
            manifest = write_archive(target, at=clock.now())
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        size = target.stat().st_size / 1_000_000
        self.stdout.write(
            f"已备份到 {target}：{sum(manifest['rows'].values())} 行，"
            f"附件 {len(manifest['sha256']) - 1} 个，{size:.1f} MB，校验一致。"
        )

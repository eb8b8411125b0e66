"""Check that nobody changed the record behind the application's back."""

from argparse import ArgumentParser
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import clock
from qinnan_safety.models import HistorySeal
from qinnan_safety.sealing.anchor import anchor_file
from qinnan_safety.sealing.sealer import seal_history
from qinnan_safety.sealing.verifier import find_faults

SHOWN = 200


class Command(BaseCommand):
    help = "核对留痕：找出绕过平台改动、删除、截去的记录；有问题时以状态 1 结束。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seal", action="store_true", help="核对无误后，把新的留痕封存")

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(islice(find_faults(), SHOWN))
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            more = "以上" if len(faults) == SHOWN else ""
            raise CommandError(f"发现 {len(faults)} 处{more}问题，请保护现场并查明原因。")
        sealed = seal_history(at=clock.now()) if options["seal"] else 0
        count = HistorySeal.objects.count()
        self.stdout.write(
            f"留痕完整：{count} 段封条逐行核对一致，现值与最近一次留痕一致；"
            f"锚定文件 {anchor_file().name}{f'，新封存 {sealed} 行' if sealed else ''}。"
        )

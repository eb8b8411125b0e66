"""Send the chases whose moment of grace is over, as the scheduler does every few seconds."""

from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from responsibilities.services.chasing import send_chases


class Command(BaseCommand):
    help = "发出已过可撤回时间的催办；重复运行不会重复发。"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"发出催办 {send_chases(at=clock.now())} 件。")

"""Plan and send the reminders of a day, as the scheduler does."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from common.days import typed_day
from notices.halts import overflow_of, pause_now
from notices.rules import rule_label
from notices.services.delivering import deliver_notices
from notices.services.ordering import draft_orders
from notices.services.outbox import send_parcels
from notices.services.planning import proposals
from notices.services.ticking import plan_day
from organizations.models import User
from organizations.services.people import get_system_user


class Command(BaseCommand):
    help = "安排并发出到期前提醒和逾期催办；重复运行不会重复提醒，缺了几天也只补一条。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", type=typed_day, help="按哪一天安排，默认当天")
        parser.add_argument("--dry-run", action="store_true", help="只列出谁会收到什么，不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["date"] or clock.today()
        pause = pause_now()
        if pause:
            self.stdout.write(f"自动提醒已由{pause.who}暂停，恢复以前不安排也不发出。")
        if options["dry_run"]:
            count = self._preview(today)
            if batch := overflow_of(count):
                said = f"共 {batch.count} 条，超过一次最多 {batch.cap} 条，会整批暂缓"
                self.stdout.write(f"{said}，等区安委办核对后放行。")
            when = "待恢复后" if pause else f"将在 {today:%Y-%m-%d} "
            self.stdout.write(f"{count} 条提醒{when}安排（试算）。")
            return
        planned = plan_day(clock.now, at=clock.now(), today=today)
        sent = deliver_notices(at=clock.now(), today=today)
        self.stdout.write(f"发出提醒 {sent} 条。")
        drafted = draft_orders(clock.now, actor=get_system_user())
        self.stdout.write(f"拟督办单 {drafted} 份。")
        self.stdout.write(f"经其他渠道送出 {send_parcels(clock.now)} 条。")
        self.stdout.write(f"{planned} 条提醒已按 {today:%Y-%m-%d} 安排。")

    def _preview(self, today: date) -> int:
        names = {user.pk: str(user) for user in User.objects.all()}
        count = 0
        for chunk in proposals(at=clock.now(), today=today):
            count += len(chunk)
            for notice in chunk:
                who = names[notice.recipient_id]
                self.stdout.write(f"{who}\t{rule_label(notice.rule)}\t{notice.text}")
        return count

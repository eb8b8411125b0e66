"""Write the 任务分解表 or the list of tasks to a file, of any size and without the web."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clauses.models import Plan
from common import clock
from organizations.access import Access, access_of
from organizations.enums import PostKind
from organizations.models import Appointment, Post, User
from organizations.services.people import get_system_user
from responsibilities.excel.exporting import CSV, ROWS, TASKS, XLSX, Export, write_export
from responsibilities.filters import parse
from responsibilities.pages.choices import frame_of


class Command(BaseCommand):
    help = (
        "导出任务分解表（--level task 为办理件清单）到文件，格式按扩展名 .xlsx 或 .csv；行数不限。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, help="文件名，.xlsx 或 .csv")
        parser.add_argument("--plan", default="", help="方案代码，默认最新的方案")
        parser.add_argument("--level", choices=[ROWS, TASKS], default=ROWS, help="任务或办理件")
        parser.add_argument("--user", default="", help="按此账号能看到的范围导出，默认全部")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        kind = out.suffix.lstrip(".").lower()
        if kind not in {XLSX, CSV}:
            raise CommandError("文件名要以 .xlsx 或 .csv 结尾。")
        wanted = self._wanted(options, kind)
        part = out.with_name(f".{out.name}.part")
        try:
            with part.open("wb") as file:
                count = write_export(file, wanted, at=clock.now())
            part.replace(out)
        except OSError as error:
            raise CommandError(f"写不了 {out}：{error.strerror}。") from error
        finally:
            part.unlink(missing_ok=True)
        self.stdout.write(f"已导出 {count} 行到 {out}。")

    def _wanted(self, options: dict[str, Any], kind: str) -> Export:
        today = clock.today()
        access = self._access(options["user"])
        frame = frame_of(access, today=today, plan=options["plan"])
        plan: Plan | None = frame.choices.plan
        if plan is None or (options["plan"] and plan.code != options["plan"]):
            raise CommandError("库里没有这份方案，请先运行 init 或 import_plan。")
        asked, _ = parse({"plan": plan.code}, frame.choices, access=access)
        return Export(
            plan=plan,
            access=access,
            today=today,
            filters=asked,
            choices=frame.choices,
            level=options["level"],
            format=kind,
        )

    @staticmethod
    def _access(username: str) -> Access:
        """Return the rights of the account named, or the sight of an auditor: all, to read."""
        if not username:
            seeing_all = Appointment(post=Post(kind=PostKind.AUDITOR))
            return Access(user=get_system_user(), appointments=(seeing_all,))
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"没有账号 {username}。")
        return access_of(user, today=clock.today())

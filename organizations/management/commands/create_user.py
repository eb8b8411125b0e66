"""Open an account and put the person into a post."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from common import clock
from common.days import typed_day
from common.errors import DomainError, messages_of
from organizations.enums import PostKind
from organizations.models import Unit
from organizations.services.people import appoint, create_user, ensure_post, get_system_user


class Command(BaseCommand):
    help = "开通账号并任职，例如：create_user lim --name 李明 --unit zjj --post liaison"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="登录名")
        parser.add_argument("--name", required=True, help="姓名")
        parser.add_argument("--unit", required=True, help="单位代码，如 zjj；安委办为 awb")
        parser.add_argument(
            "--post",
            required=True,
            choices=PostKind.values,
            help="岗位：" + "、".join(f"{kind.value} {kind.label}" for kind in PostKind),
        )
        parser.add_argument("--title", default="", help="职务名称，不填则用岗位名称")
        parser.add_argument("--phone", default="", help="办公电话")
        parser.add_argument("--since", type=typed_day, help="任职日期，默认当天")
        parser.add_argument("--password", help="口令；不填则在终端输入")

    def handle(self, *args: Any, **options: Any) -> None:
        password = options["password"] or getpass.getpass("口令（不显示）:")
        at, actor = clock.now(), get_system_user()
        unit = Unit.objects.filter(code=options["unit"]).first()
        if unit is None:
            raise CommandError(f"没有代码为“{options['unit']}”的单位，请在“单位人员”页查看代码。")
        kind = PostKind(options["post"])
        try:
            validate_password(password)
            with transaction.atomic():
                user = create_user(
                    username=options["username"],
                    full_name=options["name"],
                    password=password,
                    phone=options["phone"],
                    actor=actor,
                    at=at,
                )
                title = options["title"] or kind.label
                post = ensure_post(unit, kind, title=title, actor=actor, at=at)
                since = options["since"] or clock.today()
                appoint(user, post, starts_on=since, actor=actor, at=at)
        except (DomainError, ValidationError) as error:
            raise CommandError(" ".join(messages_of(error))) from error
        self.stdout.write(f"已开通账号 {user.username}（{user.full_name}），任{post}。")

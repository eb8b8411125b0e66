"""Opening accounts from the command line."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from organizations.models import Appointment, User
from tests.builders import make_unit

pytestmark = pytest.mark.django_db


def open_account(*arguments: str) -> None:
    call_command("create_user", *arguments)


def test_an_account_comes_with_its_post() -> None:
    make_unit("zjj", "区住房和城乡建设局")

    open_account(
        "lim", "--name", "李明", "--unit", "zjj", "--post", "liaison",
        "--since", "2019-01-01", "--password", "Bu-Tong-2019-kou",
    )  # fmt: skip

    held = Appointment.objects.get()
    assert (str(held.user), str(held.post)) == ("李明", "区住房和城乡建设局 联络员")
    assert held.starts_on == date(2019, 1, 1)
    assert held.user.check_password("Bu-Tong-2019-kou")


def test_a_unit_that_is_not_there_leaves_no_account_behind() -> None:
    with pytest.raises(CommandError, match="没有代码为“nowhere”的单位"):
        open_account(
            "lim", "--name", "李明", "--unit", "nowhere", "--post", "head", "--password", "x" * 14
        )

    assert not User.objects.filter(username="lim").exists()


def test_a_second_account_of_the_same_name_is_refused_in_words() -> None:
    make_unit("zjj", "区住房和城乡建设局")
    arguments = ["lim", "--name", "李明", "--unit", "zjj", "--post", "head"]
    open_account(*arguments, "--password", "Bu-Tong-2019-kou")

    with pytest.raises(CommandError, match="已存在"):
        open_account(*arguments, "--password", "Bu-Tong-2019-kou")

    assert Appointment.objects.count() == 1

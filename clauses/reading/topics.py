"""What a heading says: that nothing below it is a duty, or that it is one itself."""

import re

from clauses.reading.actors import subjects
from clauses.reading.deadlines import find_deadlines
from clauses.reading.frequencies import find_rates

_NO_DUTY = re.compile(
    r"指导思想|总体要求|基本原则|工作原则|总体原则|主要原则|实施原则|重[大要]意义|总体思路|工作思路|"
    r"编制依据|制定依据|(?:适用|整治|治理|实施|检查|排查|行动|活动)(?:范围|对象)|基本情况|(?:工作|现有|发展)基础$|工作成效|存在(?:的)?(?:主要)?问题$|现状|背景|形势|目标|愿景|定义|术语|主题"
)


_COMMAND = re.compile(r"每(?!个人|位|一位|名)|不得|严禁|禁止|应当|必须")
LONGEST_BARE = 12


def asks_something(title: str) -> bool:
    """Say whether a title is a duty as well: 限期30日内整改到位, 各镇要做好以下工作.

    A window, 第一阶段(2024年4月至6月), only dates what follows, and 部门检查 only names it.
    """
    limits = find_deadlines(title, 0, len(title))
    if any(not limit.is_window for limit in limits) or _COMMAND.search(title):
        return True
    return len(title) > LONGEST_BARE and bool(subjects(title, 0, len(title)))


def is_duty(title: str) -> bool:
    """Say whether the words say who acts and by when or how often: 各镇每季度报告一次."""
    limits = find_deadlines(title, 0, len(title))
    rates = find_rates(title, 0, len(title))
    is_timed = any(not limit.is_window for limit in limits) or any(
        rate.is_stated and not rate.by_name for rate in rates
    )
    return is_timed and bool(subjects(title, 0, len(title)))


def asks_nothing(heading: str) -> bool:
    """Say whether what stands under the heading is aim, principle or explanation."""
    return _NO_DUTY.search(heading) is not None

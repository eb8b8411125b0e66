"""Headings under which a plan explains itself and asks nothing of anybody."""

import re

_NO_DUTY = re.compile(
    r"指导思想|总体要求|基本原则|工作原则|总体原则|主要原则|实施原则|重[大要]意义|总体思路|工作思路|"
    r"编制依据|制定依据|(?:适用|整治|治理|实施|检查|排查|行动|活动)(?:范围|对象)|基本情况|(?:工作|现有|发展)基础$|工作成效|存在(?:的)?(?:主要)?问题$|现状|背景|形势|目标|愿景|定义|术语|主题"
)


def asks_nothing(heading: str) -> bool:
    """Say whether what stands under the heading is aim, principle or explanation."""
    return _NO_DUTY.search(heading) is not None

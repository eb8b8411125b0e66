"""Dates that set no limit: they only say which things are meant, or tell how things stood.

对2000年底前建成的老旧小区 qualifies the estates; 截至2023年底,全区共有 reports; what stands in
《2024年底前重点工作》 is the name of a paper.  What is done by the date is a limit, although a 的
follows somewhere: 2025年底前建成覆盖全区的平台.
"""

import re
from bisect import bisect_right

from clauses.reading.spans import Span

_DONE = (
    "投入使用|投入运行|投入运营|投入生产|投用|投产|投运|建成|建设|建造|兴建|新建|改建|扩建|竣工|完工|开工|动工|"
    "使用|运行|运营|营业|开业|取得|获得|获批|领取|核发|颁发|发放|登记|注册|备案|许可|批准|审批|审定|核准|立项|"
    "批复|出厂|生产|制造|购买|购置|采购|安装|配备|设立|成立|组建|发生|发现|排查|印发|发布|出台|制定|签订|签署|"
    "到期|届满|退休|入职|出生|任职|认定|评定|创建|验收|整改|完成|受理|形成|确定|确认|报废|停用|关闭|关停|淘汰|"
    "退出|纳入|列入|公布|公告|通过|实施|施行|检验|检测|报送|提交|上报|存在|入住|入驻|交付|在册|在建"
)
_AIM = "目标|任务|要求|时限|时间|节点|基础上|成效|成绩|进展|效果|突破|进步|提升|局面|格局|体系|机制"
# 前建成的, 前建成并投入使用的, 期间发生的: the verb and 的 stand together.
_PARTICIPLE = re.compile(
    rf"(?:期间|之间|间)?[已新经]?(?:{_DONE})(?:[并且、和及或](?:已|且)?(?:{_DONE})){{0,2}}[过了]?"
    rf"的(?!{_AIM})"
)
# 前取得许可证的企业, 前未完成整改的: an object or a negation stands between.
_WITH_OBJECT = re.compile(
    r"(?:期间)?(?:[已经]?(?:取得|获得|领取|办理|持有|投入使用|投用|登记|注册)|[仍尚还]?未(?:能|按)?)"
    rf"[^,。;、]{{1,16}}?的(?!{_AIM}|[^,。;]{{0,6}}(?:成效|成绩|进展|效果))"
)
_OF = re.compile(rf"(?:期间|之间)?的(?!{_AIM})")
# 对/将 … 的: what the verb works on lies between the two.
_OBJECT_MARK = re.compile(
    r"(?:将(?:已[在于]?)?|(?:对|把|凡是?|属于?|针对|包括|涉及)[已在于]{0,2})$"
)
_OBJECT_END = re.compile(rf"[^,。;]{{1,20}}?的(?!{_AIM})")
# 根据2023年12月31日前有关文件: the date tells which papers are meant.
_BASIS_MARK = re.compile(r"(?:根据|按照|依据|依照|参照) ?$")
_BASIS_END = re.compile(r"的?(?:有关|相关)?的?(?:文件|通知|规定|数据|台账|名单|清单|情况)")
_AS_OF = re.compile(r"截至 ?$")
_UNTIL = re.compile(r"截止(?:到|至)? ?$")
_STATED = re.compile(r"[,、 ]?[^,。;]{0,12}?(?:共有|共计|共|已|现有|累计|尚有|仍有|达到|达)")
_STOCK_TAKEN = re.compile(
    r"[,、 ]?(?:全|我|本|辖)[省市区县镇](?![^,。;]{0,20}(?:要|应|必须|完成|实现|建成))"
)
_TEST_MET = re.compile(r"(?:发生|出现|连续|累计|再次|多次|被|受到|有|因)|[^,。;]{1,16}的(?=,)")
_PAPER_NAME = re.compile(r"《[^《》]{1,120}》")


class Named:
    """The names of papers in a text: what stands inside 《》 is nobody's limit."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._spans: list[Span] = [m.span() for m in _PAPER_NAME.finditer(text, start, end)]

    def hold(self, position: int) -> bool:
        index = bisect_right(self._spans, (position, position)) - 1
        return index >= 0 and self._spans[index][0] < position < self._spans[index][1]


def qualifies(text: str, start: int, end: int) -> bool:
    """Say whether the date at ``start``–``end`` only tells which things are meant."""
    if any(p.match(text, end) for p in (_PARTICIPLE, _WITH_OBJECT, _OF)):
        return True
    before = text[max(0, start - 4) : start]
    if _BASIS_MARK.search(before) and _BASIS_END.match(text, end):
        return True
    return bool(_OBJECT_MARK.search(before) and _OBJECT_END.match(text, end))


def reports(text: str, start: int, end: int) -> bool:
    """Say whether the date tells how things stood: 截至2023年底,全区共有."""
    before = text[max(0, start - 5) : start]
    if text.startswith("截", start):
        stands = text.startswith("截至", start) and not text[start:end].endswith("前")
        return stands or _tells(text, end)
    if text[start:end].endswith("前"):
        return False
    if _AS_OF.search(before):
        return True
    return _UNTIL.search(before) is not None and _tells(text, end)


def _tells(text: str, end: int) -> bool:
    return any(pattern.match(text, end) for pattern in (_STATED, _STOCK_TAKEN))


def is_criterion(text: str, end: int) -> bool:
    """Say whether a count of days is a test of what happened: 3个月内发生两起事故的."""
    return _TEST_MET.match(text, end) is not None

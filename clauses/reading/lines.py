"""Kinds of lines around a plan: title, signature and date, annexes, the web page's words."""

import re

from clauses.reading.numerals import NUMERAL_CHARS

# Words that a title of an official paper ends with.
PAPER = (
    "实施方案|工作方案|行动方案|方案|实施意见|若干意见|意见|办法|规定|细则|计划|规划|条例|通知|决定|要点|"
    "措施|清单|分工|制度|预案|纲要|通告|公告|责任书|任务书|工作安排|安排|行动|举措|规程|章程|准则|导则|"
    "批复|函|报告|总结|通报|决议|标准|指引|任务|任务分解|责任分解|分解表|任务表|台账"
)
_TAIL = r"(?: ?\([^()]{1,30}\)| ?〔[^〕]{1,20}〕)*"
_TITLE = re.compile(rf"(?:{PAPER})[》”]?{_TAIL}$")
TITLE_IN_TEXT = re.compile(
    r"(?!为|根据|按照)(?:《[^《》]{2,60}》|[^,。:《》]){2,60}?(?:方案|意见|办法|规定|细则|规划|条例|通知|决定|要点|措施|纲要)(?:的通知)?(?:\([^()]{1,30}\))*"
)
_NOT_IN_TITLE = re.compile("[:。\t]")
_NO_TITLE = re.compile("[,。\t]|^.{0,5}:|制定(?:如下|本)|[现特]提出")
_YEAR = rf"(?:\d{{4}}|[{NUMERAL_CHARS}]{{4}})"
DATE = rf"{_YEAR} ?年 ?[{NUMERAL_CHARS}\d]{{1,3}} ?月? ?[{NUMERAL_CHARS}\d]{{0,3}} ?日?"
_DATE_ONLY = re.compile(rf"{DATE}\.?")
_ANNEX = re.compile(rf"附 ?[件表录图](?:[{NUMERAL_CHARS}\d]{{0,3}})?(?: ?[:.]|$| )|附[:]")
_ANNEX_HEAD = re.compile(
    rf"附(?! *则) ?[件表录图]? ?(?:\(?[{NUMERAL_CHARS}\d]{{1,3}}(?:[-—][\d]{{1,2}})?\)?)? ?"
    r"(?:[:.]?$|[:.] ?[^。;!?]{2,60}$| [^。;!?,]{2,50}$|(?<=[\d)])[^。;!?,]{1,40}[表单册图案书函]$)"
)
_CLOSING = re.compile(
    r"抄 ?[送报]|主 ?送:|分 ?送|主 ?题 ?词|\(?联系(?:人|电话)|附注|公开方式|"
    r"相关(?:信息|链接|文件|解读|附件|阅读)|政策解读|文字解读|图解|上一[篇条]|下一[篇条]|扫一扫|分享到?|"
    r"[出列缺] ?席:|参加人员:|记 ?录(?:人)?:|"
    r"本(?:方案|计划|意见|通知|办法|细则|措施)自(?:[^,。]{1,16}之日|[^,。]{4,14}日)起(?:施行|实施|执行|生效)|"
    r"打印|【?关闭|责任编辑|版权所有|主办|承办单位:|来源:|网站地图|ICP|\(?此件|字体"
)
_BRACKETED_NOTE = re.compile(r"\([^()]{2,30}\)?$")
_REFERENCE = re.compile(r"[〔\[(]?\d{4}[〕\])]?\d{1,5} ?号|第 ?\d{1,5} ?号")
_ADDRESSEES = re.compile(r"^[^。]{2,200}:$")
_INTRODUCES = re.compile("(?:如下|以下[^,]{0,8}|如下[^,]{0,4}):$|[现特][提将就]|制[定订]")
_TERMINAL = tuple("。;:!?,、")
_VERSION = re.compile(r"\(((?:征求意见|送审|讨论|试行|修订|草案|报批|审议|暂行)[^()]{0,6})\)")


def is_title(line: str) -> bool:
    """Say whether the line reads like the title of a paper: 关于…的通知, …实施方案(试行)."""
    if not 4 <= len(line) <= 80 or line.endswith(_TERMINAL) or _NO_TITLE.search(line):
        return False
    return _TITLE.search(line) is not None and not is_annex(line)


def is_title_part(line: str) -> bool:
    """Say whether the line can be one line of a title that is set over several."""
    if not 2 <= len(line) <= 40 or line.endswith(_TERMINAL) or _NOT_IN_TITLE.search(line):
        return False
    return not (ends_with_date(line) or is_annex(line) or is_reference(line) or line[0] == "(")


def title_goes_on(line: str) -> bool:
    """Say whether the line only completes the title above it: (征求意见稿)."""
    bracketed = re.fullmatch(r"\((?![^()]*(?:通过|印发|发布|批准))[^()]{2,30}\)", line)
    return bracketed is not None and not is_closing(line)


def version_label(title: str) -> str:
    """Return the version in the title's brackets: 征求意见稿, 试行; "" when there is none."""
    match = _VERSION.search(title)
    return match.group(1) if match else ""


def is_date(line: str) -> bool:
    return _DATE_ONLY.fullmatch(line) is not None


def ends_with_date(line: str) -> bool:
    return re.search(rf"{DATE}$", line) is not None


def is_signed_date(line: str) -> bool:
    """Say whether the line is a date with at most the signature before it."""
    return re.fullmatch(rf"[^\d〇]{{0,40}}{DATE}", line) is not None


def is_annex(line: str) -> bool:
    return _ANNEX.match(line) is not None


def is_annex_head(line: str) -> bool:
    """Say whether an annex begins with the line: 附件, 附件1, 附件一:, 附件2 任务清单."""
    return len(line) >= 2 and _ANNEX_HEAD.match(line) is not None


def is_closing(line: str) -> bool:
    """Say whether the line belongs to what follows a paper: 抄送, 相关信息, (此件公开发布)."""
    return _CLOSING.match(line) is not None or is_annex(line) or is_date(line)


def is_reference(line: str) -> bool:
    """Say whether the line is a document number: 国办发〔2013〕104号."""
    return len(line) <= 40 and _REFERENCE.search(line) is not None


def is_address(line: str) -> bool:
    """Say whether the line names the addressees: 各镇人民政府,区直各单位:."""
    return _ADDRESSEES.match(line) is not None and not _INTRODUCES.search(line)


def is_short_tail(line: str) -> bool:
    """Say whether the line may be a signature: short and without any stop."""
    return len(line) <= 30 and not line.endswith(_TERMINAL) and "\t" not in line


def is_signature_note(line: str) -> bool:
    return _BRACKETED_NOTE.match(line) is not None

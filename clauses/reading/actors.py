"""Who: the phrase of the text that names those who must act.

An actor is recognised by how it ends (局, 部门, 委员会, 政府, 企业, 负责人 …), never by a list of
names, so that any district's units are found and none is invented.  A list of actors (、 和 及) is
cut into its members; a list whose members make sense only together (区、镇政府) stays whole.
"""

import re
from collections.abc import Iterator

from clauses.reading.sentences import pieces
from clauses.reading.spans import Span, trimmed

_ENDING = re.compile(
    r"(?:部门|单位|机构|机关|组织|企业|公司|集团|政府|党委|党组|党工委|纪委|监委|委|部|(?<![布格大全结时残定僵])局|厅|署|办|院|"
    r"(?<!社)(?<!机)会(?!议)|(?:常委会?|常务|联席|办公|党组|党委|工委|全体)会议|工会|共青团|妇联|协会|银行|支行|分行|人行|社|处|科|股|室|站|所|队|中心|小组|专班|指挥部|防指|街道|乡镇|镇|乡|农场|(?<!市)场|"
    r"村|社区|区|县|市|省|地区|各地|园区|校|医院|(?:网格|安全|协管|巡查|值班|监督|护林)员|(?:举报|申请|当事|监护|承包|承租|出租|产权)人|政协|人大|银行|主体|成员|成员单位|负责人|责任人|"
    r"主任|书记|委员|(?:负责|领导)同志|(?<![延增生成特擅专])长|(?:[省市县区镇乡村]|[两三四五])级|(?<![或两前后二患])者|行业|媒体|团体|群团|团委|团区委|海关|法院|检察院|人员|"
    r"领导|班子|两委|大队|支队|分局|办公室|办事处|武装部|管委会|业主|船东|船主|运营商|物业|消防|公安|交警|"
    r"村\(居\)委会|国家|供电局|联社|兵团|铁路|民航|邮政|气象|税务|财政)$"
)
# A phrase that begins like this is what is done or about what, not who does it.
_NOT_ACTOR = re.compile(
    r"对|向|将|把|在|由|按|以|为|从|根据|依|通过|结合|围绕|针对|推动|推进|加强|加快|加大|建立|建设|健全|完善|落实|"
    r"指导|督促|鼓励|支持|引导|明确|强化|严格|实行|实施|组织|开展|制定|编制|深入|全面|进一步|积极|切实|充分|"
    r"优化|规范|提高|提升|做好|抓好|发挥|促进|确保|坚持|统筹|协调|定期|每|自|如|凡|并|要|应|须|需|不|没有|未|全面|集中|重点|大力|持续|着力|严控|严防|推广|使用|成立|设立|做到|实现|"
    r"采取|采用|推行|运用|利用|借助|依靠|动员(?![委办])|发动|号召|邀请|聘请|委托(?!单位|机构|企业|方)|"
    r"形成|提供|[一二三四五六七八九十]是|第[一二三四五六七八九十],|-|—|"
    r"以及|及时|严禁|禁止|发生|执行|配合|会同|依托|培育|发展|创新|探索|构建|打造|聚焦|突出|紧盯|使|让|当|与|和|"
    r"有下列|下列|其中|同时|此外|主要任务|完成|纳入|取消|统一|整治|排查|检查|查处|严查|打击|严厉|治理|整改|保障|强制|\d|到|力争|至|责令|报|经|本"
)
_STRONG = (
    "(?<![主重])要|担任|应当|应(?!急)|必须|须|需要?(?!求)|负责(?!人|同志)|牵头|会同|不得|"
    r"每(?:半|隔?[\d二两三四五六七八九十]{1,2})?(?:年|个?季度?|个?月|旬|个?星期|周|个?工作日|日|天|个?小时|学期)|定期|"
    "至少(?=组织|开展|召开|进行|培育)|(?:春节|国庆|元旦|节假?日|汛期|假期|暑期|寒假|活动|两会)期间"
)
_WEAK = (
    "负有|负(?!责[人同])|对|向|将|把|依法|依规|按照|按|根据|结合|严格|切实|认真|共同|实行|履行|落实|建立|制定|组织|开展|"
    "加强|加大|强化|完善|健全|做好|抓好|承担|可以|可|是(?=[^,。]{0,30}责任)|分别|统一|全面|进一步|具体|抓紧|围绕|为|"
    "自(?=[^,。;:]{2,24}起)|联合|完成|组成|发现|接到|收到|发放|派出|举办|召开|召集|报送|上报|提供|播放|安排|听取|于(?!是)|"
    "并|通过|指导|督促|协助|配合|统筹|积极|充分|主动|及时|依托|推进|推动|编制|印发|出台|同为|作为(?=[^。]{0,40}主体)|在"
)
# These follow many nouns as well (学校检查, 小区整治): only an unmistakable body acts with them.
_PLAIN = (
    "(?:组建|成立|设立|开设)(?!的|以来|后)|(?:建成|新建|修订|审[定核批]|转发|公布|通报|公示|督[查办]|检查|巡查|排查|整治|查处|"
    "打击|收集|汇总|研究|部署|确定|明确|指定|选[派聘]|配[备齐强]|培训|宣传|演练|储备|受理|核[查实]|处置|"
    "监测|发布|启动|聘[请用任]|总结(?!报告|材料|会)|清[理查]|摸[清排]|拆除|抽查|暗访|普查|复查|验收|走访|张贴|悬挂|购[置买]|拨付|移交|传达|学习|"
    "分析|会商|曝光|取缔|关停|立案|反馈|填报|更新|梳理|筹措|出具|"
    "调度|考核|评估|约谈|移送|备案|登记|签订|设置|划定|保障|支持|邀请|委托|引导|鼓励|跟踪|"
    "牢固树立|利用|运用|采取|深入|大力|持续|重点|集中|坚持|继续|适时|不定期|率先|立即|随时|常态化|同步|"
    "全部|一律|逐[一步级户村家项个条]|上门|原则上|年[底内]|\\d{1,4} ?[年月])"
    "(?!人员|员|台|结果|情况|工作|制度|机制|体系|力[量度]|方案|计划|经费|资金|设施|设备|物资|平台|任务|问题|对象|"
    "范围|标准|的|率|(?:领导|工作)?小?组(?!织|建)|队|办(?!理|法|好)|室|中心|站|所(?![有在辖属])|局|部(?!署|门|分)|科)"
)
_VERB = re.compile(f"(?P<strong>{_STRONG})|(?P<weak>{_WEAK})|(?P<plain>{_PLAIN})")
_BY = re.compile(
    r"(?<![理自缘事])由(?!于|此)(?P<who>[^,;。:]{2,60}?)"
    r"(?:会同(?P<with>[^,;。:]{2,40}?))?"
    r"(?=负责|牵头|会同|对|组织(?!部)|实施|承担|责令|依法|按|进行|制定|统一|具体|协调|督促|给予|予以|审|研究|落实|监管(?![局委所总部])|"
    r"每|[于在]|开展|召集|保障|安排|统筹|提供|报送|抽查|检查(?![组站室])|督查(?![组室])|拨付|列支|汇总|受理|核|查处|处置|处罚|调度)"
)
_TOGETHER = re.compile(
    r"^(?:会同|联合)(?P<with>(?!对)[^,;。:]{2,40}?)(?=负责|[对于在每]|定期|组织(?!部)|实施|制定|研究|建立|开展|做好|加强|筛选|进行|提出|完成|共同|联合|依法|按|抓紧|,|。|$)"
)
_JOINT = re.compile("以及|和|及|与")
_NAME_OF = re.compile(r"(?:^|,)以(?P<who>[^,。的]{2,20})的?名义")
_PASSIVE = re.compile(r"(?<![理自缘事])由(?!于|此)|被(?!考核|检查)")
_LEADS = re.compile(r"^由?(?P<who>[^:]{2,60}?)(?:负责|共同)?牵头")
_ASSISTS = re.compile(
    r"(?P<who>[^:]{2,80}?)(?:共同|积极|密切|协同|协调|按职责|分别|予以|给予|等)*"
    r"(?:配合|参与|参加|协助|协同|支持)(?:落实|实施)?$"
)
# What may stand before the actor: (2024年4月至9月), (1), 2., 2.1.1, a), ●, 一是, 防火期内, 请.
_LEAD_IN = re.compile(
    r"(?:\([^()]{1,30}\)[、. ]?|\d{1,2}(?:\.\d{1,2}){1,2} ?|\d{1,2}[.、)]|[a-zA-Z][).、]|[①-⑳]|"
    r"[●◆■▲★○◇□▪•·] ?|[一二三四五六七八九十]是(?![指否由])|第[一二三四五六七八九十][,、:])? ?"
    r"(?:[\u4e00-\u9fff]{2,4}(?:期间|期内))?(?:[\u4e00-\u9fff]{2,8}阶段 ?\([^()]{2,30}\) ?)?请?"
)
_LABELS = re.compile("责任|牵头|配合|主办|协办|承办|参与|参加|联系|组成|工作|以下|下列|主送|抄送")
_SIDE_BY_SIDE = re.compile("(?<=牵头)、")
# What a body of the district is called begins so; 区应急局完成 is its duty wherever it stands.
_OWN_BODY = re.compile("区(?!域|间|别)|市(?!场|民|容)|县|镇|省|各")
_UNMISTAKABLE = re.compile(
    r"(?:局|委|办|办公室|政府|党委|部门|单位|大队|支队|街道|办事处|指挥部|小组|专班|网格员|负责人|责任人|政法委|安委会|管委会)"
    r"(?:\([^()]*\))?$"
)
# 区绩效办等区安委会有关成员单位: what follows is a body of its own.
_OTHERS = re.compile(r"等(?=(?:[^、,等]{0,8}(?:各|有关|相关|多))?(?:成员|责任)?(?:部门|单位)$)")
# 区应急局的安全生产职责包括: whose the duties below are.
_DUTIES_OF = re.compile(
    r"(?P<who>[^,;。:]{2,40}?)的?(?:安全生产|消防安全|监督管理|监管|工作|主要)*职责(?:主要)?"
    r"(?:包括|有|是|为|如下)?:$"
)
_LONGEST = 48
# 各级党委、政府, 各镇党委、政府主要负责人: the second takes its meaning from the first.
_BARE = re.compile("(?:党委|办事处|(?:人民)?政府)(?:(?:主要|分管)?(?:负责人|负责同志|领导))?$")


def leaders(text: str, start: int, end: int) -> list[Span]:
    """Return those of the actors who lead: 区商务局牵头,区住建局配合."""
    found: list[Span] = []
    for first, last in _roles(text, start, end):
        found += _role(text, first, last, _LEADS)
    return _each_once(text, found)


def subjects(text: str, start: int, end: int) -> list[Span]:
    """Return the actors that the sentence itself names as acting, in order, each once."""
    found: list[Span] = []
    parts = list(pieces(text, start, end, ",;:。"))
    for index, (first, last) in enumerate(parts):
        leads = index == 0 or text[first - 1] == ";"
        first, last = trimmed(text, first, last)
        following = parts[index + 1] if index + 1 < len(parts) else None
        found += _subject(text, first, last, leads=leads)
        found += _with(text, first, last)
        if index == 0 and not found:
            found += _addressed(text, first, last) or _owner_of_duties(text, start, end)
        if following is not None and not found:
            found += _detached_subject(text, (first, last), following)
    found += _passive(text, start, end)
    for first, last in _roles(text, start, end):
        found += _role(text, first, last, _ASSISTS)
    return _each_once(text, sorted(found))


def split_actors(text: str, start: int, end: int) -> list[Span]:
    """Cut a list of actors into its members; keep it whole where a member alone means nothing."""
    members: list[Span] = []
    for first, last in pieces(text, start, end, "、"):
        for piece in _at_joints(text, first, last):
            members += _at_and_others(text, *piece)
    members = [span for span in (trimmed(text, *member) for member in members) if span[0] < span[1]]
    members = _with_bare(text, members)
    if len(members) > 1 and not all(is_actor(text[a:b], within_list=True) for a, b in members):
        return [trimmed(text, start, end)]
    return members


def _with_bare(text: str, members: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for first, last in members:
        if joined and _BARE.match(text[first:last]):
            joined[-1] = joined[-1][0], last
        else:
            joined.append((first, last))
    return joined


def is_actor(phrase: str, *, within_list: bool = False) -> bool:
    """Say whether the phrase ends as the name of a body or a post does."""
    bare = re.sub(r"\([^()]*\)$", "", phrase.strip())
    if len(phrase) < 2 or not 1 <= len(bare) <= _LONGEST or not _ENDING.search(bare):
        return False
    if "“" in bare or "\t" in bare or _PASSIVE.search(bare) or bare.count("(") != bare.count(")"):
        return False
    if within_list:
        return True
    return not _NOT_ACTOR.match(bare) or bare.startswith(("本级", "本地区"))


def _subject(text: str, start: int, end: int, *, leads: bool) -> list[Span]:
    """The actor before the first verb of a comma piece; later pieces need a strong verb."""
    lead_in = _LEAD_IN.match(text, start, end)
    start = lead_in.end() if lead_in else start
    for verb in _VERB.finditer(text, start, min(end, start + _LONGEST + 12)):
        first, last = trimmed(text, start, verb.start())
        if first < last and _acts(text, first, last, verb, leads=leads):
            spans = split_actors(text, first, last)
            for place in verb.span():
                spans += _with(text, place, end)
            return spans
    return []


def _acts(text: str, start: int, end: int, verb: re.Match[str], *, leads: bool) -> bool:
    """Say whether who stands at ``start``–``end`` is an actor and the verb after it is theirs."""
    is_own = _OWN_BODY.match(text, start) is not None
    if verb.group("plain") and not (is_own or (leads and _UNMISTAKABLE.search(text[start:end]))):
        return False
    return (leads or is_own or bool(verb.group("strong"))) and is_actor(text[start:end])


def _roles(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the pieces that may say a role, 甲局牵头、乙局配合 as two."""
    for first, last in pieces(text, start, end, ",;。"):
        begin = first
        for joint in _SIDE_BY_SIDE.finditer(text, first, last):
            yield trimmed(text, begin, joint.start())
            begin = joint.end()
        yield trimmed(text, begin, last)


def _role(text: str, start: int, end: int, pattern: re.Pattern[str]) -> list[Span]:
    match = pattern.match(text[start : min(end, start + 100)])
    if match is None:
        return []
    first, last = trimmed(text, start + match.start("who"), start + match.end("who"))
    return split_actors(text, first, last) if is_actor(text[first:last]) else []


def _with(text: str, start: int, end: int) -> list[Span]:
    match = _TOGETHER.match(text[start : min(end, start + 60)])
    if match is None:
        return []
    first, last = start + match.start("with"), start + match.end("with")
    return split_actors(text, first, last) if is_actor(text[first:last], within_list=True) else []


def _addressed(text: str, start: int, end: int) -> list[Span]:
    """公安交管部门:查验…: whoever stands before the colon is to do what follows."""
    lead_in = _LEAD_IN.match(text, start, end)
    start = lead_in.end() if lead_in else start
    if not text.startswith(":", end) or _LABELS.match(text, start) or not is_actor(text[start:end]):
        return []
    return split_actors(text, start, end)


def _owner_of_duties(text: str, start: int, end: int) -> list[Span]:
    match = _DUTIES_OF.fullmatch(text, start, end)
    if match is None or not is_actor(match.group("who")):
        return []
    return split_actors(text, *match.span("who"))


def _detached_subject(text: str, piece: Span, following: Span) -> list[Span]:
    """行业管理部门,要…: the actor is a piece of its own and the verb begins the next."""
    first, last = piece
    if last - first > _LONGEST or not is_actor(text[first:last]):
        return []
    verb = _VERB.match(text, trimmed(text, *following)[0])
    return split_actors(text, first, last) if verb else []


def _passive(text: str, start: int, end: int) -> Iterator[Span]:
    for pattern in (_BY, _NAME_OF):
        for match in pattern.finditer(text, start, end):
            for name in ("who", "with"):
                if name not in pattern.groupindex or match.group(name) is None:
                    continue
                first, last = match.span(name)
                if is_actor(text[first:last], within_list=True):
                    yield from split_actors(text, first, last)


def _at_joints(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut at 和 以及 及 与 where both sides are actors of their own."""
    begin = start
    joints = list(_JOINT.finditer(text, start, end))
    for index, joint in enumerate(joints):
        following = joints[index + 1].start() if index + 1 < len(joints) else end
        right = (joint.end(), following)
        whole = (joint.end(), end)
        if _stands_alone(text, (begin, joint.start())) and (
            _stands_alone(text, right) or _stands_alone(text, whole)
        ):
            yield begin, joint.start()
            begin = joint.end()
    yield begin, end


def _stands_alone(text: str, span: Span) -> bool:
    phrase = text[span[0] : span[1]].strip()
    return len(phrase) >= 3 and not phrase.startswith("其") and is_actor(phrase, within_list=True)


def _at_and_others(text: str, start: int, end: int) -> Iterator[Span]:
    """商务部等有关部门 → 商务部, 有关部门."""
    match = _OTHERS.search(text[start:end])
    if (
        match is None
        or match.start() < 2
        or not _ENDING.search(text[start : start + match.start()])
    ):
        yield start, end
        return
    yield start, start + match.start()
    if end - start - match.end() > 2:
        yield start + match.end(), end


def _each_once(text: str, spans: list[Span]) -> list[Span]:
    found: dict[str, Span] = {}
    for start, end in spans:
        found.setdefault(text[start:end], (start, end))
    return list(found.values())

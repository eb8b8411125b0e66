"""Who acts: phrases of the sentence, cut into members where each stands alone."""

import pytest

from clauses.reading.actors import leaders, subjects


def named(text):
    return [text[start:end] for start, end in subjects(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("各镇(场、街道)、各部门要根据需要召开会议。", ["各镇(场、街道)", "各部门"]),
        ("各级党委、政府严格履行职责。", ["各级党委、政府"]),
        ("负有安全生产监督管理职责的部门和行业领域主管部门要配备人员。",
         ["负有安全生产监督管理职责的部门", "行业领域主管部门"]),
        ("严格执行标准,行业管理部门,要结合实际,制定制度。", ["行业管理部门"]),
        ("发生事故的,由区安全生产委员会会同有关部门进行约谈。", ["区安全生产委员会", "有关部门"]),
        ("区应急管理局会同公安钦南分局开展检查。", ["区应急管理局", "公安钦南分局"]),
        ("区政协要围绕突出问题开展监督。", ["区政协"]),
        ("党政主要负责人是本地区安全生产第一责任人。", ["党政主要负责人"]),
        ("考核工作由区安委会统一领导。", ["区安委会"]),
        ("区应急局完成建设,区财政局安排资金。", ["区应急局", "区财政局"]),
        ("区森防指组成督查组开展督查。", ["区森防指"]),
        ("各镇(街道)发现重大隐患应立即报告。", ["各镇(街道)"]),
        ("由区应急局牵头,区公安分局、区交通运输局积极配合,开展检查。",
         ["区应急局", "区公安分局", "区交通运输局"]),
        ("区商务局牵头、区住建局配合。", ["区商务局", "区住建局"]),
        ("请各单位于7月5日前报送总结。", ["各单位"]),
        ("企业主要负责人每年培训1次。", ["企业主要负责人"]),
        ("(2024年4月至9月)各单位完成排查。", ["各单位"]),
    ],
)  # fmt: skip
def test_actors_of_a_sentence(text, expected):
    assert named(text) == expected


def test_who_leads_is_said_without_brackets_as_well():
    for text in ("由甲局牵头,乙局配合,6月底前完成。", "甲局牵头、乙局配合。"):
        assert [text[start:end] for start, end in leaders(text, 0, len(text))] == ["甲局"]


@pytest.mark.parametrize(
    "text",
    [
        "加强危险化学品安全监管体制。",
        "建立部门协调联动机制,严防事故。",
        "对违法行为当事人依法申请强制执行。",
        "鼓励媒体宣传安全生产。",
        "查处违法挂靠、弄虚作假等各类违法违规行为。",
        "强化社会监督和舆论监督。",
        "由于历史原因,完善制度。",
        "区域协调发展取得成效。",
        "加强协调配合,形成工作合力,共同参与。",
    ],
)
def test_nobody_is_invented(text):
    assert named(text) == []

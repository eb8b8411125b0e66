"""Who acts: phrases of the sentence, cut into members where each stands alone."""

import pytest

from clauses.reading.actors import subjects


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
    ],
)  # fmt: skip
def test_actors_of_a_sentence(text, expected):
    assert named(text) == expected


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
    ],
)
def test_nobody_is_invented(text):
    assert named(text) == []

"""Tables that stand inside a plan: each row is one sentence, with its columns as notes."""

from datetime import date

from clauses.reading import read_plan
from tests.clauses.reading.samples import titles

HEAD = "序 号\t重点任务\t牵头单位\t责任单位\t完成时限"
ROWS = [
    "1\t建立隐患台账。逐项整改销号\t区应急局\t各镇（街道）\t2024年6月底前",
    "2\t对危化企业开展专项检查\t区应急局\t区消防救援大队\t每季度",
]
BEHIND = "（一）加强领导。各单位要亲自抓。\n（二）强化督导。区安委办每月通报一次进展情况。"


def duties(plan):
    return [
        (plan.text[p.start : p.end][:2], p.bearers, p.leads, p.deadline, p.frequency)
        for p in plan.proposals
        if "\t" in plan.text[p.start : p.end]
    ]


def test_a_table_in_the_midst_of_a_plan_does_not_end_it():
    lines = ["某区方案", "一、目标", "不发生事故。", "二、任务", "按下表落实：", HEAD, *ROWS]
    plan = read_plan("\n".join([*lines, "三、要求", BEHIND]))
    assert titles(plan) == ["目标", "任务", "要求"]
    assert duties(plan) == [
        ("1\t", ("区应急局", "各镇（街道）"), ("区应急局",), date(2024, 6, 30), None),
        ("2\t", ("区应急局", "区消防救援大队"), ("区应急局",), None, "quarterly"),
    ]
    assert [p.is_heading for p in plan.provisions if "序" in plan.text[p.start : p.end]] == [True]
    last = read_plan("\n".join(lines))
    assert duties(last) == duties(plan)


def test_a_table_right_below_the_last_heading_is_its_part():
    plan = read_plan(
        "\n".join(["某区方案", "一、目标", "不发生事故。", "二、任务分工", HEAD, *ROWS])
    )
    assert titles(plan) == ["目标", "任务分工"]
    assert [(named, when) for _, named, _, when, _ in duties(plan)] == [
        (("区应急局", "各镇（街道）"), date(2024, 6, 30)),
        (("区应急局", "区消防救援大队"), None),
    ]
    assert not plan.text[plan.body_end :].strip()


def test_rows_under_a_merged_kind_are_sentences_of_the_kind():
    head = "任务类别\t具体措施\t责任分工\t\t完成时间\n\t\t牵头单位\t责任单位\t"
    text = (
        f"某区任务分解表\n{head}\n"
        "一、提升行动\t开展专题学习\t区应急局\t各行业主管部门\t2024年6月底\n"
        "\t对企业负责人开展考核\t区应急局\t\t每年一次\n"
        "二、排查行动\t建立数据库\t区应急局\t区大数据局\t2025年底前\n"
    )
    plan = read_plan(text)
    assert titles(plan) == ["提升行动", "排查行动"]
    assert duties(plan) == [
        ("开展", ("区应急局", "各行业主管部门"), ("区应急局",), date(2024, 6, 30), None),
        ("对企", ("区应急局",), ("区应急局",), None, "yearly"),
        ("建立", ("区应急局", "区大数据局"), ("区应急局",), date(2025, 12, 31), None),
    ]

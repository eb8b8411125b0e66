"""Notes of responsibility in brackets and on lines of their own."""

import pytest

from clauses.reading import read_plan
from clauses.reading.notes import ends_with_note, find_notes, is_note_line


def read(text):
    notes = find_notes(text, 0, len(text))
    bearers = [text[a:b] for note in notes for a, b in note.bearers]
    leads = [text[a:b] for note in notes for a, b in note.leads]
    times = [text[a:b] for note in notes for a, b in note.times]
    return bearers, leads, times


@pytest.mark.parametrize(
    ("text", "bearers", "leads", "times"),
    [
        ("做好工作。(甲局牵头,乙局、丙局参与)", ["甲局", "乙局", "丙局"], ["甲局"], []),
        ("(甲局、乙局按职责分工负责)", ["甲局", "乙局"], [], []),
        ("(商务部、海关总署等有关部门负责)", ["商务部", "海关总署", "有关部门"], [], []),
        ("(铁路局,中国铁路总公司,省级人民政府按职责分工负责)",
         ["铁路局", "中国铁路总公司", "省级人民政府"], [], []),
        ("(各县(市、区)人民政府负责)", ["各县(市、区)人民政府"], [], []),
        ("(区应急局牵头,各镇配合,2025年6月底前完成)",
         ["区应急局", "各镇"], ["区应急局"], ["2025年6月底前完成"]),
        ("(牵头单位:甲局;配合单位:乙局、丙局;完成时限:长期坚持)",
         ["甲局", "乙局", "丙局"], ["甲局"], ["长期坚持"]),
        ("(责任单位:甲局、乙局,2025年3月底前完成)",
         ["甲局", "乙局"], [], ["2025年3月底前完成"]),
        ("责任单位:甲局、各镇(街道)", ["甲局", "各镇(街道)"], [], []),
        ("【责任单位:甲局 完成时限:2025年底】", ["甲局"], [], ["2025年底"]),
        ("(甲局会同乙局负责)", ["甲局", "乙局"], ["甲局"], []),
        ("(责任单位:市应急办牵头,甲局配合)", ["市应急办", "甲局"], ["市应急办"], []),
        ("(牵头责任单位:甲局,协同责任单位:各成员单位。各镇落实属地责任,不再重复列出)",
         ["甲局", "各成员单位"], ["甲局"], []),
        ("(责任单位:甲局牵头,区绩效办等区安委会有关成员单位协同)",
         ["甲局", "区绩效办", "区安委会有关成员单位"], ["甲局"], []),
        ("(牵头:甲局;配合:乙局)", ["甲局", "乙局"], ["甲局"], []),
    ],
)  # fmt: skip
def test_notes(text, bearers, leads, times):
    assert read(text) == (bearers, leads, times)


def test_rule_that_the_first_named_leads_is_noticed():
    text = "(税务总局、财政部负责,排在第一位的部门为牵头部门,下同)"
    (note,) = find_notes(text, 0, len(text))
    assert note.first_leads
    assert read(text)[0] == ["税务总局", "财政部"]


@pytest.mark.parametrize(
    "text",
    [
        "(垃圾焚烧企业依法依规安装设备)",
        "(以下简称平台)",
        "(不包括特殊工程)",
        "(谁主管谁负责)",
        "(PPP)",
    ],
)
def test_other_brackets_are_no_notes(text):
    assert read(text) == ([], [], [])


def test_lines_that_are_only_notes():
    assert is_note_line("责任单位:甲局")
    assert is_note_line("(甲局负责)。")
    assert is_note_line("责任领导:张三")
    assert is_note_line("副指挥长:李某某  副区长")
    assert is_note_line("联系人:王五,联系电话:0777-3333333。")
    assert not is_note_line("甲局要做好工作。(甲局负责)")
    assert not is_note_line("负责人:要做好工作。责任人要检查。")
    assert ends_with_note("甲局要做好工作。(甲局负责)")
    assert not ends_with_note("甲局要做好工作。")


def test_note_below_the_last_of_several_items_holds_for_all_of_them_where_every_heading_does_so():
    plan = read_plan(
        "某市责任分解\n（一）预案\n1.完善预案\n（1）修订本级预案。\n（2）开展预案演练。\n"
        "（责任单位：市应急局、市教育局）\n2.健全机构\n（1）落实专职人员。\n"
        "（责任单位：市编办）\n（二）平台\n1.建设平台\n（1）建成市县平台。\n"
        "（责任单位：市大数据局）\n"
    )
    assert [duty.bearers for duty in plan.proposals] == [
        ("市应急局", "市教育局"),
        ("市应急局", "市教育局"),
        ("市编办",),
        ("市大数据局",),
    ]


def test_note_below_the_last_item_holds_for_it_alone_where_another_item_has_its_own():
    plan = read_plan(
        "某市责任分解\n（一）预案\n1.完善预案\n（1）修订本级预案。（责任单位：市应急局）\n"
        "（2）开展预案演练。\n（3）储备应急物资。\n（责任单位：市粮食局）\n"
        "2.健全机构\n（1）落实专职人员。\n（责任单位：市编办）\n"
    )
    assert [duty.bearers for duty in plan.proposals] == [
        ("市应急局",),
        (),
        ("市粮食局",),
        ("市编办",),
    ]


def test_figure_under_a_heading_of_aims_is_a_duty_once_a_line_below_names_who_answers():
    plan = read_plan(
        "某区分工方案\n一、主要目标\n1.事故起数下降5%左右。\n牵头单位：区应急局\n"
        "责任单位：各街道\n2.不发生较大事故。\n二、重点任务\n3.各街道要建立台账。\n"
    )
    assert [(duty.bearers, duty.leads) for duty in plan.proposals] == [
        (("区应急局", "各街道"), ("区应急局",)),
        (("各街道",), ()),
    ]

"""Time limits: a date only where the words give it."""

from datetime import date

import pytest

from clauses.reading.deadlines import find_deadlines, label_deadline


def limits(text):
    return [(text[x.start : x.end], x.due_on) for x in find_deadlines(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "words", "due_on"),
    [
        ("2025年6月30日前完成", "2025年6月30日前", date(2025, 6, 30)),
        ("2025年6月底前完成", "2025年6月底前", date(2025, 6, 30)),
        ("在2025年5月底前制定方案", "2025年5月底前", date(2025, 5, 31)),
        ("2024年2月底前完成", "2024年2月底前", date(2024, 2, 29)),
        ("2020年年底前建立", "2020年年底前", date(2020, 12, 31)),
        ("2020年底以前建立", "2020年底以前", date(2020, 12, 31)),
        ("到2025年底,建成", "到2025年底", date(2025, 12, 31)),
        ("2019年上半年,印发", "2019年上半年", date(2019, 6, 30)),
        ("2025年第三季度末前", "2025年第三季度末前", date(2025, 9, 30)),
        ("2025年内完成", "2025年内", date(2025, 12, 31)),
        ("2025年6月前完成", "2025年6月前", date(2025, 5, 31)),
        ("2026年前完成", "2026年前", date(2025, 12, 31)),
        ("二〇二五年六月底前", "二〇二五年六月底前", date(2025, 6, 30)),
        ("截至2025年3月底前完成", "截至2025年3月底前", date(2025, 3, 31)),
        ("2025年底前建成覆盖全区的平台", "2025年底前", date(2025, 12, 31)),
        ("将于2025年底前完成全部危房的改造", "2025年底前", date(2025, 12, 31)),
        ("2024年底前取得明显的成效", "2024年底前", date(2024, 12, 31)),
        ("对2022年底前投用的锅炉,2024年6月底前完成检验", "2024年6月底前", date(2024, 6, 30)),
        ("2024年3月至6月,开展", "2024年3月至6月", date(2024, 6, 30)),
        ("2024年11月—2025年2月", "2024年11月—2025年2月", date(2025, 2, 28)),
        ("(2026年12月)各单位总结经验", "2026年12月", date(2026, 12, 31)),
    ],
)
def test_dated_limits(text, words, due_on):
    assert limits(text) == [(words, due_on)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("各单位于年底前报送", "年底前"),
        ("今年6月底前完成", "今年6月底前"),
        ("汛期前完成检查", "汛期前"),
        ("6月底前完成", "6月底前"),
        ("三年内实现全覆盖", "三年内"),
        ("每周五下午5时前报送", "每周五下午5时前"),
        ("到2020年,实现全覆盖", "到2020年"),
        ("力争三年内建成", "力争三年内"),
        ("每年3月底前制定", "每年3月底前"),
        ("2024年春节前开展检查", "2024年春节前"),
        ("每年清明节前开展宣传", "每年清明节前"),
        ("要在10个工作日内完成整改", "10个工作日内"),
        ("并在24小时内书面报告", "24小时内"),
        ("对2022年底前投用的锅炉逐台检验,6月底前完成", "6月底前"),
    ],
)
def test_words_without_a_date_are_kept_and_no_date_is_made(text, words):
    assert limits(text) == [(words, None)]


@pytest.mark.parametrize(
    "text",
    [
        "本条例自2020年1月1日起施行",
        "2019年10月8日国务院第66次常务会议通过",
        "对煤炭规划5年内开始建井开采的区域",
        "2012年以来,受市场需求下降影响",
        "发展新变化,逐年减少",
        "2025年13月底前",
        "根据2019年底印发的方案",
    ],
)
def test_no_limit_is_read_where_there_is_none(text):
    assert [due_on for _, due_on in limits(text) if due_on] == []


@pytest.mark.parametrize(
    "text",
    [
        "对2000年底前建成的老旧小区进行改造",
        "根据2023年12月31日前有关文件要求",
        "2025年底前建成并投入使用的充电桩要登记",
        "2024年底前取得安全生产许可证的企业免检",
        "2024年6月底前未完成整改的,一律停产",
        "2023年1月1日至12月31日期间发生的事故要复盘",
        "将已于2023年底前完成整改的隐患销号",
        "截至2025年3月31日,完成12家",
        "截止2024年12月31日,全区取得许可证的企业3家",
        "贯彻省里的部署(2024年11月)要求",
        "截止2023年底,全区共有危化企业12家",
        "按照《区安委会2024年底前重点工作》要求落实",
        "3个月内发生2起以上事故的,予以约谈",
    ],
)
def test_dates_that_qualify_or_report_or_name_a_paper_set_no_limit(text):
    assert limits(text) == []


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("事故结案一年内", "1 year"),
        ("自印发之日起30日内", "30 day"),
        ("收到报告后5个工作日内", "5 workday"),
        ("处罚决定作出之日起半年内", "6 month"),
    ],
)
def test_limits_counted_from_an_event(text, within):
    found = find_deadlines(text, 0, len(text))
    assert [(x.due_on, x.within) for x in found] == [(None, within)]


def test_month_takes_the_year_of_the_limit_just_before():
    text = "2025年6月底前完成排查,9月底前完成整改"
    assert [due_on for _, due_on in limits(text)] == [date(2025, 6, 30), date(2025, 9, 30)]


@pytest.mark.parametrize(
    ("text", "due_on"),
    [("2025年", date(2025, 12, 31)), ("2025年6月", date(2025, 6, 30)), ("长期坚持", None)],
)
def test_after_a_label_a_bare_date_is_the_limit(text, due_on):
    found = label_deadline(text, 0, len(text))
    assert (found.due_on if found else None) == due_on

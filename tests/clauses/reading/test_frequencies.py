"""Rates: stated ones first, 定期 as what it is."""

import pytest

from clauses.reading.frequencies import find_rates, main_rate


def rate(text):
    found = main_rate(find_rates(text, 0, len(text)))
    return (found.value, found.times) if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("每季度至少带队检查1次", ("quarterly", 1)),
        ("每年至少组织两次演练", ("yearly", 2)),
        ("每半年研究一次", ("half-yearly", 1)),
        ("每月调度", ("monthly", None)),
        ("按季度通报进展", ("quarterly", None)),
        ("每周通报", ("weekly", None)),
        ("每两年修订一次预案", ("", 1)),
        ("每3年组织一次评估", ("", 1)),
        ("每学期开展一次演练", ("", 1)),
        ("半年一次", ("half-yearly", None)),
        ("制定实施年度执法计划", ("yearly", None)),
        ("定期排查危险源", ("periodic-unspecified", None)),
        ("定期检查,每年不少于4次", ("yearly", 4)),
        ("纳入年度考核,每半年通报一次", ("half-yearly", 1)),
        ("每年、一线人员每半年至少培训1次", ("yearly", None)),
        ("常态化开展检查", ("continuous", None)),
        ("发生一般以上生产安全事故的,由区安委会约谈", ("event-driven", None)),
    ],
)
def test_rates(text, expected):
    assert rate(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "事故总量逐年减少",
        "取消本年度评先资格",
        "2025年第一季度完成",
        "每个企业都要整改",
        "不定期抽查",
        "对长期投入不足的企业",
        "落实《安全生产季度通报办法》",
    ],
)
def test_words_that_only_look_like_rates(text):
    assert rate(text) is None

"""What the display filters write, by hand; and that optional parts of components stay optional."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string

from common.templatetags import display

TODAY = date(2019, 9, 18)


def rendered(source: str, **values: Any) -> str:
    return Template("{% load display %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("各镇(场、街道),各部门:", "各镇（场、街道），各部门："),
        ("完成时限:2020年;责任单位?", "完成时限：2020年；责任单位？"),
        ("罚款1,000元,上午08:30开会", "罚款1,000元，上午08:30开会"),
        ("http://qinnan.gov.cn", "http://qinnan.gov.cn"),
        ("已经是全角，不动。", "已经是全角，不动。"),
    ],
)
def test_widens_punctuation_but_not_inside_numbers_and_addresses(text: str, shown: str) -> None:
    assert display.fullwidth(text) == shown


def test_widening_keeps_every_character_in_its_place() -> None:
    text = "(一)加强领导,明确责任;1,000元!"
    assert len(display.fullwidth(text)) == len(text)


def test_widened_text_is_still_escaped() -> None:
    assert rendered("{{ text|fullwidth }}", text="<b>甲</b>,乙") == "&lt;b&gt;甲&lt;/b&gt;，乙"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "〇"), (7, "七"), (10, "十"), (12, "十二"), (20, "二十"), (33, "三十三"), (99, "九十九")],
)
def test_writes_numbers_of_clauses_in_chinese(value: int, shown: str) -> None:
    assert display.chinese_number(value) == shown


def test_leaves_numbers_it_cannot_write_as_they_are() -> None:
    assert display.chinese_number(100) == "100"
    assert display.chinese_number("附则") == "附则"


def test_names_sentences() -> None:
    assert display.sentence_number("23-07") == "第 7 句"
    assert display.sentence_number("附则") == "附则"


def test_writes_dates_for_text_sentences_and_tables() -> None:
    assert display.day(date(2019, 9, 8)) == "2019年9月8日"
    assert display.short_day(date(2019, 9, 8), TODAY) == "9月8日"
    assert display.short_day(date(2020, 12, 31), TODAY) == "2020年12月31日"
    assert display.table_day(date(2019, 9, 8), TODAY) == "9-08"
    assert display.table_day(date(2020, 12, 31), TODAY) == "2020-12-31"
    assert display.weekday(TODAY) == "星期三"
    assert display.quarter(TODAY) == "2019年第三季度"


def test_writes_nothing_for_no_date() -> None:
    filters = (
        display.day,
        display.short_day,
        display.table_day,
        display.weekday,
        display.quarter,
        display.moment,
    )
    assert [write(None) for write in filters] == [""] * 6


def test_writes_instants_in_local_time() -> None:
    before_midnight_utc = datetime(2019, 9, 17, 18, 40, tzinfo=UTC)
    assert display.moment(before_midnight_utc, TODAY) == "今天 02:40"
    assert display.moment(datetime(2019, 9, 17, 9, 12, tzinfo=UTC), TODAY) == "9月17日 17:12"
    assert display.day(before_midnight_utc) == "2019年9月18日"


def test_rounds_half_up() -> None:
    assert display.number(Decimal("0.5")) == "1"
    assert display.number(Decimal("2.25"), 1) == "2.3"
    assert display.number(12345) == "12,345"
    assert display.number("不是数") == ""


def test_percentages_have_one_place_and_no_share_of_nothing() -> None:
    assert display.percent_of(163, 168) == "97.0%"
    assert display.percent_of(0, 0) == "—"


@pytest.mark.parametrize(
    ("part", "total", "width"),
    [(0, 173, 0), (1, 1000, 1), (163, 173, 94), (5, 5, 100), (9, 5, 100), (3, 0, 0)],
)
def test_widths_stay_between_nothing_and_a_hundred(part: int, total: int, width: int) -> None:
    assert display.share(part, total) == width


def test_icons_are_decorative_unless_they_are_named() -> None:
    assert 'aria-hidden="true"' in display.icon("send")
    assert 'aria-label="取消选择"' in display.icon("x", "取消选择")
    assert "icons.svg#send" in display.icon("send")


def test_captures_a_part_so_that_its_emptiness_can_be_asked() -> None:
    source = "{% capture as side %} {% if shown %}<p>{{ name }}</p>{% endif %} {% endcapture %}"
    source += "{% if side %}[{{ side }}]{% else %}无{% endif %}"
    assert rendered(source, shown=True, name="<甲>") == "[<p>&lt;甲&gt;</p>]"
    assert rendered(source, shown=False, name="") == "无"


def test_the_hidden_word_of_a_lamp_is_not_said_twice() -> None:
    late = {"kind": "overdue", "label": "逾期", "text": "逾期 18 天"}
    soon = {"kind": "due_soon", "label": "临期", "text": "剩 12 天"}
    assert render_to_string("components/due.html", {"lamp": late}).count("逾期") == 1
    assert "临期，" in render_to_string("components/due.html", {"lamp": soon})


def test_many_steps_become_one_bar() -> None:
    four = render_to_string("components/steps.html", {"done": 3, "total": 4})
    assert four.count('class="on"') == 3
    assert "完成 3，共 4" in four
    many = render_to_string("components/steps.html", {"done": 15, "total": 24})
    assert "n63" in many
    assert 'class="on"' not in many


def test_components_need_none_of_their_optional_arguments() -> None:
    assert "没有任务" in render_to_string("components/empty.html", {"title": "没有任务"})
    assert "说明" in render_to_string("components/note.html", {"text": "说明"})
    assert "待核验" in render_to_string("components/tag.html", {"text": "待核验"})

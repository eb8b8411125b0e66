"""Reading costs in proportion to the length, whatever the text."""

import sys

import pytest

from clauses.reading import UnreadablePlan, read_plan

HEAD = "方案\n一、总体\n（一）工作。"
HOSTILE = {
    "no stop": "各部门要推进落实",
    "open brackets": "（",
    "closed brackets": "）",
    "half notes": "（各部门负责。",
    "quotes": "“",
    "commas": "，",
    "dates": "2025年6月至7月底前完成，",
    "bare years": "2025年",
    "joints": "各部门和",
    "passives": "由",
    "markers": "一、（一）1.①第一条 ",
    "blank lines": "\n",
    "short lines": "统一、规范\n",
    "labels": "责任单位：各局、",
    "sentences": "各部门要每季度检查1次。（甲局负责）",
    "items": "\n1.各部门要检查。\n2.各部门要整改。",
}


def calls(text):
    """Count the calls that reading makes: a measure that does not depend on the machine."""
    count = 0

    def step(frame, event, arg):
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(step)
    try:
        read_plan(text)
    except UnreadablePlan:
        pass
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_four_times_the_text_takes_about_four_times_the_steps(unit):
    short = calls(HEAD + unit * (3000 // len(unit)))
    long = calls(HEAD + unit * (12000 // len(unit)))
    assert long < 5 * short + 2000

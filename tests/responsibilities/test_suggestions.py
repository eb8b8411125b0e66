"""What is offered for a new row is what the sentence says, and nothing else."""

from datetime import date

import pytest

from clauses.models import Plan
from clauses.reading import read_plan
from clauses.services.importing import import_document
from organizations.services.people import get_system_user
from responsibilities.enums import DeadlineKind, Frequency
from responsibilities.suggestions import suggest
from tests.builders import NOW, make_plan, sentence

pytestmark = pytest.mark.django_db
DATED = """某区防汛工作方案

一、重点任务

(一)平台。区水利局要在2025年6月底前建成平台。

(二)演练。各镇要长期坚持巡查。
"""


def test_a_stated_rate_makes_a_periodic_row_from_the_text() -> None:
    offered = suggest(sentence(make_plan(), "02-01"))

    assert offered["bearers"] == "各有关部门"
    assert offered["deadline_kind"] == DeadlineKind.PERIODIC
    assert offered["frequency"] == Frequency.QUARTERLY
    assert offered["basis"] == "条文原文"
    assert "due_on" not in offered


def test_a_regular_duty_without_a_rate_stays_undecided() -> None:
    offered = suggest(sentence(make_plan(), "02-03"))

    assert offered["frequency"] == Frequency.PERIODIC_UNSPECIFIED
    assert "deadline_kind" not in offered
    assert "basis" not in offered


def test_a_sentence_that_says_nothing_offers_its_own_words_only() -> None:
    offered = suggest(sentence(make_plan(), "02-02"))

    assert offered["measure"] == "区安监局要建立信息平台。"
    assert offered["bearers"] == "区安监局"
    assert {"deadline_kind", "due_on", "frequency"}.isdisjoint(offered)


def test_a_stated_date_and_a_lasting_duty_are_offered_as_such() -> None:
    plan: Plan = import_document(read_plan(DATED), code="flood", actor=get_system_user(), at=NOW)

    dated = suggest(plan.provisions.get(text__contains="6月底前"))
    lasting = suggest(plan.provisions.get(text__contains="长期坚持"))

    assert (dated["deadline_kind"], dated["due_on"]) == (
        DeadlineKind.PERIOD_END,
        date(2025, 6, 30),
    )
    assert lasting["deadline_kind"] == DeadlineKind.CONTINUOUS
    assert lasting["frequency"] == ""

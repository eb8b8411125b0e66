"""The plan as loaded: every clause and sentence equals the frozen source."""

from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from clauses.enums import Disposition
from clauses.models import Clause, Plan, Provision
from organizations.enums import TERRITORIAL_KINDS
from responsibilities.enums import DeadlineKind, Frequency
from responsibilities.models import Assignment, Obligation
from responsibilities.services.deadlines import Deadline, check_basis

pytestmark = pytest.mark.django_db

SOURCE_SHA256 = "65a7627a658a94ea95e655117813c9ec59da1fdabc97e607ae6152355b332770"


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker):
    """Load the reference data once for this module and take it back out afterwards."""
    from django.db import transaction

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        call_command("init", today=date(2019, 9, 18), stdout=StringIO())
        yield Plan.objects.get()
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


def test_the_text_is_the_frozen_source_byte_for_byte(loaded: Plan) -> None:
    source = settings.FIXTURES_DIR / "reference" / "plan" / "source.txt"

    assert loaded.source_sha256 == SOURCE_SHA256
    assert loaded.source_text.encode() == source.read_bytes()


def test_there_are_seven_sections_and_thirty_three_clauses_in_their_places(loaded: Plan) -> None:
    assert loaded.sections.count() == 7
    assert list(loaded.clauses.values_list("number", flat=True)) == list(range(1, 34))
    for clause in Clause.objects.filter(plan=loaded):
        assert loaded.source_text[clause.start : clause.end] == clause.text


def test_every_sentence_is_an_exact_slice_and_nothing_lies_between(loaded: Plan) -> None:
    text = loaded.source_text
    for clause in loaded.clauses.prefetch_related("provisions"):
        provisions = list(clause.provisions.all())
        assert provisions
        position = clause.start + clause.text.index("。") + 1
        for provision in provisions:
            assert text[provision.start : provision.end] == provision.text
            assert text[position : provision.start].strip() == ""
            position = provision.end
        assert text[position : clause.end].strip() == ""


def test_the_unnumbered_paragraph_belongs_to_clause_ten(loaded: Plan) -> None:
    clause = loaded.clauses.get(number=10)

    assert "完善各类工业区、开发区、风景区等功能区" in clause.text


def test_the_cover_notice_is_not_the_plan(loaded: Plan) -> None:
    body = loaded.source_text[loaded.body_start : loaded.body_end]

    assert "联系电话" not in body
    assert "相关信息" not in body
    assert not Provision.objects.filter(text__contains="征求社会公众意见").exists()


def test_every_sentence_is_disposed_of_with_a_reason_where_it_is_no_duty(loaded: Plan) -> None:
    assert not loaded.provisions.open().exists()
    for provision in loaded.provisions.exclude(disposition=Disposition.OBLIGATION):
        assert provision.disposition_reason
    for provision in loaded.provisions.filter(disposition=Disposition.OBLIGATION):
        assert provision.obligation_sources.exists()


def test_the_only_dates_are_the_platforms_end_of_2020(loaded: Plan) -> None:
    dated = Obligation.objects.filter(plan=loaded).exclude(due_on=None)

    assert {row.due_on for row in dated} == {date(2020, 12, 31)}
    assert {row.deadline_text for row in dated} == {"2020年年底前"}
    assert all(row.code.startswith("21-02") for row in dated)


def test_the_quarterly_inspection_rests_on_twenty_four_departments_and_no_town(
    loaded: Plan,
) -> None:
    row = Obligation.objects.get(plan=loaded, frequency=Frequency.QUARTERLY)
    leads = Assignment.objects.filter(obligation=row, role="lead").select_related("unit", "alias")

    assert (row.code, row.deadline_kind) == ("04-06", DeadlineKind.PERIODIC)
    assert "每季度" in row.frequency_text
    assert len(leads) == 24
    assert {lead.unit.kind for lead in leads}.isdisjoint(TERRITORIAL_KINDS)
    assert {lead.alias.phrase for lead in leads} == {"各有关部门"}


def test_no_interval_is_given_that_the_text_does_not_give(loaded: Plan) -> None:
    words = {Frequency.QUARTERLY: "季", Frequency.YEARLY: "年", Frequency.HALF_YEARLY: "半年"}
    for row in Obligation.objects.filter(plan=loaded, deadline_kind=DeadlineKind.PERIODIC):
        assert words[Frequency(row.frequency)] in row.frequency_text
        assert row.frequency_text in "".join(s.text for s in row.sources.all())


def test_loading_again_changes_nothing(loaded: Plan) -> None:
    before = Obligation.history.count(), Provision.history.count(), Plan.history.count()

    call_command("init", today=date(2019, 9, 18), stdout=StringIO())

    assert (Obligation.history.count(), Provision.history.count(), Plan.history.count()) == before


def test_no_row_of_the_plan_claims_a_deadline_that_the_text_does_not_give(loaded: Plan) -> None:
    claimed = Obligation.objects.filter(plan=loaded, decision_basis="条文原文")

    assert claimed.exists()
    for row in claimed:
        frequency = Frequency(row.frequency) if row.frequency else None
        check_basis(
            row, Deadline(DeadlineKind(row.deadline_kind), "条文原文", row.due_on, frequency)
        )

"""The command import_plan: its JSON for outside programs, its errors, and nothing half stored."""

import json

import pytest
from django.core.management import CommandError, call_command

from clauses.models import Clause, Plan, Provision
from tests.clauses.reading.samples import PLANS, REFERENCE

OBLIGATION_KEYS = {
    "clause", "source_text", "bearers", "deadline", "deadline_text", "frequency", "frequency_text",
}  # fmt: skip


def output(capsys, *arguments):
    call_command("import_plan", *arguments)
    return capsys.readouterr().out


def test_dry_run_prints_the_agreed_json_without_touching_the_database(capsys):
    out = output(capsys, str(REFERENCE / "source.txt"), "--dry-run", "--format", "json")
    plan = json.loads(out)
    text = (REFERENCE / "source.txt").read_text(encoding="utf-8")
    assert plan.keys() == {"title", "sections", "clauses", "obligations"}
    assert len(plan["sections"]) == 7
    assert len(plan["clauses"]) == 33
    assert plan["clauses"][3]["number"] == "4"
    assert plan["clauses"][3]["section"] == "2"
    assert all(clause["text"] in text for clause in plan["clauses"])
    assert all(o.keys() >= OBLIGATION_KEYS for o in plan["obligations"])
    assert all(o["source_text"] in text for o in plan["obligations"])
    dated = [o for o in plan["obligations"] if o["deadline"]]
    assert [(o["clause"], o["deadline"]) for o in dated] == [("21", "2020-12-31")]


def test_dry_run_prints_a_summary_for_people(capsys):
    out = output(capsys, str(PLANS / "phases.txt"), "--dry-run")
    assert "标题：某某区危险化学品安全专项整治工作方案" in out
    assert "4 个部分，7 条" in out


@pytest.mark.parametrize("name", ["missing.txt", "empty.txt", "binary.txt", "a.pdf", "bad.docx"])
def test_file_that_cannot_be_read_gets_one_sentence_and_exit_code_2(name, tmp_path, capsys):
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)))
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "bad.docx").write_bytes(b"PK\x03\x04")
    with pytest.raises(SystemExit) as caught:
        call_command("import_plan", str(tmp_path / name), "--dry-run", "--format", "json")
    assert caught.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.strip().endswith("。")
    assert len(captured.err.strip().splitlines()) == 1


@pytest.mark.django_db
def test_import_stores_the_plan_with_every_sentence(capsys):
    output(capsys, str(PLANS / "phases.txt"), "--code", "whp-2025")
    plan = Plan.objects.get(code="whp-2025")
    assert plan.title == "某某区危险化学品安全专项整治工作方案"
    clauses = Clause.objects.filter(plan=plan)
    assert [clause.name for clause in clauses.filter(number__gt=7)] == ["一、整治目标"]
    assert clauses.count() == 8
    sentences = Provision.objects.filter(plan=plan)
    assert all(plan.source_text[s.start : s.end] == s.text for s in sentences)


@pytest.mark.django_db
def test_import_of_the_same_text_again_is_refused_and_stores_nothing(capsys):
    output(capsys, str(PLANS / "phases.txt"))
    first = Plan.objects.get()
    for again in ([], ["--code", "second"]):
        with pytest.raises(CommandError, match="一字不差"):
            call_command("import_plan", str(PLANS / "phases.txt"), *again)
    assert Plan.objects.count() == 1
    assert Provision.objects.exclude(plan=first).count() == 0

"""Where a sentence ends."""

from clauses.reading.sentences import sentences


def cut(text):
    return [text[start:end] for start, end in sentences(text, 0, len(text))]


def test_semicolons_do_not_end_a_sentence():
    assert cut("做甲;做乙。做丙!") == ["做甲;做乙。", "做丙!"]


def test_stop_inside_quotes_or_brackets_does_not_end_it():
    assert cut("坚持“先甲。后乙”的原则(见附件。另行通知)办理。完。") == [
        "坚持“先甲。后乙”的原则(见附件。另行通知)办理。",
        "完。",
    ]


def test_closing_quote_and_note_go_with_the_sentence():
    assert cut("他说“要落实。”再做。(甲局负责)又做。") == [
        "他说“要落实。”",
        "再做。(甲局负责)",
        "又做。",
    ]


def test_end_of_paragraph_ends_a_sentence_without_a_stop():
    assert cut("制定如下方案\n 做好工作。") == ["制定如下方案", "做好工作。"]


def test_bracket_that_never_closes_does_not_swallow_the_paragraph():
    text = "开头(没有关上" + "甲" * 700 + "。后面一句。"
    assert cut(text)[-1] == "后面一句。"

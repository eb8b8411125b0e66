"""Numbers that a page sends back: only what can be a row's."""

import pytest

from common.keys import is_key


@pytest.mark.parametrize(
    ("text", "expected"),
    [("42", True), ("9" * 18, True), ("9" * 19, False), ("", False), ("-1", False), ("1.5", False)],
)
def test_a_key_is_digits_that_a_database_holds(text: str, *, expected: bool) -> None:
    assert is_key(text) is expected

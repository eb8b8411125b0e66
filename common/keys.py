"""Keys of rows as pages send them back: digits, and not more than a database holds."""

KEY_DIGITS = 18  # 再长就不是库里的编号


def is_key(text: str) -> bool:
    """Whether ``text`` can be the number of a row.

    >>> is_key("42"), is_key("-1"), is_key("9" * 19)
    (True, False, False)
    """
    return text.isdecimal() and len(text) <= KEY_DIGITS

"""Characters of official texts: widths, blanks and the marks that end a sentence.

Full-width and half-width forms mean the same, so the grammar works on a copy of the text in which
each character is replaced by its half-width form, one for one.  One for one matters: an offset in
the copy is an offset in the text.
"""

import unicodedata

INVISIBLE = frozenset("\ufeff\u200b\u200c\u200d\u2060\u00ad")
LINE_ENDS = frozenset("\n\r\f\v\x85\u2028\u2029")
SENTENCE_ENDS = frozenset("。!?")
CLOSERS = frozenset("”’\"'」』》】])")
OPENERS = {"(": ")", "“": "”", "《": "》", "〈": "〉", "「": "」", "『": "』", "【": "】", "[": "]"}
# A line that ends with one of these cannot be the end of a paragraph.
HANGING = frozenset(",、(《“〈「")

_TABLE: dict[int, str] = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_TABLE.update(dict.fromkeys((0x3000, 0xA0, *range(0x2000, 0x200B), 0x202F), " "))
_TABLE.update({ord("｡"): "。", ord("､"): "、", ord("○"): "〇", ord("﹒"): ".", ord("∶"): ":"})
_TABLE.update({ord("〔"): "〔", ord("["): "[", ord("︰"): ":", ord("﹙"): "(", ord("﹚"): ")"})


def normalise(text: str) -> str:
    """Return ``text`` in half-width forms; the length does not change."""
    return text.translate(_TABLE)


def display_width(text: str) -> int:
    """Return the columns that ``text`` fills: two for a Chinese character, one for a Latin one."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def is_chinese(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"

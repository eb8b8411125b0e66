"""Chinese and Arabic numerals as official numbering writes them."""

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}
DIGITS.update({"〇": 0, "两": 2})
UNITS = {"十": 10, "百": 100, "千": 1000}
NUMERAL_CHARS = "〇零一二三四五六七八九十百两"
CAPITAL_CHARS = "壹贰叁肆伍陆柒捌玖拾"
_PLAIN = str.maketrans(CAPITAL_CHARS, "一二三四五六七八九十")


def numeral_value(text: str) -> int | None:
    """Return the number that ``text`` writes: 二十一, 贰拾壹, 21, 二〇二五; else None."""
    text = text.replace(" ", "").translate(_PLAIN)
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or any(char not in DIGITS and char not in UNITS for char in text):
        return None
    if not any(char in UNITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    total = digit = 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        else:
            total += (digit or 1) * UNITS[char]
            digit = 0
    return total + digit


def chinese_numeral(number: int) -> str:
    """Return 1 … 999 as numbering writes it: 21 → 二十一, 110 → 一百一十."""
    chars = "〇一二三四五六七八九"
    if not 0 < number < 1000:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{chars[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{chars[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (chars[ones] if ones else "")

"""Numbers below one another, written to the same number of decimals."""

import re
from collections.abc import Sequence

NUMBER = re.compile(r"([+−-]?\d+)(?:\.(\d+))?(%|/.*)?")


def even_decimals(texts: Sequence[str]) -> list[str]:
    """Give every number of a column as many decimals as the longest has; other words stay.

    >>> even_decimals(["11.75", "6", "−0.4", "—", ""])
    ['11.75', '6.00', '−0.40', '—', '']
    >>> even_decimals(["33.14/36", "32/36"]), even_decimals(["8", "21"])
    (['33.14/36', '32.00/36'], ['8', '21'])
    """
    found = [NUMBER.fullmatch(text) for text in texts]
    places = max((len(one[2] or "") for one in found if one), default=0)
    if not places:
        return list(texts)
    return [
        f"{one[1]}.{(one[2] or '').ljust(places, '0')}{one[3] or ''}" if one else text
        for one, text in zip(found, texts, strict=True)
    ]

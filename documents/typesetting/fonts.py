"""Where typefaces come from: the office's own first, then the open ones, then the system's.

The renderer is pointed at them by a fontconfig file of its own, so it looks nowhere else.
"""

import json
import os
import sys
import threading
from pathlib import Path
from xml.sax.saxutils import escape

from django.conf import settings

OPEN_FONTS = Path(sys.prefix) / "share" / "fonts" / "qinnan"
SYSTEM_FONTS = Path("/usr/share/fonts")


def office_fonts() -> Path:
    """The folder in which the office puts typefaces that it has licensed."""
    return Path(settings.DOCUMENT_FONTS_DIR)


def font_environment() -> dict[str, str]:
    """Return the variables that lead the renderer to the typefaces, writing its configuration."""
    places = [office_fonts(), OPEN_FONTS, SYSTEM_FONTS]
    cache = office_fonts() / ".cache"
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    listed = "".join(f"<dir>{escape(str(place))}</dir>" for place in places)
    text = (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'
        f"<fontconfig>{listed}<cachedir>{escape(str(cache))}</cachedir></fontconfig>"
    )
    target = cache / "fonts.conf"
    if not target.is_file() or target.read_text(encoding="utf-8") != text:
        draft = target.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")  # nobody else's
        draft.write_text(text, encoding="utf-8")
        draft.replace(target)
    return {
        "FONTCONFIG_FILE": str(target),
        "QINNAN_FONT_PLACES": json.dumps([str(place.resolve()) for place in [*places, cache]]),
    }

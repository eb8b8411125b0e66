"""Cut a typeface down to the characters of GBK and give it the common em box.

    cut_fonts.py ROLE SOURCE TARGET

Every face gets ascent 0.88 and descent 0.12 of the em, so that lines that mix faces keep one
pitch and the place of a glyph can be told from the size alone.  The instant of cutting is left out:
fonts are embedded in papers, and the same content must give the same bytes wherever it is set.
"""

import ctypes
import ctypes.util
import sys
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ASCENT, DESCENT = 0.88, 0.12
FACE = 2  # of a Noto CJK collection: simplified Chinese
RANGES = ((0x20, 0x7F), (0xA0, 0x180), (0x2000, 0x206F), (0x2150, 0x218F), (0x2190, 0x21FF))
RANGES += ((0x2460, 0x24FF), (0x2500, 0x25FF), (0x3000, 0x303F), (0x3200, 0x32FF))
RANGES += ((0x4E00, 0x9FA6), (0xFE30, 0xFE50), (0xFF00, 0xFFF0), (0x2600, 0x2700))
HAN = 0x4E00
SCATTERED = "×÷±²³°·ˉˇ㎎㎏㎜㎝㎞㎡"


def characters(role: str) -> set[int]:
    """Return the code points that are kept; 宋体 sets nothing but page numbers."""
    kept = {code for first, end in RANGES for code in range(first, end)}
    kept |= {ord(character) for character in SCATTERED}
    return {code for code in kept if code < HAN} if role == "Song" else kept


def cut(source: Path, role: str) -> bytes:
    """Return the subset, by HarfBuzz where the library is there, by fontTools elsewhere."""
    index = FACE if source.suffix == ".ttc" else 0
    name = ctypes.util.find_library("harfbuzz-subset")
    kept = characters(role)
    return _by_harfbuzz(name, source, index, kept) if name else _by_fonttools(source, index, kept)


def _by_harfbuzz(name: str, source: Path, index: int, kept: set[int]) -> bytes:
    library = ctypes.CDLL(name)
    base = ctypes.CDLL(ctypes.util.find_library("harfbuzz") or "libharfbuzz.so.0")

    def call(place: ctypes.CDLL, function: str, *arguments: object) -> int:
        found = getattr(place, function)
        found.restype = ctypes.c_void_p
        return found(*arguments) or 0

    pointer = ctypes.c_void_p
    blob = call(base, "hb_blob_create_from_file", str(source).encode())
    face = call(base, "hb_face_create", pointer(blob), ctypes.c_uint(index))
    wish = call(library, "hb_subset_input_create_or_fail")
    wanted = call(library, "hb_subset_input_unicode_set", pointer(wish))
    for code in kept:
        call(base, "hb_set_add", pointer(wanted), ctypes.c_uint(code))
    result = call(library, "hb_subset_or_fail", pointer(face), pointer(wish))
    if not result:
        raise RuntimeError(f"HarfBuzz could not cut {source}.")
    data = call(base, "hb_face_reference_blob", pointer(result))
    length = ctypes.c_uint(0)
    place = call(base, "hb_blob_get_data", pointer(data), ctypes.byref(length))
    return ctypes.string_at(place, length.value)


def _by_fonttools(source: Path, index: int, kept: set[int]) -> bytes:
    font = TTFont(source, fontNumber=index, lazy=True, recalcTimestamp=False)
    options = subset.Options(layout_features=["*"], name_IDs=["*"], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=kept)
    cutter.subset(font)
    output = BytesIO()
    font.save(output)
    return output.getvalue()


def name_and_level(data: bytes, role: str) -> bytes:
    """Return the font under its own family name and with the common em box."""
    font = TTFont(BytesIO(data), lazy=True, recalcBBoxes=False, recalcTimestamp=False)
    family = f"Qinnan {role}"
    names = {1: family, 2: "Regular", 3: family, 4: family, 6: f"Qinnan{role}"}
    font["name"].names = [record for record in font["name"].names if record.nameID in {0, 13, 14}]
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    em = font["head"].unitsPerEm
    up, down = round(em * ASCENT), round(em * DESCENT)
    line, system = font["hhea"], font["OS/2"]
    line.ascent, line.descent, line.lineGap = up, -down, 0
    system.sTypoAscender, system.sTypoDescender, system.sTypoLineGap = up, -down, 0
    system.usWinAscent, system.usWinDescent = up, down
    system.usWeightClass, system.fsSelection = 400, 1 << 6
    font["head"].macStyle = 0
    for table in ("vhea", "vmtx", "VORG", "BASE"):
        if table in font:
            del font[table]
    output = BytesIO()
    font.save(output)
    return output.getvalue()


def main(role: str, source: str, target: str) -> None:
    draft = Path(target).with_suffix(".part")
    draft.write_bytes(name_and_level(cut(Path(source), role), role))
    draft.replace(target)


if __name__ == "__main__":
    main(*sys.argv[1:])

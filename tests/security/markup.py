"""What a browser would take for markup that is not the platform's own."""

from lxml.etree import tostring

from tests.security.crawling import Page
from tests.security.poison import PAYLOADS

HOSTILE = [payload for payload in PAYLOADS if "<" in payload or "&" in payload]


def faults(page: Page) -> list[str]:
    """Return what a browser would take for markup that is not ours: we have no inline script."""
    if not page.is_html:
        return []
    found = []
    for tag in page.tags:
        names = [name for name in tag.attrib if name.startswith("on")]
        links = [tag.get(name, "") for name in ("href", "src", "action", "formaction", "hx-get")]
        scripted = [
            link for link in links if link.strip().lower().startswith(("javascript:", "data:"))
        ]
        if names or scripted or (tag.tag == "script" and not tag.get("src")):
            found.append(tostring(tag, encoding="unicode")[:120])
    return found + [payload for payload in HOSTILE if payload in page.body.decode()]

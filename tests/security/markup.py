"""What a browser would take for markup that is not the platform's own."""

from tests.security.crawling import Page
from tests.security.poison import PAYLOADS

HOSTILE = [payload for payload in PAYLOADS if "<" in payload or "&" in payload]


def faults(page: Page) -> list[str]:
    """Return what a browser would take for markup that is not ours: we have no inline script."""
    if not page.is_html:
        return []
    soup = page.soup
    found = [str(tag)[:120] for tag in soup.find_all("script") if not tag.get("src")]
    for tag in soup.find_all(True):
        names = [name for name in tag.attrs if name.startswith("on")]
        links = [
            str(tag.get(name, "")) for name in ("href", "src", "action", "formaction", "hx-get")
        ]
        scripted = [
            link for link in links if link.strip().lower().startswith(("javascript:", "data:"))
        ]
        if names or scripted:
            found.append(str(tag)[:120])
    return found + [payload for payload in HOSTILE if payload in page.body.decode()]

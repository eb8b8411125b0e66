"""What a page is asked in the browser: whether everybody can use it, and how wide it is."""

from axe_playwright_python.base import AXE_FILE_PATH

AXE = AXE_FILE_PATH.read_text()
CHECK = "axe.run({resultTypes: ['violations']})"
WIDTH = "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"

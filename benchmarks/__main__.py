"""``python -m benchmarks``: all measurements."""

from benchmarks.pages import main

main()

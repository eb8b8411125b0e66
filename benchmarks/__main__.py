"""``python -m benchmarks``: all measurements."""

import subprocess
import sys

from benchmarks.pages import main

main()
MORE = (["benchmarks.planning"], ["benchmarks.documents", "--demo"])
sys.exit(
    max(
        subprocess.run([sys.executable, "-m", *more], check=False).returncode  # noqa: S603
        for more in MORE
    )
)

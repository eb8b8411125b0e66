"""``python -m benchmarks``: all measurements."""

import subprocess
import sys

from benchmarks.pages import main

main()
sys.exit(subprocess.run([sys.executable, "-m", "benchmarks.planning"], check=False).returncode)

#!/usr/bin/env bash
# Write the locked requirements anew from the .in files: hashes for every platform, no addresses.
# Needs uv (`pip install uv`). Raise a version in the .in file first, then run this.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo .venv/bin/uv)
compile() {
  "$uv" pip compile --universal --python-version 3.11 --generate-hashes \
    --no-header --no-annotate --no-emit-index-url --quiet "$@"
}
compile requirements.in -o requirements.txt
compile requirements-sign.in -o requirements-sign.txt
compile requirements-dev.in -o requirements-dev.txt
if grep -nE 'https?://|file://|^--(extra-)?index|^--find-links' requirements.txt requirements-sign.txt requirements-dev.txt; then
  echo "锁定文件里出现了地址，请检查后重新生成。" >&2
  exit 1
fi

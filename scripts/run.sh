#!/usr/bin/env bash
# Start the platform after set-up: one command, one port, everything under QINNAN_VAR.
set -euo pipefail
cd "$(dirname "$0")/.."
export DEMO=${DEMO:-1} PYTHONUNBUFFERED=1
exec .venv/bin/python manage.py serve --prepare

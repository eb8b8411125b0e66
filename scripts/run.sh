#!/usr/bin/env bash
# Start the platform after set-up: one command, one port, everything under QINNAN_VAR.
set -euo pipefail
cd "$(dirname "$0")/.."
export DEMO=${DEMO:-1} PYTHONUNBUFFERED=1
# The demonstration is set in the plan's own time, when its deadlines were still ahead.
if [ "$DEMO" != 0 ] && [ -z "${QINNAN_TODAY:-}" ]; then
  export QINNAN_TODAY=2019-09-18
  echo "【演示】业务日期定为 $QINNAN_TODAY，另定用 QINNAN_TODAY=日期；DEMO=0 不带演示数据，按当天日期运行。"
fi
exec .venv/bin/python manage.py serve --prepare

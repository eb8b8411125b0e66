#!/usr/bin/env bash
# Submissions under crashes, on SQLite and on a durable PostgreSQL: `make crash`.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/servers.sh
servers=$(mktemp -d "${TMPDIR:-/tmp}/qinnan-crash.XXXXXX")
trap stop_servers EXIT
trap 'exit 130' INT TERM
unset REDIS_URL DATABASE_URL
echo "【演练】单机（SQLite）"
QINNAN_VAR=$servers/embedded .venv/bin/python -m benchmarks.submissions "$@"
echo "【演练】正式（PostgreSQL）"
postgres_durable=on
start_postgres || { echo "【演练】没有可用的 PostgreSQL，只做了单机一项。" >&2; exit 1; }
start_redis
export REDIS_URL=$redis_url SECRET_KEY=crash-only-0123456789-0123456789-0123456789-0123456789
RESTART_DATABASE="$(postgres_restart_command)" DATABASE_URL=$postgres_url QINNAN_VAR=$servers/production \
  ALLOWED_HOSTS=127.0.0.1 .venv/bin/python -m benchmarks.submissions "$@"

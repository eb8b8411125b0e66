#!/usr/bin/env bash
# Measurements of benchmarks/ on a throw-away PostgreSQL: `make bench`.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/servers.sh
if ! compgen -G 'benchmarks/*.py' >/dev/null; then
  echo "【测量】还没有测量程序（benchmarks/）。" >&2
  exit 1
fi
servers=$(mktemp -d "${TMPDIR:-/tmp}/qinnan-servers.XXXXXX")
trap stop_servers EXIT
trap 'exit 130' INT TERM
postgres_autovacuum=on
if ! start_postgres; then
  echo "【测量】没有可用的 PostgreSQL，请先执行 apt-get install postgresql。" >&2
  exit 1
fi
export DATABASE_URL=$postgres_url QINNAN_VAR=$servers/var HTTPS=0 DEMO=0
export SECRET_KEY=benchmarks-only-0123456789-0123456789-0123456789-0123456789 REDIS_URL=redis://127.0.0.1:1/0
.venv/bin/python -m "${BENCH:-benchmarks}" "$@"

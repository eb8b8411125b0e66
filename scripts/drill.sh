#!/usr/bin/env bash
# The drill of benchmarks/drill.py: once in embedded mode, once on PostgreSQL and Redis.
# DRILL_SEED=… repeats a run; `scripts/drill.sh embedded` or `production` runs one of the two.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/servers.sh
export QINNAN_ENV_FILE=/dev/null HTTPS=0 DEMO=0
export SECRET_KEY=drills-only-0123456789-0123456789-0123456789-0123456789
unset DATABASE_URL REDIS_URL QINNAN_TODAY
servers=$(mktemp -d "${TMPDIR:-/tmp}/qinnan-drill.XXXXXX")
trap stop_servers EXIT
trap 'exit 130' INT TERM
failed=0
drill() { # name
  export QINNAN_VAR=$servers/$1
  mkdir -p "$QINNAN_VAR"
  echo "【演练】$1"
  .venv/bin/python manage.py migrate --verbosity 0
  .venv/bin/python -m benchmarks.drill || failed=1
}
which=${1:-both}
[ "$which" = production ] || drill embedded
if [ "$which" != embedded ]; then
  if start_postgres && start_redis; then
    export DATABASE_URL=$postgres_url REDIS_URL=$redis_url
    drill production
  else
    echo "【演练】没有可用的 PostgreSQL 或 Redis，正式部署方式没有演练。" >&2
    failed=1
  fi
fi
exit $failed

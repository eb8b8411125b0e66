#!/usr/bin/env bash
# Static checks: style, types, layers, templates, migrations, deployment settings.
set -uo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
export QINNAN_ENV_FILE=/dev/null
QINNAN_VAR=$(mktemp -d)
export QINNAN_VAR
trap 'rm -rf "$QINNAN_VAR"' EXIT
unset DATABASE_URL REDIS_URL DEBUG QINNAN_TODAY
failed=()
check() { # name command…
  local name=$1 out
  shift
  if out=$("$@" 2>&1 </dev/null); then
    printf '【检查】%s：通过\n' "$name"
  else
    printf '%s\n【检查】%s：未通过\n' "$out" "$name"
    failed+=("$name")
  fi
}
deploy_check() {
  DATABASE_URL=postgres://u:p@127.0.0.1/x REDIS_URL=redis://127.0.0.1/0 DEMO=0 \
    SECRET_KEY=$(printf 'Z9x%.0s' {1..17})q8 ALLOWED_HOSTS=example.gov.cn \
    SITE_URL=https://example.gov.cn TRUSTED_PROXY_COUNT=1 \
    python manage.py check --deploy --fail-level WARNING
}
check "代码规范（ruff check）" ruff check .
check "代码格式（ruff format）" ruff format --check .
check "导入方向（lint-imports）" lint-imports --no-cache
check "模板规范（djlint）" djlint --lint --quiet templates
check "迁移完整（makemigrations）" python manage.py makemigrations --check --dry-run
check "类型（mypy）" mypy
check "部署设置（check --deploy）" deploy_check
check "脚本（bash -n）" bash -n scripts/*.sh .ci/run
if [ ${#failed[@]} -gt 0 ]; then
  printf '【检查】未通过：%s\n' "${failed[*]}" >&2
  exit 1
fi

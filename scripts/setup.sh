#!/usr/bin/env bash
# Prepare this checkout: system libraries by apt where they are missing, .venv, locked packages.
#   scripts/setup.sh run     what the platform needs to run
#   scripts/setup.sh test    the same, and what the tests need
# Asks nothing. A second run finds everything in place and uses no network.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-run}
say() { printf '【准备】%s\n' "$*"; }
warn() { printf '【注意】%s\n' "$*" >&2; }

# Two set-ups of one checkout wait for each other.
if command -v flock >/dev/null; then
  exec 9<Makefile
  flock 9
fi

# --- system packages ------------------------------------------------------
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@" </dev/null
  else
    sudo -n env DEBIAN_FRONTEND=noninteractive "$@" </dev/null
  fi
}
apt_usable() {
  command -v apt-get >/dev/null || return 1
  [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}
apt_get() {
  as_root apt-get -qq -y -o Acquire::Retries=2 -o Acquire::http::Timeout=30 \
    -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" >"$apt_log" 2>&1
}
apt_install() {
  apt_get install --no-install-recommends "$@" && return 0
  if [ -z "${apt_lists_fresh:-}" ]; then
    say "更新软件源目录……"
    apt_get update || true
    apt_lists_fresh=1
    apt_get install --no-install-recommends "$@" && return 0
  fi
  return 1
}
package_missing() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" != installed ]; }
program_missing() {
  local name
  for name in "$@"; do
    command -v "$name" >/dev/null && return 1
    compgen -G "/usr/lib/postgresql/*/bin/$name" >/dev/null && return 1
  done
  return 0
}
missing_packages() {
  local package
  for package in libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig; do
    package_missing "$package" && echo "$package"
  done
  [ "$kind" = test ] || return 0
  program_missing initdb && echo postgresql
  program_missing redis-server valkey-server && echo redis-server
  program_missing "${CHROMIUM:-chromium}" chromium chromium-browser google-chrome && echo chromium
  program_missing pdftotext && echo poppler-utils
  package_missing fonts-noto-cjk && echo fonts-noto-cjk
  return 0
}
purpose_of() {
  case $1 in
    postgresql) echo "PostgreSQL 上的测试" ;;
    redis-server) echo "系统自带 Redis 的测试（改用随附的 Valkey）" ;;
    chromium) echo "浏览器测试" ;;
    fonts-noto-cjk) echo "中文截图" ;;
    poppler-utils) echo "PDF 版面测试" ;;
    *) echo "公文 PDF 的正常速度和版面" ;;
  esac
}
install_system_packages() {
  local missing package left=()
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -gt 0 ] || return 0
  apt_log=$(mktemp)
  if ! command -v dpkg-query >/dev/null || ! apt_usable; then
    left=("${missing[@]}")
  elif [ "$(cat .venv/.apt-refused 2>/dev/null)" = "${missing[*]}" ]; then
    left=("${missing[@]}") # tried before without success; removing the file tries again
  else
    say "安装系统组件：${missing[*]}"
    if ! apt_install "${missing[@]}"; then
      for package in "${missing[@]}"; do
        apt_install "$package" || left+=("$package")
      done
    fi
    [ ${#left[@]} -eq 0 ] || { refused="${left[*]}"; tail -n 3 "$apt_log" >&2; }
  fi
  rm -f "$apt_log"
  for package in ${left[@]+"${left[@]}"}; do
    warn "未能安装系统组件 ${package}，将缺少：$(purpose_of "$package")。可由管理员执行 apt-get install $package 后重试。"
  done
}

# --- Python ----------------------------------------------------------------
find_python() {
  local name
  for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14; do
    command -v "$name" >/dev/null || continue
    "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$name"; return; }
  done
  return 1
}
make_venv() {
  local python version
  [ -x .venv/bin/python ] && .venv/bin/python -c 'import pip' 2>/dev/null && return 0
  if ! python=$(find_python); then
    warn "没有找到 Python 3.11 或更高版本，请先安装（Debian 12、Ubuntu 24.04 的 python3 即可）。"
    exit 1
  fi
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    say "安装 Python 的虚拟环境组件……"
    apt_log=$(mktemp)
    if ! { apt_usable && { apt_install "python$version-venv" || apt_install python3-venv; }; }; then
      warn "缺少 Python 的虚拟环境组件，请由管理员执行 apt-get install python3-venv 后重试。"
      exit 1
    fi
    rm -f "$apt_log"
  fi
  say "用 Python $version 建立虚拟环境 .venv ……"
  "$python" -m venv --clear .venv
}
stamp_of() { cat "$1" | sha256sum | cut -c1-64; }
# Runtime packages are a subset of the development ones at equal versions, so either stamp will do.
packages_in_place() {
  local want=$1 stamp
  for stamp in "$want" requirements-dev.txt; do
    [ "$(cat ".venv/.installed-$stamp" 2>/dev/null)" = "$(stamp_of "$stamp")" ] && return 0
  done
  return 1
}
install_packages() {
  local lock=requirements.txt
  [ "$kind" = test ] && lock=requirements-dev.txt
  packages_in_place "$lock" && return 0
  say "安装 Python 组件（${lock}，约需一分钟）……"
  rm -f .venv/.installed-*
  .venv/bin/python -m pip install -qq --disable-pip-version-check --no-input \
    --require-hashes --only-binary :all: -r "$lock" </dev/null ||
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-input \
      --require-hashes -r "$lock" </dev/null
  stamp_of "$lock" >".venv/.installed-$lock"
}

started=$SECONDS
make_venv
install_system_packages
install_packages
if [ -n "${refused:-}" ]; then echo "$refused" >.venv/.apt-refused; fi
# Fonts for documents are prepared once, where the script for it is present.
if [ -x scripts/fonts.sh ]; then scripts/fonts.sh; fi
if [ $((SECONDS - started)) -ge 3 ]; then say "环境已就绪，用时 $((SECONDS - started)) 秒。"; fi

#!/usr/bin/env bash
# Prepare the open typefaces of official documents under .venv/share/fonts/qinnan.
# Takes Noto CJK from the system where it is installed; the rest is downloaded as apt packages,
# one file is taken out of each and cut down to the characters of GBK.  A second run does nothing.
# Never fails the set-up: without a network documents are set in whatever Chinese face there is.
set -uo pipefail
cd "$(dirname "$0")/.."
target=.venv/share/fonts/qinnan
say() { printf '【字体】%s\n' "$*"; }
warn() { printf '【注意】%s\n' "$*" >&2; }

stamp=$(cat scripts/fonts.sh scripts/cut_fonts.py | sha256sum | cut -c1-64)
[ "$(cat "$target/.stamp" 2>/dev/null)" = "$stamp" ] && exit 0
[ -n "${QINNAN_NO_FONTS:-}" ] && exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# take PACKAGE PATH-IN-PACKAGE: prints the file's place, from the system or out of the package
take() {
  local package=$1 path=$2 archive
  if [ -f "/$path" ]; then
    echo "/$path"
    return 0
  fi
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
  if ! compgen -G "$work/${package}_*.deb" >/dev/null; then
    (cd "$work" && apt-get -qq -o Acquire::Retries=2 -o Acquire::http::Timeout=30 \
      -o APT::Sandbox::User="$(id -un)" download "$package" >/dev/null 2>&1) || return 1
  fi
  archive=$(compgen -G "$work/${package}_*.deb" | head -n 1)
  dpkg-deb --fsys-tarfile "$archive" | tar -x -C "$work" --wildcards "./$path" 2>/dev/null || return 1
  compgen -G "$work/$path" | head -n 1
}

say "准备公文字体（首次约需半分钟）……"
noto=usr/share/fonts/opentype/noto
fandol='usr/share/texlive/texmf-dist/fonts/opentype/public/fandol'
wanted=(
  "XiaoBiaoSong|fonts-noto-cjk|$noto/NotoSerifCJK-Bold.ttc"
  "Song|fonts-noto-cjk|$noto/NotoSerifCJK-Regular.ttc"
  "Hei|fonts-noto-cjk|$noto/NotoSansCJK-Regular.ttc"
  "FangSong|texlive-lang-chinese|$fandol/FandolFang-Regular.otf"
  "Kai|fonts-lxgw-wenkai|usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf"
)
mkdir -p "$target"
left=()
for entry in "${wanted[@]}"; do
  IFS='|' read -r role package path <<<"$entry"
  [ -f "$target/Qinnan$role.otf" ] && [ "$(cat "$target/.$role" 2>/dev/null)" = "$stamp" ] && continue
  if source=$(take "$package" "$path") && [ -n "$source" ] &&
    .venv/bin/python scripts/cut_fonts.py "$role" "$source" "$target/Qinnan$role.otf"; then
    echo "$stamp" >"$target/.$role"
  else
    left+=("$package")
  fi
done
if [ ${#left[@]} -gt 0 ]; then
  warn "缺少字体软件包 $(printf '%s\n' "${left[@]}" | sort -u | paste -sd' ')，公文暂用已有的中文字体代替。可联网后重新执行 scripts/fonts.sh，或把单位自有字体放进数据目录的 fonts 文件夹。"
else
  echo "$stamp" >"$target/.stamp"
  say "公文字体已就绪（$(du -sm "$target" | cut -f1) MB）。"
fi
exit 0

#!/usr/bin/env bash
# From nothing to a certified plan of the Wenzhou sample: demo.sh [S|M|L]
set -euo pipefail
cd "$(dirname "$0")/.."
size=${1:-S}
case $size in
S) seconds=20 ;;
M) seconds=150 ;;
L) seconds=1000 ;;
*)
    echo "SIZE is S, M or L, not '$size'. / SIZE 只能是 S、M 或 L，不能是“$size”。" >&2
    exit 2
    ;;
esac
out=demo-$size

run() {
    printf '\n$ %s\n' "$*"
    "$@"
}

rm -rf "$out"
run cordwainer sample "$out/cluster" --size "$size" --seed 1
run cordwainer plan "$out/cluster" "$out/plan" --time "$seconds"
run cordwainer verify "$out/cluster" "$out/plan"
run cordwainer show "$out/cluster" "$out/plan"
run cordwainer report "$out/cluster" "$out/plan" "$out/report.html"
printf '\nThe plan is in %s; open %s in a browser. / 计划在 %s，用浏览器打开 %s 查看报告。\n' \
    "$out/plan" "$out/report.html" "$out/plan" "$out/report.html"

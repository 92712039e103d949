#!/bin/sh
# Generated documentation: docs.sh write|check. Each generator is a module scripts/docs_<what>.py that
# takes `--check` and then fails when the file on disk differs from what it would write.
set -eu
cd "$(dirname "$0")/.."
mode=$1
found=no
for generator in scripts/docs_*.py; do
    [ -e "$generator" ] || continue
    found=yes
    if [ "$mode" = check ]; then
        "${BIN:-.venv/bin}/python" "$generator" --check
    else
        "${BIN:-.venv/bin}/python" "$generator"
    fi
done
[ "$found" = yes ] || echo "No documentation is generated. / 没有需要生成的文档。"

#!/usr/bin/env bash
# Run every test: those that need Chromium get it installed first where that is possible.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${BIN:-.venv/bin}
if grep -rqE 'mark\.browser' tests --include='*.py'; then
    CHROMIUM=$(bash scripts/ensure_browser.sh)
    export CHROMIUM
fi
exec "$bin/python" -m pytest -n "${TEST_PROCESSES:-2}" --dist worksteal "$@"

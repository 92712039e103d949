#!/usr/bin/env bash
# Run every test: Chromium and PostgreSQL are installed first where they are missing and that is possible.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${BIN:-.venv/bin}
if grep -rqE 'mark\.browser' tests --include='*.py'; then
    CHROMIUM=$(bash scripts/ensure_browser.sh)
    export CHROMIUM
fi
POSTGRES_BIN=$(bash scripts/ensure_postgres.sh)
export POSTGRES_BIN
exec "$bin/python" -m pytest -n "${TEST_PROCESSES:-2}" --dist worksteal "$@"

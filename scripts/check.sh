#!/bin/sh
# Run every static check, say which failed, and fail if one did.
set -u
cd "$(dirname "$0")/.."
bin=${BIN:-.venv/bin}
failed=
step() {
    name=$1
    shift
    printf '== %s\n' "$name"
    "$@" || failed="$failed, $name"
}
step "format" "$bin/ruff" format --check --quiet .
step "lint" "$bin/ruff" check --quiet .
step "types" "$bin/mypy"
step "import contract" "$bin/lint-imports" --no-logo
step "doors of the rooms" "$bin/python" scripts/check_rooms.py
step "licences" "$bin/python" scripts/check_licences.py
step "security" "$bin/python" scripts/check_security.py
step "repository" "$bin/python" scripts/check_repo.py
if [ -n "$failed" ]; then
    echo "Failed / 未通过: ${failed#, }" >&2
    exit 1
fi
echo "All checks passed. / 全部检查通过。"

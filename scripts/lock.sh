#!/bin/sh
# Resolve requirements/run.lock and requirements/dev.lock for Python 3.11 to 3.13, without any index address.
# What the present locks name stays unless pyproject.toml or UPGRADE=1 asks for something else.
set -eu
cd "$(dirname "$0")/.."
resolve() {
    "${BIN:-.venv/bin}/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate ${UPGRADE:+--upgrade} "$@"
}
resolve pyproject.toml --group build -o requirements/run.lock
resolve pyproject.toml --group build --group dev -c requirements/run.lock -o requirements/dev.lock

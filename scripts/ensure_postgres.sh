#!/usr/bin/env bash
# Print the folder of PostgreSQL's programs, installing Debian's where they are missing and may be installed.
set -euo pipefail
. "$(dirname "$0")/from_debian.sh"

if [ -n "${POSTGRES_BIN:-}" ]; then
    if [ -x "$POSTGRES_BIN/initdb" ]; then
        echo "$POSTGRES_BIN"
        exit 0
    fi
    echo "POSTGRES_BIN=$POSTGRES_BIN holds no initdb. / POSTGRES_BIN=$POSTGRES_BIN 中没有 initdb。" >&2
    exit 1
fi

installed() {
    local folder
    for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -Vr) /usr/local/pgsql/bin "$(dirname "$(command -v initdb || echo /none/initdb)")"; do
        if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then
            echo "$folder"
            return 0
        fi
    done
    return 1
}

if found_or_installed postgresql; then exit 0; fi
echo "The tests of the hub need PostgreSQL 14 or later. Install it (Debian: apt-get install postgresql) or set POSTGRES_BIN=/path/of/initdb." >&2
echo "平台测试需要 PostgreSQL 14 或更高版本：请安装（Debian：apt-get install postgresql），或用 POSTGRES_BIN=/路径 指定。" >&2
exit 1

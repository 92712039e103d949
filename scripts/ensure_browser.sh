#!/usr/bin/env bash
# Print the path of a Chromium, installing Debian's where it is missing and may be installed.
set -euo pipefail
. "$(dirname "$0")/from_debian.sh"

if [ -n "${CHROMIUM:-}" ]; then
    if [ -x "$CHROMIUM" ]; then
        echo "$CHROMIUM"
        exit 0
    fi
    echo "CHROMIUM=$CHROMIUM is not a program that can be run. / CHROMIUM=$CHROMIUM 无法运行。" >&2
    exit 1
fi

installed() {
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name"; then return 0; fi
    done
    return 1
}

if found_or_installed chromium; then exit 0; fi
echo "The browser tests need Chromium. Install it (Debian: apt-get install chromium) or set CHROMIUM=/path/to/chromium." >&2
echo "浏览器测试需要 Chromium：请安装（Debian：apt-get install chromium），或用 CHROMIUM=/路径/chromium 指定。" >&2
exit 1

#!/usr/bin/env bash
# Print the path of a Chromium, installing Debian's where it is missing and may be installed.
set -euo pipefail

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

if installed; then exit 0; fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "Installing Debian's chromium for the browser tests … / 正在安装浏览器测试所需的 chromium …" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null
    apt-get install -y -qq --no-install-recommends chromium >/dev/null
    if installed; then exit 0; fi
fi
echo "The browser tests need Chromium. Install it (Debian: apt-get install chromium) or set CHROMIUM=/path/to/chromium." >&2
echo "浏览器测试需要 Chromium：请安装（Debian：apt-get install chromium），或用 CHROMIUM=/路径/chromium 指定。" >&2
exit 1

# Sourced: find a program for the tests, installing Debian's package where it is missing and may be installed.

# found_or_installed PACKAGE: print what the caller's function `installed` prints; fail where there is nothing to be had.
found_or_installed() {
    if installed; then return 0; fi
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        echo "Installing Debian's $1 for the tests … / 正在安装测试所需的 $1 …" >&2
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq >/dev/null
        apt-get install -y -qq --no-install-recommends "$1" >/dev/null
        if installed; then return 0; fi
    fi
    return 1
}

#!/bin/sh
# Make the virtual environment once per lock: setup.sh run|dev
# Standard pip only, so that PIP_INDEX_URL and every other pip setting is honoured.
set -eu
kind=$1
venv=${VENV:-.venv}
cd "$(dirname "$0")/.."

fits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1
}

find_python() {
    for name in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
        if command -v "$name" >/dev/null 2>&1 && fits "$name"; then
            echo "$name"
            return 0
        fi
    done
    return 1
}

no_python() {
    echo "Cordwainer needs Python 3.11, 3.12 or 3.13, and none was found (looked for: ${PYTHON:-python3.13 python3.12 python3.11 python3 python})." >&2
    echo "On Debian or Ubuntu: apt-get install python3 python3-venv   or set PYTHON=/path/to/python3.12" >&2
    echo "需要 Python 3.11、3.12 或 3.13，本机没有找到。" >&2
    echo "Debian / Ubuntu 请运行：apt-get install python3 python3-venv；也可以用 PYTHON=/路径/python3.12 指定。" >&2
    exit 1
}

no_venv() {
    version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "$1 (Python $version) has no working venv module (venv and ensurepip), so no environment can be made." >&2
    echo "On Debian or Ubuntu: apt-get install python$version-venv" >&2
    echo "$1（Python $version）缺少 venv 模块（venv 与 ensurepip），无法建立运行环境。" >&2
    echo "Debian / Ubuntu 请运行：apt-get install python$version-venv" >&2
    exit 1
}

# The stamp names what was installed: the lock, the project's own metadata, the interpreter's place.
stamp_text() {
    cat "requirements/$1.lock" pyproject.toml | cksum
    pwd -P
}

is_current() {
    [ -x "$venv/bin/python" ] && [ -f "$venv/.stamp-$1" ] && [ "$(stamp_text "$1")" = "$(cat "$venv/.stamp-$1")" ]
}

if is_current "$kind"; then exit 0; fi
if [ "$kind" = run ] && is_current dev; then exit 0; fi

if ! fits "$venv/bin/python" || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(find_python) || no_python
    "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 || no_venv "$python"
    echo "Setting up $venv with $("$python" --version) … / 正在准备运行环境 …"
    rm -rf "$venv"
    "$python" -m venv "$venv" || no_venv "$python"
fi

echo "Installing the pinned packages of requirements/$kind.lock … / 正在安装依赖 …"
pip="$venv/bin/python -m pip --disable-pip-version-check --quiet"
rm -f "$venv/.stamp-run" "$venv/.stamp-dev"
$pip install --require-hashes --only-binary :all: -r "requirements/$kind.lock"
$pip install --no-deps --no-build-isolation --editable .

# Compile what is compiled at first use, so that the first plan starts at once.
if [ -f src/cordwainer/cli/warm.py ]; then
    echo "Compiling the numerical kernels … / 正在编译数值内核 …"
    "$venv/bin/cordwainer" warm
fi
stamp_text "$kind" > "$venv/.stamp-$kind"
echo "Ready. / 环境就绪。"

#!/usr/bin/env bash
# environment.sh LOCK STAMP: make .venv when absent, install LOCK into it with hashes checked, then the project itself.
# What STAMP says was installed from the same LOCK isn't installed again.
set -euo pipefail
lock=$1 stamp=$2

say() { echo "qushu: $*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"
    else return 1
    fi
}

find_python() {
    for name in python3.13 python3.12 python3.11 python3 python3.14; do
        if command -v "$name" >/dev/null &&
            "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    say "no Python from 3.11 to 3.14 was found. Install one (Debian, Ubuntu: apt-get install python3 python3-venv)."
    exit 1
}

add_venv_module() {
    local python=$1 version
    if "$python" -c 'import ensurepip, venv' 2>/dev/null; then return; fi
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    say "$python can't make environments yet; installing python$version-venv."
    if ! as_root sh -c "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python$version-venv" >&2; then
        say "that needs root. Run: sudo apt-get install python$version-venv   and then the same command again."
        exit 1
    fi
}

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    add_venv_module "$python"
    say "making .venv with $python"
    rm -rf .venv
    "$python" -m venv .venv
fi

wanted=$(sha256sum "$lock" | cut -d' ' -f1)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
    say "installing $(grep -c -E '^[a-zA-Z0-9._-]+(\[[^]]*\])?==' "$lock") packages of $lock"
    # pip compiles one file after the other; all cores together are done in half the time
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-compile --require-hashes -r "$lock"
    .venv/bin/python -m compileall -qq -j 0 .venv/lib || true # a file that no Python of this version reads isn't imported either
fi
.venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
echo "$wanted" > "$stamp"

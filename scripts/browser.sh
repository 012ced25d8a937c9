#!/usr/bin/env bash
# browser.sh: print the path of a Chromium for the browser tests, its headless shell before all others (it takes half of
# the time), installing it and a Chinese font through apt when absent. Prints nothing, and says why on standard error,
# when that may not be done: those tests are then skipped.
set -euo pipefail

say() { echo "qushu: $*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"
    else return 1
    fi
}

find_browser() {
    for name in "${QUSHU_CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
        # Ubuntu's chromium-browser may be a stub that only asks for a snap: a browser tells its version.
        if [ -n "$name" ] && command -v "$name" >/dev/null && "$name" --version >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    return 1
}

has_chinese_font() {
    command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family 2>/dev/null)" ]
}

install() {
    say "installing $* for the browser tests"
    as_root sh -c "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $*" >&2
}

fonts=()
has_chinese_font || fonts+=(fonts-noto-cjk fontconfig)
wanted=("${fonts[@]}")
find_browser >/dev/null || wanted+=(chromium-headless-shell)
if [ ${#wanted[@]} -gt 0 ]; then
    # Where there is no headless shell (Ubuntu), the whole browser.
    if ! command -v apt-get >/dev/null || ! { install "${wanted[@]}" || install chromium "${fonts[@]}"; }; then
        say "couldn't install ${wanted[*]} (that needs apt, root or sudo, and the network)."
        say "Install them yourself and run again; until then browser tests without a browser are skipped."
    fi
fi
find_browser || say "no Chromium: the browser tests are skipped. Set QUSHU_CHROMIUM to one you have."

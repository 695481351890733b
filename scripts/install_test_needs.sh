#!/bin/sh
# Looks for Chromium and PostgreSQL, which the tests need, and installs what is missing when it may.
set -eu

say() { printf 'ioc: %s\n' "$*" >&2; }

missing=
if ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null \
    && ! command -v google-chrome >/dev/null; then
    missing="$missing chromium"
fi
if ! command -v initdb >/dev/null && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    missing="$missing postgresql"
fi
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing what the tests need:$missing"
    apt-get update -q >&2
    # shellcheck disable=SC2086 # one word a package
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing >&2
else
    say "The tests need:$missing. Install them and run make again, on Debian or Ubuntu:"
    say "    sudo apt-get install --no-install-recommends$missing"
    exit 1
fi

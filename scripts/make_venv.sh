#!/bin/sh
# Makes .venv if it is missing and installs a lock file into it.
# usage: scripts/make_venv.sh LOCK
set -eu
lock=$1

say() { printf 'ioc: %s\n' "$*" >&2; }

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=${PYTHON:-}
    if [ -z "$python" ]; then
        for name in python3 python3.14 python3.13 python3.12 python3.11; do
            if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
                python=$name
                break
            fi
        done
    fi
    if [ -z "$python" ]; then
        say "Python 3.11 or newer is needed; found: $(python3 --version 2>&1 || echo none)."
        say "Install it (Debian 12, Ubuntu 24.04: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python3.12"
        exit 1
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            say "Installing python$version-venv."
            apt-get update -q >&2
            DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "python$version-venv" >&2
        else
            say "Python's venv module is missing. Install it and run make again: sudo apt-get install python$version-venv"
            exit 1
        fi
    fi
    "$python" -m venv --clear .venv
fi

.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"

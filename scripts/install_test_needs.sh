#!/bin/sh
# Looks for the servers and programs the tests speak to, and installs what is missing when it may.
set -eu

say() { printf 'ioc: %s\n' "$*" >&2; }

# there NAME FILE…: whether a command of that name or one of the files is there.
there() {
    name=$1
    shift
    command -v "$name" >/dev/null && return 0
    for file in "$@"; do
        [ -e "$file" ] && return 0
    done
    return 1
}

missing=
need() { # need PACKAGE NAME FILE…
    package=$1
    shift
    there "$@" || missing="$missing $package"
}

if ! there chromium && ! there chromium-browser && ! there google-chrome; then
    missing="$missing chromium"
fi
need postgresql initdb /usr/lib/postgresql/*/bin/initdb
need mariadb-server mariadbd /usr/sbin/mariadbd
need openssh-server sshd /usr/sbin/sshd
need prometheus prometheus
need cgi-mapserver mapserv /usr/lib/cgi-bin/mapserv
need poppler-utils pdftotext
need nodejs node
need npm npm

if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Installing what the tests need:$missing"
        # Servers that a package would start belong to nobody here: the tests start their own.
        policy=/usr/sbin/policy-rc.d
        if [ ! -e "$policy" ]; then
            printf '#!/bin/sh\nexit 101\n' >"$policy"
            chmod +x "$policy"
            trap 'rm -f "$policy"' EXIT
        fi
        apt-get update -q >&2
        # shellcheck disable=SC2086 # one word a package
        DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing >&2
    else
        say "The tests need:$missing. Install them and run make again, on Debian or Ubuntu:"
        say "    sudo apt-get install --no-install-recommends$missing"
        exit 1
    fi
fi

# Peers of other worlds, each with a lock of its own: an OAuth2 server of the npm registry.
lock=tests/peers/oidc/package-lock.json
installed=tests/peers/oidc/node_modules/installed.lock
if ! cmp -s "$lock" "$installed"; then
    say "Installing the OAuth2 server the tests ask for tokens."
    npm ci --prefix tests/peers/oidc --no-audit --no-fund --loglevel=error >&2
    cp "$lock" "$installed"
fi

# And an OGC API Features server of PyPI, whose packages are not the product's.
peer=.venv-peers/pygeoapi
lock=tests/peers/pygeoapi/requirements.lock
if ! cmp -s "$lock" "$peer/installed.lock"; then
    say "Installing the map server the tests ask for places."
    .venv/bin/python -m venv --clear "$peer"
    "$peer/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    cp "$lock" "$peer/installed.lock"
fi

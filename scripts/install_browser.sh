#!/bin/sh
# Looks for the browser that draws exported pictures and PDF, and installs it when it may.
# The product runs without it: it then refuses those forms and says why.
set -u

say() { printf 'ioc: %s\n' "$*" >&2; }

for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && exit 0
done

stamp=.venv/.browser-asked
if [ -e "$stamp" ]; then
    say "No Chromium: pictures, PDF and maps in slides cannot be exported (sudo apt-get install chromium)."
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing Chromium, which draws exported pictures and PDF."
    apt-get update -q >&2 &&
        DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium >&2 &&
        exit 0
    say "Chromium could not be installed: everything else works, pictures and PDF are refused."
else
    say "No Chromium: pictures, PDF and maps in slides cannot be exported. To have them:"
    say "    sudo apt-get install --no-install-recommends chromium"
fi
touch "$stamp"

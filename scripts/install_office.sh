#!/bin/sh
# Looks for the programs that open what was exported and are not ours, and installs them when it may.
set -eu

missing=
command -v soffice >/dev/null ||
    missing="libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui"
command -v pdftotext >/dev/null || missing="$missing poppler-utils"
command -v zbarimg >/dev/null || missing="$missing zbar-tools"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "ioc: needed, on Debian or Ubuntu: sudo apt-get install --no-install-recommends $missing" >&2
    exit 1
fi
echo "ioc: Installing what opens exported files: $missing" >&2
apt-get update -q >&2
# shellcheck disable=SC2086 # one word a package
DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing >&2

#!/bin/sh
# Put in place what the browser tests need: Debian's Chromium, and fonts for Thai, Chinese and emoji.
# Does nothing when all is there. Without root it prints the command to run instead.
set -eu

packages="chromium fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji"

if ! command -v dpkg-query >/dev/null; then
    echo "This is not Debian: install Chromium as /usr/bin/chromium, and the Noto fonts (core, CJK, emoji)." >&2
    exit 1
fi

missing=""
for package in $packages; do
    if ! dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed; then
        missing="$missing $package"
    fi
done
if [ -z "$missing" ]; then
    exit 0
fi

if [ "$(id -u)" -ne 0 ]; then
    echo "The browser tests need:$missing. Run:" >&2
    echo "sudo sh -c 'apt-get update && apt-get install --yes --no-install-recommends$missing'" >&2
    exit 1
fi
apt-get update
DEBIAN_FRONTEND=noninteractive
export DEBIAN_FRONTEND
# shellcheck disable=SC2086 # one word a package is wanted
exec apt-get install --yes --no-install-recommends $missing

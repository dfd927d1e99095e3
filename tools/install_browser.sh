#!/bin/sh
# Finds Chromium for the browser tests, or installs it: Debian's package where there is apt-get, else Playwright's own.
set -eu
python=$1
for browser in chromium chromium-browser google-chrome; do
    if command -v "$browser" >/dev/null 2>&1; then exit 0; fi
done
if command -v apt-get >/dev/null 2>&1; then
    sudo=$([ "$(id -u)" = 0 ] || echo sudo)
    $sudo apt-get update -qq
    $sudo apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core fonts-noto-core
else
    "$python" -m playwright install chromium
fi

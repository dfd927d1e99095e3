#!/bin/sh
# Makes the virtual environment; on Debian and Ubuntu, where venv is a package of its own, installs it first.
set -eu
python=$1 venv=$2

"$python" - <<'CHECK' || exit 1
import sys
if sys.version_info < (3, 11):
    sys.exit(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: make run PYTHON=python3.12")
CHECK

if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    if command -v apt-get >/dev/null 2>&1; then
        sudo=$([ "$(id -u)" = 0 ] || echo sudo)
        $sudo apt-get update -qq
        $sudo apt-get install -y -qq python3-venv
    else
        echo "This Python has no venv module (ensurepip is missing); install it, then run make again." >&2
        exit 1
    fi
fi
rm -rf "$venv"
"$python" -m venv "$venv"

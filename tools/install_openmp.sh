#!/bin/sh
# LightGBM needs the OpenMP library, which slim systems lack. Without it the product runs, and says that it does without.
set -u
python=$1
"$python" -c 'import lightgbm' 2>/dev/null && exit 0
if command -v apt-get >/dev/null 2>&1; then
    sudo=$([ "$(id -u)" = 0 ] || echo sudo)
    { $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends libgomp1; } >/dev/null
elif command -v brew >/dev/null 2>&1; then
    brew install --quiet libomp
fi
"$python" -c 'import lightgbm' 2>/dev/null ||
    echo "note: OpenMP is missing (libgomp1 or libomp): forecasts will go on without LightGBM" >&2
exit 0

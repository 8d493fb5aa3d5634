#!/usr/bin/env bash
# sign.sh APP: signs all that is inside the app from the inside out, then the app.
#
# IDENTITY=… is a “Developer ID Application: …” of the keychain. Without one the app is signed for this machine only: it
# runs, since Apple's processors run nothing that is unsigned, but who downloads it has to allow it.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
APP=${1%/}
IDENTITY=${IDENTITY:-}
how=(--force --sign "${IDENTITY:--}")
if [ -n "$IDENTITY" ]; then
    how+=(--options runtime --timestamp)
else
    echo "No IDENTITY is set: $APP is signed for this machine only."
fi

inside() {
    "$HERE/machos.sh" "$APP"
    find "$APP" -type d -name '*.framework' | awk -F/ '{ print NF "\t" $0 }' | sort -k1,1nr -k2 | cut -f2-
}

inside | while IFS= read -r part; do codesign "${how[@]}" "$part"; done
if [ -n "$(find "$APP" -name 'libllvmlite*')" ]; then  # kernels are compiled on the user's machine
    how+=(--entitlements "$HERE/jit.entitlements")
fi
codesign "${how[@]}" "$APP"
codesign --verify --deep --strict "$APP"

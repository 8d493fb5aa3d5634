#!/usr/bin/env bash
# dmg.sh APP OUT: the app as OUT/visualnn-VERSION-macos-arm64.dmg, to be dragged into the folder beside it.
# Needs the Python of PYTHON=… to have what requirements.txt names. Signed if IDENTITY=… is set, as in sign.sh.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
IMAGE=$2/visualnn-$VERSION-macos-arm64.dmg
rm -f "$IMAGE"
"${PYTHON:-python3}" -m dmgbuild --settings "$HERE/window.py" -D "app=$1" "VisualNN $VERSION" "$IMAGE"
if [ -n "${IDENTITY:-}" ]; then
    codesign --force --sign "$IDENTITY" --timestamp "$IMAGE"
fi

#!/usr/bin/env bash
# rpm.sh BUNDLE OUT: the bundle as OUT/visualnn-VERSION-1.ARCHITECTURE.rpm, by nfpm (NFPM=… says where it is)
#
# PACKER="zstd:1" packs what is only tried, in a tenth of the time.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TREE=$(mktemp -d)
trap 'rm -rf "$TREE"' EXIT
python3 "$HERE/stage.py" "$1" "$TREE/usr"
python3 "$HERE/facts.py" nfpm "$TREE" >"$TREE/nfpm.json"
"${NFPM:-nfpm}" package --config "$TREE/nfpm.json" --packager rpm --target "$2/"

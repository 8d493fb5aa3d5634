#!/usr/bin/env bash
# sdist.sh SDIST     whether the sdist holds all of the project: it builds the wheel that lies beside it, and itself
#
# Needs only a Python that can make environments (PYTHON=…, default: python3).
set -euo pipefail
SDIST=${1:-}
[ -f "$SDIST" ] || { echo "sdist.sh: there is no file $SDIST; packaging/build.sh wheel makes it." >&2; exit 1; }
GIVEN=$(cd "$(dirname "$SDIST")" && pwd)
FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT

tar -xzf "$SDIST" -C "$FOLDER"
unset SOURCE_DATE_EPOCH
mv "$FOLDER"/visualnn-* "$FOLDER/sources"
env FOLDER="$FOLDER/build" "$FOLDER/sources/packaging/build.sh" wheel
for made in "$FOLDER"/build/out/*; do
    cmp "$made" "$GIVEN/$(basename "$made")"
    echo "sdist.sh: $(basename "$made") is the same to the byte"
done

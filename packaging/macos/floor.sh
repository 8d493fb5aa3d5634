#!/usr/bin/env bash
# floor.sh APP: stops where a file of the app runs on another processor or asks for a newer macOS than Info.plist says.
# PyInstaller has left of libraries for several processors the part for ours.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
plutil -lint "$1/Contents/Info.plist"
FLOOR=$(plutil -extract LSMinimumSystemVersion raw "$1/Contents/Info.plist")

{ "$HERE/machos.sh" "$1" && echo "$1/Contents/MacOS/visualnn"; } | while IFS= read -r file; do
    processors=$(lipo -archs "$file")
    if [ "${processors% }" != arm64 ]; then
        echo "$file is for $processors, not for arm64 alone." >&2
        exit 1
    fi
    oldest=$(otool -l "$file" | awk '$1 == "minos" { print $2; exit } /LC_VERSION_MIN_MACOSX/ { old = 1 }
        old && $1 == "version" { print $2; exit }')
    if [ "$(printf '%s\n' "${oldest:-0}" "$FLOOR" | sort -V | tail -1)" != "$FLOOR" ]; then
        echo "$file needs macOS $oldest; the app promises $FLOOR." >&2
        exit 1
    fi
done
echo "The app runs on arm64 from macOS $FLOOR."

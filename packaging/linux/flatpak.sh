#!/usr/bin/env bash
# flatpak.sh BUNDLE OUT: the bundle as OUT/visualnn-VERSION-ARCHITECTURE.flatpak
#
# Needs flatpak, flatpak-builder, and Flathub, from where the runtime comes: one that has all of `visualnn.display`.
# Files reach the program through portals alone, for nothing in flatpak.json opens a folder to it.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
IDENTIFIER=$(sed -n 's/^  "id": "\(.*\)",/\1/p' "$HERE/flatpak.json")
python3 "$HERE/stage.py" "$1" "$WORK/tree"
cp "$HERE/flatpak.json" "$WORK"
flatpak remote-add --user --if-not-exists flathub https://dl.flathub.org/repo/flathub.flatpakrepo
flatpak-builder --user --install-deps-from=flathub --state-dir="$WORK/state" --repo="$WORK/repo" \
    "$WORK/build" "$WORK/flatpak.json"
flatpak build-bundle "$WORK/repo" "$2/visualnn-$VERSION-$(uname -m).flatpak" "$IDENTIFIER"

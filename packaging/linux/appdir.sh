#!/usr/bin/env bash
# appdir.sh BUNDLE APPDIR: the bundle as a folder that is a program of its own, started by APPDIR/AppRun; of it
# appimage.sh makes an AppImage. APPDIR is new, or an older one that is replaced.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
rm -rf "$2"
python3 "$HERE/stage.py" "$1" "$2/usr"
ln -s usr/bin/visualnn "$2/AppRun"
ln -s usr/share/applications/visualnn.desktop "$2/visualnn.desktop"
ln -s usr/share/icons/hicolor/256x256/apps/visualnn.png "$2/visualnn.png"
ln -s visualnn.png "$2/.DirIcon"

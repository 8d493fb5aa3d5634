#!/usr/bin/env bash
# packaging/check/windows.sh     installs, uses, updates and removes the packages for Windows under wine
#
# WINDOWS_FOLDER=… is the folder that is packed; without it one is made of packages of PyPI (windows/embedded), with the
# kernels in KERNELS=…, if any. They are packed fast and large; SMALL=1 packs them as for a release. LOOK=… is where
# everything lies (default: build/check/windows). Needs Debian's wine64, wine, xvfb, nsis, msitools, wixl, osslsigncode,
# gcc-mingw-w64-x86-64, openssl, unzip and, to make a folder, Python 3.13 (PYTHON=…). Wine cannot load NumPy and Qt, so
# that no window is seen here.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(dirname "$(dirname "$HERE")")
WINDOWS=$ROOT/packaging/windows
LOOK=${LOOK:-$ROOT/build/check/windows}
PYTHON=${PYTHON:-python3}
PATIENCE_S=120
VERSION=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' "$ROOT/visualnn/__init__.py")
OLDER=0.0.1
SOURCE_DATE_EPOCH=$(git -C "$ROOT" log -1 --format=%ct)
export VERSION SOURCE_DATE_EPOCH PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8
export WINEPREFIX=$LOOK/prefix WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=;winemenubuilder.exe=d"

say() { printf '%4d s  %s\n' $SECONDS "$*"; }

stop() {
    echo "FAILED: $*" >&2
    exit 1
}

same() { # WHAT EXPECTED FOUND
    [ "$2" = "$3" ] || { diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") | head -n 20 >&2; stop "$1"; }
}

need() {
    local tool
    for tool in wine Xvfb makensis wixl x86_64-w64-mingw32-gcc osslsigncode openssl unzip; do
        command -v "$tool" >/dev/null || stop "$tool is missing: apt-get install" \
            "wine wine64 xvfb nsis msitools wixl gcc-mingw-w64-x86-64 osslsigncode openssl unzip"
    done
}

# --- Windows ---------------------------------------------------------------------------------------------------------

windows() { # a new Windows 10, with a user who has files
    Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$LOOK/display" >/dev/null 2>&1 &
    SCREEN=$!
    until [ -s "$LOOK/display" ]; do sleep 0.05; done
    DISPLAY=:$(cat "$LOOK/display")
    export DISPLAY
    {
        win wineboot --init
        win reg add 'HKCU\Software\Wine' /v Version /d win10 /f
        win reg add 'HKCU\Software\Wine\WineDbg' /v ShowCrashDialog /t REG_DWORD /d 0 /f
    } >>"$LOOK/log"
    settle
    USER_HOME=$(echo "$WINEPREFIX"/drive_c/users/*/AppData)
    USER_HOME=${USER_HOME%/AppData}
    LOCAL=$USER_HOME/AppData/Local
    MENU="$USER_HOME/AppData/Roaming/Microsoft/Windows/Start Menu/Programs"
    mkdir -p "$LOCAL/visualnn" "$USER_HOME/My networks"
    echo '{"theme": "light"}' >"$LOCAL/visualnn/settings.json"
    cp "$ROOT/resources/examples/adder.vnn" "$USER_HOME/My networks/mine.vnn"
}

win() { # PROGRAM WORD…: as wine needs it, for it takes no file for a standard stream
    local code=0
    # shellcheck disable=SC2216 # an empty pipe is meant
    true | timeout $PATIENCE_S wine "$@" 2> >(cat >>"$LOOK/log") | cat || code=$?
    return $code
}

settle() { # until everything that was started has ended, and the registry is on disk
    timeout $PATIENCE_S wineserver -w || stop "something of Windows does not end"
}

finish() {
    wineserver -k || true
    kill "$SCREEN" 2>/dev/null || true
}

registry() { # every key that holds something, without times and without what Windows notes for itself
    sed -E 's/^(\[.*\]) [0-9]+$/\1/; /^#time=/d; /^"(DriverDateData|PendingFileRenameOperations)"=/d' \
        "$WINEPREFIX"/{system,user}.reg | awk -v RS= -F '\n' 'NF > 1 && !/Control..Class/ { print $0 "\n" }'
}

key() { # KEY NAME: the value, NAME "" is the key's own
    local what=(/ve)
    [ -z "$2" ] || what=(/v "$2")
    win reg query "$1" "${what[@]}" | tr -d '\r' | sed -n -E 's/^ +.*    REG_[A-Z]+    (.*)$/\1/p'
}

files() { # of the drive, but for what Windows keeps for itself
    (cd "$WINEPREFIX/drive_c" &&
        find . -not -path './windows/*' -not -path '*/Temp/*' -not -path '*/Local/Programs' | sort)
}

sums() { # FOLDER [NOT…]
    (cd "$1" && find . -type f -not -name uninstall.exe -print0 | sort -z | xargs -0 sha256sum)
}

# --- packages --------------------------------------------------------------------------------------------------------

packages() { # of this version from the folder, and of an older one with a file that is gone by now
    [ -n "${SMALL:-}" ] || export FAST=1
    mkdir -p "$LOOK/out" "$LOOK/again" "$LOOK/older/_internal/gone"
    "$PYTHON" "$WINDOWS/installer.py" "$FOLDER" "$LOOK/out"
    say "installer"
    "$PYTHON" "$WINDOWS/msi.py" "$FOLDER" "$LOOK/out"
    say "MSI"
    "$PYTHON" "$WINDOWS/portable.py" "$FOLDER" "$LOOK/out"
    say "zip"
    cp "$FOLDER"/*.exe "$LOOK/older"
    echo "of an older version" >"$LOOK/older/_internal/gone/stale.py"
    local pack file
    for pack in installer msi portable; do
        VERSION=$OLDER FAST=1 "$PYTHON" "$WINDOWS/$pack.py" "$LOOK/older" "$LOOK/out" >/dev/null
        sleep 1 # another second, in which the same bytes must come
        VERSION=$OLDER FAST=1 "$PYTHON" "$WINDOWS/$pack.py" "$LOOK/older" "$LOOK/again" >/dev/null
    done
    for file in "$LOOK"/again/*; do
        cmp "$file" "$LOOK/out/$(basename "$file")" || stop "two runs give different bytes"
    done
    say "the same files give the same bytes"
    cp -r --reflink=auto "$FOLDER" "$LOOK/expected"
    cp "$ROOT/LICENSE" "$LOOK/expected/LICENSE.txt"
    cp "$WINDOWS/vnn.ico" "$LOOK/expected"
    EXPECTED=$(sums "$LOOK/expected")
}

witness() { # a program that tells how it was called, for ours cannot run here
    x86_64-w64-mingw32-gcc -O2 -s -municode -mwindows -o "$LOOK/witness.exe" "$WINDOWS/witness.c"
    export VISUALNN_WITNESS='C:\witness.txt'
    SEEN=$WINEPREFIX/drive_c/witness.txt
}

# --- what is tried ---------------------------------------------------------------------------------------------------

integrated() { # ROOT_KEY FOLDER: the desktop knows the program, as it is called there
    local classes="$1\\Software\\Classes"
    same "kind of file" VisualNN.Network "$(key "$classes\\.vnn" "")"
    same "its name" "VisualNN network" "$(key "$classes\\VisualNN.Network" "")"
    same "its icon" "$2\\vnn.ico" "$(key "$classes\\VisualNN.Network\\DefaultIcon" "")"
    same "what opens it" "\"$2\\visualnn.exe\" \"%1\"" "$(key "$classes\\VisualNN.Network\\shell\\open\\command" "")"
    same "start by name" "$2\\visualnn.exe" \
        "$(key "$1\\Software\\Microsoft\\Windows\\CurrentVersion\\App Paths\\visualnn.exe" "")"
}

starts() { # FOLDER: Python and ours are found there, and nowhere else
    same "start" "visualnn $VERSION" "$(win "$1/visualnn-console.exe" --version | tr -d '\r')"
}

opens() { # FOLDER: a double click, by way of Windows, arrives with the whole name
    cp "$1/visualnn.exe" "$LOOK/visualnn.exe"
    cp "$LOOK/witness.exe" "$1/visualnn.exe"
    win start /wait "C:\\users\\$(basename "$USER_HOME")\\My networks\\mine.vnn"
    cp "$LOOK/visualnn.exe" "$1/visualnn.exe"
    grep -q 'visualnn.exe" ".*My networks\\mine.vnn"' "$SEEN" || stop "a double click does not arrive: $(cat "$SEEN")"
    rm "$SEEN"
}

merged() { # copy|delete: Windows puts a user's kinds of files over everybody's; wine looks at everybody's only
    local classes='Software\Classes' name
    for name in .vnn VisualNN.Network; do
        if [ "$1" = copy ]; then
            win reg copy "HKCU\\$classes\\$name" "HKLM\\$classes\\$name" /s /f
        else
            win reg delete "HKLM\\$classes\\$name" /f
        fi
    done >>"$LOOK/log"
}

refuses() { # FOLDER PROGRAM WORD…: while the program runs, nothing is changed
    local folder=$1 before
    shift
    cp "$folder/visualnn.exe" "$LOOK/visualnn.exe"
    cp "$LOOK/witness.exe" "$folder/visualnn.exe"
    before=$(sums "$folder")
    touch "$SEEN.run"
    win "$folder/visualnn.exe" &
    until [ -s "$SEEN" ]; do sleep 0.05; done
    ! win "$@" || stop "$1 does not see that the program runs"
    same "a refused run changes something" "$before" "$(sums "$folder")"
    rm "$SEEN.run"
    wait $!
    rm "$SEEN"
    cp "$LOOK/visualnn.exe" "$folder/visualnn.exe"
}

nothing_left() {
    settle
    same "files that are left" "$FILES" "$(files)"
    same "keys that are left" "$KEYS" "$(registry)"
}

setup() {
    local here=$LOCAL/Programs/VisualNN there=$WINEPREFIX/drive_c/Other named uninstall
    named="C:\\users\\$(basename "$USER_HOME")\\AppData\\Local\\Programs\\VisualNN"
    uninstall='HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\VisualNN'
    win "$LOOK/out/VisualNN-$OLDER-setup.exe" /S '/D=C:\Other'
    [ -f "$there/_internal/gone/stale.py" ] || stop "/D= is not heard"
    win "$LOOK/out/VisualNN-$OLDER-setup.exe" /S "/D=$named"
    [ ! -e "$there" ] || stop "a version stays in another folder"
    refuses "$here" "$LOOK/out/VisualNN-$VERSION-setup.exe" /S
    win "$LOOK/out/VisualNN-$VERSION-setup.exe" /S
    same "installed files" "$EXPECTED" "$(sums "$here")"
    say "installer: an update leaves what a new installation has, file by file"
    integrated HKCU "$named"
    same "version" "$VERSION" "$(key "$uninstall" DisplayVersion)"
    same "place" "$named" "$(key "$uninstall" InstallLocation)"
    same "quiet removal" "\"$named\\uninstall.exe\" /S" "$(key "$uninstall" QuietUninstallString)"
    [ -f "$MENU/VisualNN.lnk" ] || stop "no entry in the menu"
    starts "$here"
    merged copy
    opens "$here"
    merged delete
    say "installer: menu, file type, double click, command"
    refuses "$here" "$here/uninstall.exe" /S "_?=$named"
    win "$here/uninstall.exe" /S
    nothing_left
    say "installer: removed without a trace; the user's files are there"
}

msi() {
    local here="$WINEPREFIX/drive_c/Program Files/VisualNN"
    win msiexec /i "$LOOK/out/VisualNN-$OLDER.msi" /qn
    [ -f "$here/_internal/gone/stale.py" ] || stop "the MSI installs nothing"
    win msiexec /i "$LOOK/out/VisualNN-$VERSION.msi" /qn
    same "installed files" "$EXPECTED" "$(sums "$here")"
    say "MSI: an update leaves what a new installation has, file by file"
    integrated HKLM "C:\\Program Files\\VisualNN"
    [ -f "$MENU/VisualNN.lnk" ] || stop "no entry in the menu" # wine has one menu for everybody and each user
    starts "$here"
    opens "$here"
    say "MSI: menu, file type, double click, command"
    win msiexec /x "$LOOK/out/VisualNN-$VERSION.msi" /qn
    nothing_left
    say "MSI: removed without a trace; the user's files are there"
}

portable() {
    unzip -q "$LOOK/out/VisualNN-$VERSION-portable.zip" -d "$LOOK/unzipped"
    local folder=$LOOK/unzipped/VisualNN-$VERSION
    grep -q "VisualNN $VERSION" "$folder/README.txt" || stop "the zip has no README.txt"
    rm "$folder/README.txt"
    same "files of the zip" "$EXPECTED" "$(sums "$folder")"
    starts "$folder"
    say "zip: every file; starts from a folder of any name"
}

signature() { # with a certificate that nobody trusts, as with one that everybody does
    local key=$LOOK/key.pem certificate=$LOOK/certificate.pem program=$LOOK/signed.exe
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=VisualNN" -addext extendedKeyUsage=codeSigning \
        -keyout "$key" -out "$certificate" 2>/dev/null
    SIGN_CERTIFICATE=$(openssl pkcs12 -export -inkey "$key" -in "$certificate" -passout pass:secret | base64 -w0)
    cp "$LOOK/witness.exe" "$program"
    "$WINDOWS/sign.sh" "$program" | grep -q "is not signed" || stop "nobody says that a program is not signed"
    SIGN_CERTIFICATE=$SIGN_CERTIFICATE SIGN_PASSWORD=secret SIGN_TIME='' "$WINDOWS/sign.sh" "$program"
    osslsigncode verify -CAfile "$certificate" -in "$program" >"$LOOK/signature" || stop "the signature is not good"
    [ -z "$("$WINDOWS/sign.sh" "$program")" ] || stop "what is signed is signed again"
    VERSION=$OLDER SIGN_CERTIFICATE=$SIGN_CERTIFICATE SIGN_PASSWORD=secret SIGN_TIME='' FAST=1 \
        "$PYTHON" "$WINDOWS/installer.py" "$LOOK/older" "$LOOK/again"
    win "$LOOK/again/VisualNN-$OLDER-setup.exe" /S
    osslsigncode verify -CAfile "$certificate" -in "$LOCAL/Programs/VisualNN/uninstall.exe" >"$LOOK/signature" ||
        stop "the uninstaller is not signed"
    win "$LOCAL/Programs/VisualNN/uninstall.exe" /S
    nothing_left
    say "signed: a program, and the uninstaller inside of an installer"
}

need
rm -rf "$LOOK"
mkdir -p "$LOOK"
FOLDER=${WINDOWS_FOLDER:-}
if [ -z "$FOLDER" ]; then
    (cd "$ROOT" && "$PYTHON" -m pip wheel --quiet --no-deps --wheel-dir "$LOOK/wheel" .)
    FOLDER=$LOOK/folder
    "$PYTHON" "$WINDOWS/embedded/folder.py" "$LOOK"/wheel/visualnn-*.whl "$FOLDER" ${KERNELS:+"$KERNELS"}
    say "a folder, made of packages of PyPI"
fi
trap finish EXIT
windows
say "a new Windows, as wine knows it"
witness
packages
FILES=$(files)
KEYS=$(registry)
setup
msi
portable
signature
find "$LOOK/out" -name "*-$VERSION*" -printf "%s %f\n" | sort -k 2 | awk "{ printf \"%6.1f MB  %s\\n\", \$1 / 1e6, \$2 }"

#!/usr/bin/env bash
# checksums.sh FOLDER: writes FOLDER/SHA256SUMS of all that users get from there; sha256sum --check reads it.
set -euo pipefail
export LC_ALL=C
cd "$1"
shopt -s nocaseglob nullglob
files=(visualnn*)
if [ ${#files[@]} = 0 ]; then
    echo "checksums.sh: there is nothing to sum in $1." >&2
    exit 1
fi
sha256sum "${files[@]}" >SHA256SUMS

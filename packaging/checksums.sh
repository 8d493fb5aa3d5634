#!/usr/bin/env bash
# checksums.sh FOLDER: writes FOLDER/SHA256SUMS of all that users get from there; sha256sum --check reads it.
set -euo pipefail
cd "$1"
for file in visualnn*; do
    if [ ! -f "$file" ]; then
        echo "checksums.sh: there is nothing to sum in $1." >&2
        exit 1
    fi
done
sha256sum visualnn* >SHA256SUMS

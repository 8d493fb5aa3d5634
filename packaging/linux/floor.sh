#!/usr/bin/env bash
# floor.sh BUNDLE: stops where a file of the bundle asks for a newer C library than Ubuntu 22.04 has.
set -euo pipefail
FLOOR=GLIBC_2.35
newest=$(find "$1" -type f \( -name '*.so*' -o -perm -u+x \) -exec objdump -T {} + 2>/dev/null |
    grep -oE 'GLIBC_[0-9]+(\.[0-9]+)+' | sort -Vu | tail -1)
echo "The bundle needs $newest."
if [ "$(printf '%s\n' "$newest" "$FLOOR" | sort -V | tail -1)" != "$FLOOR" ]; then
    echo "That is newer than $FLOOR: build on an older system." >&2
    exit 1
fi

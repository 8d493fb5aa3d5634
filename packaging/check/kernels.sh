#!/usr/bin/env bash
# packaging/check/kernels.sh [FOLDER]     the tests of all kernels, on those that were compiled ahead
#
# FOLDER is what packaging/kernels/build.py has made; without it, it is made. Each of its levels that this processor can
# run is tried by itself, with the tests that compare Numba's kernels with the reference and with the plain ones.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
ROOM=$(mktemp -d)
trap 'rm -rf "$ROOM"' EXIT
FOLDER=${1:-$ROOM/kernels}
TESTS=(tests/nn/test_{kernels,maps,training,dropout,mask,optimizers,penalties,schedule}.py tests/nn/landscape
    tests/scene/kernels tests/scene/landscape)
JIT_ALONE=(--ignore=tests/scene/kernels/test_choose.py) # tells when Numba compiles, which it does not here

cd "$ROOT"
python3 run.py test --collect-only -q tests/test_precompiled.py >/dev/null # makes the environment
PYTHON=$ROOT/.venv/bin/python
[ -f "$FOLDER/index.json" ] || "$PYTHON" packaging/kernels/build.py "$FOLDER"
FOLDER=$(cd "$FOLDER" && pwd)

# A folder for each level that can be run, with the same libraries and an index of this one alone.
levels() {
    "$PYTHON" - "$FOLDER" "$ROOM" <<'PYTHON'
import json, sys
from pathlib import Path
from visualnn import precompiled

made, room = map(Path, sys.argv[1:])
index = json.loads((made / precompiled.INDEX).read_text())
best = precompiled.suited(index["libraries"])
for level in list(index["libraries"])[: list(index["libraries"]).index(best) + 1]:
    alone = room / level
    alone.mkdir()
    library = index["libraries"][level]
    (alone / library).symlink_to(made / library)
    (alone / precompiled.INDEX).write_text(json.dumps(index | {"libraries": {level: library}}))
    print(level)
PYTHON
}

for level in $(levels); do
    echo "== $level, $(stat -Lc %s "$ROOM/$level/$level".*) bytes"
    VISUALNN_KERNELS=$ROOM/$level python3 run.py test -q "${TESTS[@]}" "${JIT_ALONE[@]}"
done

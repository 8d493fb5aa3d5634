#!/usr/bin/env bash
# wheel.sh WHEEL [OPTION…]     the tests, against the wheel as pip installs it; options go to pytest
#
# Everything goes into an environment of its own, made by PYTHON=… (default: python3), in the versions of
# requirements.lock. The checkout gives the tests and nothing else: Python is told not to look for modules where it is.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
[ -f "${1:-}" ] || { echo "wheel.sh: there is no wheel ${1:-}; packaging/build.sh wheel makes one." >&2; exit 1; }
WHEEL=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
OF_A_CHECKOUT=( # tests that only a checkout can pass
    --deselect=tests/test_assets.py::test_a_checkout_has_its_resources_beside_the_package
    --deselect=tests/test_environment.py::test_installed_visualnn_is_this_checkout
)
FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
export PYTHONSAFEPATH=1
"${PYTHON:-python3}" -m venv "$FOLDER/venv"
python() { # which has another place on Windows
    if [ -d "$FOLDER/venv/bin" ]; then "$FOLDER/venv/bin/python" "$@"; else "$FOLDER/venv/Scripts/python.exe" "$@"; fi
}

cd "$ROOT"
python -c 'import tomllib; print("\n".join(tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["test"]))' \
    >"$FOLDER/test.txt"
python -m pip install --quiet --disable-pip-version-check -c requirements.lock -r "$FOLDER/test.txt" "${WHEEL}[all]"
python -c 'import visualnn; assert "site-packages" in visualnn.__file__, visualnn.__file__'
python -m pytest -o pythonpath= --ignore=tests/packaging "${OF_A_CHECKOUT[@]}" "$@"

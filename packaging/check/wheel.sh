#!/usr/bin/env bash
# wheel.sh WHEEL [OPTION…]     the tests, against the wheel as pip installs it; options go to pytest
#
# Beside the wheel lies the sdist of the same build. It gives the tests and all they look at, but not the program: the
# only one there is the one that was installed. Everything goes into a new environment, in the versions of
# requirements.lock, made by PYTHON=… (default: python3; more than one may be named, for one round each). Before the
# tests the installed program answers `doctor` and passes its own `--self-test`.
set -euo pipefail
WHEEL=${1:-}
SDIST=${WHEEL%-py3-none-any.whl}.tar.gz
for file in "$WHEEL" "$SDIST"; do
    [ -f "$file" ] || { echo "wheel.sh: there is no file $file; packaging/build.sh wheel makes both." >&2; exit 1; }
done
WHEEL=$(cd "$(dirname "$WHEEL")" && pwd)/$(basename "$WHEEL")
shift
OF_A_CHECKOUT=( # tests of what only a checkout has, or says of itself
    --deselect=tests/health/test_report.py::test_it_can_be_written_as_json
    --deselect=tests/test_assets.py::test_a_checkout_has_its_resources_beside_the_package
    --deselect=tests/test_assets.py::test_the_wheel_carries_the_program_its_command_and_its_licences
    --deselect=tests/test_cli_doctor.py::test_where_all_is_well_it_ends_with_code_0
    --deselect=tests/test_display.py::test_what_works_is_named_as_the_program_was_started
    --deselect=tests/test_environment.py::test_installed_visualnn_is_this_checkout
    --ignore=tests/packaging
)
FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
export QT_QPA_PLATFORM=offscreen PIP_DISABLE_PIP_VERSION_CHECK=1
unset PYTHONPATH PYTHONDONTWRITEBYTECODE

installed() { # a program of the environment, which has another place on Windows
    local name=$1
    shift
    if [ -d "$FOLDER/venv/bin" ]; then "$FOLDER/venv/bin/$name" "$@"; else "$FOLDER/venv/Scripts/$name.exe" "$@"; fi
}

install_wheel() { # PYTHON
    "$1" -m venv --clear "$FOLDER/venv"
    installed python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["test"], sep="\n")' \
        >"$FOLDER/test.txt"
    installed python -m pip install --quiet -c requirements.lock -r "$FOLDER/test.txt" "${WHEEL}[all]"
}

try_program() {
    installed visualnn doctor | tee "$FOLDER/doctor.txt"
    grep -q "an installed package" "$FOLDER/doctor.txt"
    installed visualnn --self-test
}

tar -xzf "$SDIST" -C "$FOLDER"
mv "$FOLDER"/visualnn-* "$FOLDER/sources"
rm -r "$FOLDER/sources/visualnn"
cd "$FOLDER/sources"
for python in ${PYTHON:-python3}; do
    echo "wheel.sh: $("$python" --version)"
    install_wheel "$python"
    try_program
    installed python -m pytest -p no:cacheprovider -o pythonpath= "${OF_A_CHECKOUT[@]}" "$@"
done

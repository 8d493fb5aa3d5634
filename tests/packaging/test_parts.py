"""What goes into a bundle: everything of ours, and nothing that is left out on purpose is needed at the start."""

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "visualnn"
START = """
import sys

for name in sys.argv[1:]:
    sys.modules[name] = None  # importing it fails
import visualnn.app

print(*sorted(sys.modules))
import numba, pyfive, pyqtgraph, PIL.GifImagePlugin
"""


@pytest.fixture(scope="module")
def parts() -> ModuleType:
    spec = spec_from_file_location("parts", ROOT / "packaging" / "parts.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def imported_at_start(parts: ModuleType) -> set[str]:
    """By a program that cannot find what the bundle leaves out, and loads its large libraries as well."""
    command = (sys.executable, "-c", START, *parts.EXCLUDED)
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return set(answer.stdout.split()) - set(parts.EXCLUDED)


def test_every_module_that_the_program_imports_at_start_is_among_the_hidden_imports(parts, imported_at_start):
    ours = {name for name in imported_at_start if name.split(".")[0] == "visualnn"}
    assert ours <= set(parts.hidden(PACKAGE))
    assert len(ours) > 100


def test_modules_that_are_imported_by_a_name_only_are_among_the_hidden_imports(parts):
    hidden = set(parts.hidden(PACKAGE))
    assert {"visualnn.scene.kernels.terrain.compiled", "visualnn.files.foreign.keras.reader"} <= hidden
    assert {"visualnn.kernel_cache", "visualnn"} <= hidden  # Numba asks for the first by its name


def test_every_file_of_the_package_is_a_hidden_import_but_the_command(parts):
    files = [path for path in PACKAGE.rglob("*.py") if path.name != "__main__.py"]
    assert len(parts.modules(PACKAGE)) == len(files)


def test_neither_the_window_nor_its_libraries_need_what_is_left_out(imported_at_start):
    assert "visualnn.app" in imported_at_start
    assert not {"numba", "pyqtgraph", "PIL", "av"} & imported_at_start  # these come after the first paint


def test_nothing_of_ours_is_left_out(parts):
    assert not [name for name in parts.EXCLUDED if name.split(".")[0] == "visualnn"]


def test_numba_qt_and_the_fonts_stay_but_nothing_that_tells_of_the_build_machine(parts):
    libraries = "/e/site-packages"
    for name in (
        "llvmlite/binding/libllvmlite.so",
        "PySide6/Qt/lib/libQt6Gui.so.6",
        "PySide6/Qt/lib/libicudata.so.73",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "numpy.libs/libscipy_openblas64_-4b78795a.so",
        "visualnn/resources/fonts/Inter-Bold.ttf",
    ):
        assert parts.kept(name, f"{libraries}/{name}", libraries)
    assert parts.kept("libpython3.13.so.1.0", "/usr/lib/libpython3.13.so.1.0", libraries)
    assert parts.kept("python3.13/lib-dynload/math.so", "/usr/lib/python3.13/lib-dynload/math.so", libraries)
    for name in ("libX11.so.6", "libstdc++.so.6", "libexpat.so.1", "libgcc_s.so.1", "libwayland-client.so.0"):
        assert not parts.kept(name, f"/usr/lib/{name}", libraries)
    for name in (
        "PySide6/Qt/lib/libQt6Network.so.6",
        "PySide6/Qt/plugins/tls/libqopensslbackend.so",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/translations/qtbase_de.qm",
        "numpy-2.5.5.dist-info/RECORD",
        "visualnn-0.1.0.dist-info/direct_url.json",
        "visualnn/resources/examples/__pycache__/make.cpython-313.pyc",
    ):
        assert not parts.kept(name, f"{libraries}/{name}", libraries)


def test_the_licence_of_every_part_that_has_one_goes_along(parts, tmp_path: Path):
    for name in ("numpy-2.5.5", "pip-26.3"):
        (tmp_path / f"{name}.dist-info" / "licenses" / "deep").mkdir(parents=True)
        (tmp_path / f"{name}.dist-info" / "METADATA").write_text("Name: x\n")
        (tmp_path / f"{name}.dist-info" / "licenses" / "deep" / "LICENSE").write_text("terms\n")
    taken = [(Path(file).name, folder) for file, folder in parts.licences(tmp_path)]
    assert taken == [("METADATA", "numpy-2.5.5.dist-info"), ("LICENSE", "numpy-2.5.5.dist-info/licenses/deep")]

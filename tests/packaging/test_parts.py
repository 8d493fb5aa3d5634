"""What goes into a bundle: everything of ours, and nothing that is left out on purpose is needed at the start."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from visualnn import precompiled
from visualnn.health.parts import PARTS

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "visualnn"
START = """
import runpy, sys

for name in sys.argv[2:]:
    sys.modules[name] = None  # importing it fails
runpy.run_path(sys.argv[1])
import visualnn.app

print(*sorted(sys.modules))
import numba, pyfive, pyqtgraph, PIL.GifImagePlugin

pyqtgraph.PlotWidget
"""


@pytest.fixture(scope="module")
def parts(script) -> ModuleType:
    return script("packaging/parts.py")


@pytest.fixture(scope="module")
def imported_at_start(parts: ModuleType) -> set[str]:
    """By a program that cannot find what the bundle leaves out, and loads its large libraries as well."""
    command = (sys.executable, "-c", START, str(ROOT / "packaging" / "entry.py"), *parts.EXCLUDED)
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return set(answer.stdout.split()) - set(parts.EXCLUDED)


@pytest.fixture(scope="module")
def ahead(parts: ModuleType) -> set[str]:
    """The hidden imports of a bundle whose kernels were compiled ahead of time."""
    return set(parts.hidden(PACKAGE, ahead=True))


def test_every_module_that_the_program_imports_at_start_is_among_the_hidden_imports(ahead, imported_at_start):
    ours = {name for name in imported_at_start if name.split(".")[0] == "visualnn"}
    assert ours - {"visualnn.__main__"} <= ahead  # which entry.py names
    assert "visualnn.app" in ours


def test_modules_that_are_imported_by_a_name_only_are_among_the_hidden_imports(parts, ahead):
    assert {"visualnn.files.foreign.keras.reader", "visualnn.kernel_cache", "visualnn"} <= ahead
    assert {"visualnn.scene.kernels.terrain.mesh", "numba._devicearray"} <= set(parts.hidden(PACKAGE, ahead=False))


def test_every_file_of_the_package_is_a_hidden_import_but_the_command(parts):
    files = [path for path in PACKAGE.rglob("*.py") if path.name != "__main__.py"]
    assert len(parts.modules(PACKAGE)) == len(set(parts.modules(PACKAGE))) == len(files)


def test_only_kernels_cannot_be_imported_without_numba(parts, ahead):
    found = parts.for_numba(PACKAGE)
    assert {name.rpartition(".")[0] for name in found} <= {
        "visualnn.nn.kernels",
        "visualnn.nn.kernels.gpu",
        "visualnn.scene.kernels",
        "visualnn.scene.kernels.terrain",
    }
    assert {"visualnn.nn.kernels.lane", "visualnn.scene.kernels.terrain.mesh"} <= set(found)
    assert not ahead & {*found, "numba._devicearray"}


def test_what_stays_out_is_numba_llvm_and_what_is_written_for_them_once_kernels_are_compiled_ahead(parts):
    out = set(parts.excluded(PACKAGE, ahead=True)) - set(parts.EXCLUDED)
    assert out == {"numba", "llvmlite", *parts.for_numba(PACKAGE)}
    assert parts.excluded(PACKAGE, ahead=False) == parts.EXCLUDED


def test_neither_the_window_nor_its_libraries_need_what_is_left_out(imported_at_start):
    assert "visualnn.app" in imported_at_start
    assert not {"numba", "pyqtgraph", "PIL", "av"} & imported_at_start  # these come after the first paint


@pytest.mark.parametrize("ahead", [True, False])
def test_what_compiles_for_a_gpu_stays_out_of_every_bundle(parts, ahead):
    out = set(parts.excluded(PACKAGE, ahead=ahead))
    assert {"numba.cuda", "numba_cuda", "_numba_cuda_redirector", "cuda", "nvidia"} <= out
    assert not {"numba-cuda", "cuda-bindings", "nvidia-nvvm"} & set(parts.RUNTIME)


def test_of_the_side_of_a_gpu_those_stay_in_that_tell_whether_there_is_one(parts, ahead):
    assert {"visualnn.gpu", "visualnn.nn.kernels.gpu.kept", "visualnn.nn.device"} <= ahead
    assert "visualnn.nn.kernels.gpu.door" in parts.for_numba(PACKAGE)
    assert not {"visualnn.nn.kernels.gpu.door", "visualnn.nn.kernels.gpu.loops"} & ahead


def test_nothing_of_ours_is_left_out_for_good(parts):
    assert not [name for name in parts.EXCLUDED if name.split(".")[0] == "visualnn"]


def test_versions_and_licences_of_everything_that_is_told_of_go_along(parts):
    told = {name.lower().replace("_", "-") for part in PARTS for name in part.distributions}
    left_out = {"av", "numba-cuda", "pyside6"}  # FFmpeg is GPL, a GPU needs a compiler; the essentials are enough
    assert set(parts.RUNTIME) == (told | {"visualnn"}) - left_out


KEPT = {
    "linux": (
        "PySide6/Qt/lib/libQt6Gui.so.6",
        "PySide6/Qt/lib/libQt6WaylandClient.so.6",
        "PySide6/Qt/lib/libicudata.so.73",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/wayland-shell-integration/libxdg-shell.so",
        "PySide6/QtWidgets.abi3.so",
        "llvmlite/binding/libllvmlite.so",
        "numpy.libs/libscipy_openblas64_-4b78795a.so",
        "pillow.libs/libXau-154567c4.so.6.0.0",
        "pyqtgraph/icons/auto.png",
        "visualnn/kernels/x86-64-v3.so",
        "visualnn/resources/fonts/Inter-Bold.ttf",
        "visualnn/resources/icons/play.svg",
    ),
    "windows": (
        "PySide6\\Qt6Core.dll",
        "PySide6\\QtCore.pyd",
        "PySide6\\MSVCP140.dll",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "PySide6\\plugins\\imageformats\\qsvg.dll",
        "python313.dll",
        "libffi-8.dll",
        "VCRUNTIME140.dll",
        "numpy.libs\\libscipy_openblas64_-13e2df515630b4a41f92893938845698.dll",
        "visualnn\\kernels\\x86-64-v2.dll",
    ),
    "macos": (
        "PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore",
        "PySide6/Qt/lib/QtDBus.framework/QtDBus",
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.dylib",
        "Python.framework/Versions/3.13/Python",
        "libffi.8.dylib",
        "numpy/.dylibs/libgfortran.5.dylib",
        "visualnn/kernels/arm64.dylib",
    ),
}
LEFT = {
    "linux": (
        "PySide6/Qt/lib/libQt6Network.so.6",
        "PySide6/Qt/lib/libQt6OpenGL.so.6",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/tls/libqopensslbackend.so",
        "PySide6/Qt/translations/qtbase_de.qm",
        "numpy-2.5.5.dist-info/RECORD",
        "numpy/_core/_umath_tests.cpython-313-x86_64-linux-gnu.so",
        "pyqtgraph/icons/peegee/peegee_512px.png",
        "visualnn-0.1.0.dist-info/direct_url.json",
        "visualnn/resources/examples/__pycache__/make.cpython-313.pyc",
    ),
    "windows": (
        "PySide6\\Qt6Network.dll",
        "PySide6\\Qt6OpenGL.dll",
        "PySide6\\opengl32sw.dll",
        "PySide6\\plugins\\networkinformation\\qnetworklistmanager.dll",
        "PySide6\\plugins\\platforms\\qdirect2d.dll",
        "PySide6\\translations\\qtbase_de.qm",
    ),
    "macos": (
        "PySide6/Qt/lib/QtNetwork.framework/Versions/A/QtNetwork",
        "PySide6/Qt/lib/QtNetwork.framework/Versions/A/Resources/Info.plist",
        "PySide6/Qt/plugins/permissions/libqdarwincamerapermission.dylib",
        "PySide6/Qt/translations/qtbase_de.qm",
    ),
}


@pytest.mark.parametrize("system", KEPT)
def test_of_each_system_what_the_program_needs_stays_and_the_rest_goes(parts, system):
    libraries = "/e/site-packages"
    assert [name for name in KEPT[system] if not parts.kept(name, f"{libraries}/{name}", libraries, ahead=False)] == []
    assert [name for name in LEFT[system] if parts.kept(name, f"{libraries}/{name}", libraries, ahead=False)] == []


def test_no_file_of_numba_goes_along_with_kernels_that_were_compiled_ahead(parts):
    for name in ("numba/_helperlib.so", "numba-0.68.1.dist-info/METADATA", "llvmlite/binding/libllvmlite.so"):
        assert [parts.kept(name, f"/e/{name}", "/e", ahead=one) for one in (False, True)] == [True, False]
    assert parts.kept("licences/numba/LICENSE", "/e/numba/LICENSE", "/e", ahead=True)


def test_of_the_libraries_of_the_build_machine_only_pythons_own_go_along(parts):
    libraries = "/e/site-packages"
    for name in ("libpython3.13.so.1.0", "python3.13/lib-dynload/math.so", "libffi.so.8"):
        assert parts.kept(name, f"/usr/lib/{name}", libraries, ahead=True)
    for name in ("libX11.so.6", "libstdc++.so.6", "libexpat.so.1", "libgcc_s.so.1", "libwayland-client.so.0"):
        assert not parts.kept(name, f"/usr/lib/{name}", libraries, ahead=True)


def test_what_pyinstaller_adds_to_every_start_is_not_run(parts):
    scripts = ("pyiboot01_bootstrap", "pyi_rth_inspect", "pyi_rth_multiprocessing", "pyi_rth_pyside6", "entry")
    assert [one for one in scripts if parts.runs_first(one, "linux")] == ["pyiboot01_bootstrap", "entry"]
    assert [one for one in scripts if parts.runs_first(one, "win32")] == [scripts[0], "pyi_rth_pyside6", "entry"]


def test_the_licence_of_every_part_that_has_one_goes_along(parts, tmp_path: Path):
    for name in ("numpy-2.5.5", "numba-0.68.1", "pip-26.3"):
        (tmp_path / f"{name}.dist-info" / "licenses" / "deep").mkdir(parents=True)
        (tmp_path / f"{name}.dist-info" / "METADATA").write_text("Name: x\n")
        (tmp_path / f"{name}.dist-info" / "licenses" / "deep" / "LICENSE").write_text("terms\n")
    of_numpy = [("METADATA", "numpy-2.5.5.dist-info"), ("LICENSE", "numpy-2.5.5.dist-info/licenses/deep")]
    of_numba = [("METADATA", "numba-0.68.1.dist-info"), ("LICENSE", "numba-0.68.1.dist-info/licenses/deep")]
    taken = [[(Path(file).name, to) for file, to in parts.licences(tmp_path, ahead=one)] for one in (False, True)]
    assert taken == [of_numba + of_numpy, [("LICENSE", "licences/numba/deep"), *of_numpy]]


def test_the_kernels_go_where_the_program_looks_for_them(parts, tmp_path: Path):
    (tmp_path / "index.json").write_text("{}")
    (tmp_path / "x86-64-v3.so").write_bytes(b"")
    target = precompiled.FOLDER.relative_to(PACKAGE.parent).as_posix()
    assert [(Path(file).name, to) for file, to in parts.kernels(tmp_path)] == [
        ("index.json", target),
        ("x86-64-v3.so", target),
    ]
    assert parts.kernels(None) == []

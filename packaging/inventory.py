"""The parts of a bundle: what pip installed, libraries that came inside that, Python, and our resources.

Standard library only. A library that belongs to no part is no small thing: nobody would know on which terms we give it
to others, so it raises `Unknown`.
"""

from __future__ import annotations

import json
import platform
import re
import sys
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from visualnn.health.parts import PARTS

ROOT = Path(__file__).resolve().parents[1]
Component = dict[str, Any]

# The folders of distributions whose folder is called otherwise.
OWNERS = {"PIL": "pillow", "PySide6": "pyside6-essentials"}
PYTHONS = re.compile(r"(lib-dynload|python3[\d.]*|Python|Python\.framework)$")  # folders, of Python itself
CODE = re.compile(r"\.(so|dylib|dll|pyd)(\.[\d.]+)?$")
FRAMEWORK = re.compile(r"(Qt\w+)\.framework/")


class Native(NamedTuple):
    """A library that is no distribution of its own."""

    pattern: str  # of the file's name up to the first dot, without the hash that a wheel gives it
    name: str
    licence: str
    version: str = ""  # "file": the file's name tells it; else the distribution that has the same; else nobody knows


# The names of files on all systems: libX.so.1, libX-HASH.so.1, libX.1.dylib, X.dll
NATIVES = (
    Native(r"(lib)?python3[\d.]*", "Python", "PSF-2.0"),
    Native(r"(lib)?Qt6\w+|Qt\w+", "Qt", "LGPL-3.0-only", "pyside6-essentials"),
    Native(r"(lib)?icu(data|i18n|uc|dt|in)\d*", "ICU", "Unicode-3.0", "file"),
    Native(r"libscipy_openblas\w*", "OpenBLAS", "BSD-3-Clause"),
    Native(r"libgfortran|libquadmath|libgcc_s|libstdc\+\+", "GCC runtime", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    Native(r"libgomp", "GCC runtime", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    Native(r"libjpeg|libturbojpeg", "libjpeg-turbo", "IJG AND BSD-3-Clause AND Zlib"),
    Native(r"(lib)?tiff", "libtiff", "libtiff"),
    Native(r"(lib)?openjp2", "OpenJPEG", "BSD-2-Clause", "file"),
    Native(r"(lib)?zstd", "Zstandard", "BSD-3-Clause", "file"),
    Native(r"(lib)?lzma", "XZ Utils", "0BSD", "file"),
    Native(r"libxcb", "libxcb", "X11"),
    Native(r"libXau", "libXau", "MIT-open-group"),
    Native(r"libffi(-\d+)?", "libffi", "MIT"),
    Native(r"(lib)?bz2", "bzip2", "bzip2-1.0.6"),
    Native(r"(lib)?z|zlib1?", "zlib", "Zlib"),
    Native(r"(lib)?expat", "Expat", "MIT"),
    Native(r"libmpdec", "mpdecimal", "BSD-2-Clause"),
    Native(r"opengl32sw", "Mesa", "MIT"),
    Native(r"(vcruntime|msvcp|concrt)\d+\w*", "Microsoft Visual C++ runtime", "LicenseRef-Microsoft-Visual-C-Runtime"),
)
# Linked into the files of a distribution, or of Python, where nothing tells their versions.
INSIDE = {
    "Python": (("Expat", "MIT"), ("mpdecimal", "BSD-2-Clause")),
    "llvmlite": (("LLVM", "Apache-2.0 WITH LLVM-exception"),),
    "numcodecs": (("Blosc", "BSD-3-Clause"), ("LZ4", "BSD-2-Clause"), ("Zstandard", "BSD-3-Clause")),
    "pyside6-essentials": (("HarfBuzz", "MIT"), ("libpng", "libpng-2.0"), ("PCRE2", "BSD-3-Clause")),
}
LOADER = ("PyInstaller bootloader", "GPL-2.0-or-later WITH Bootloader-exception")


class Unknown(Exception):
    """Something in the bundle that cannot be told; the message says what and where."""


def components(bundle: Path) -> list[Component]:
    """Every part, sorted by name. Raises `Unknown` for a library that belongs to none."""
    root = libraries(bundle)
    distributions = {name: made for name, made in read_distributions(root) if name != "visualnn"}
    found = [*distributions.values(), *natives(root, distributions), *resources(), loader()]
    inside = (INSIDE.get(owner, ()) for owner in ("Python", *distributions))
    found += [component(name, "", licence) for parts in inside for name, licence in parts]
    unique = {made["bom-ref"]: made for made in found}
    return sorted(unique.values(), key=lambda made: (made["name"].lower(), made.get("version", "")))


def libraries(bundle: Path) -> Path:
    """The folder in which Python looks for everything."""
    for folder in (bundle / "_internal", bundle / "Contents" / "Frameworks"):
        if folder.is_dir():
            return folder
    raise Unknown(f"{bundle} is no bundle: it has neither _internal nor Contents/Frameworks.")


def read_distributions(root: Path) -> Iterator[tuple[str, Component]]:
    """(name, part) for each distribution, with the crates and packages that its own bill names."""
    locked = lock()
    for info in sorted(root.glob("*.dist-info")):
        facts = HeaderParser().parsestr((info / "METADATA").read_text("utf-8"))
        name, version = normal(facts["Name"]), facts["Version"]
        if name != "visualnn" and version not in locked.get(name, ()):
            raise Unknown(f"{name} {version} is in the bundle, and not in requirements.lock.")
        made = component(facts["Name"], version, facts["License-Expression"] or licence_of(name), f"pkg:pypi/{name}")
        if inner := sorted(told(info), key=lambda part: part["bom-ref"]):
            made["components"] = inner
        yield name, made


def told(info: Path) -> Iterator[Component]:
    """What a wheel says of itself (PEP 770), as far as it names packages of others."""
    for file in sorted(info.glob("sboms/*.json")):
        for part in json.loads(file.read_text("utf-8")).get("components", []):
            purl = part.get("purl", "")
            if purl and not purl.startswith("pkg:pypi/") and "file:" not in purl:
                kept = {key: part[key] for key in ("type", "name", "version", "licenses", "purl") if key in part}
                yield {**kept, "bom-ref": f"{normal(info.name)}/{purl}"}


def natives(root: Path, distributions: dict[str, Component]) -> Iterator[Component]:
    """The part of each library that no distribution has in its own folder."""
    for file in sorted(root.rglob("*")):
        name = PurePosixPath(file.relative_to(root).as_posix())
        if file.is_symlink() or not file.is_file() or not is_code(name) or is_owned(name, distributions):
            continue
        native = native_of(name)
        yield component(native.name, version_of(native, name, distributions), native.licence)


def is_code(path: PurePosixPath) -> bool:
    """Whether a file holds code of a machine."""
    return bool(CODE.search(path.name) or (FRAMEWORK.search(f"{path}/") and not path.suffix))


def is_owned(path: PurePosixPath, distributions: dict[str, Component]) -> bool:
    """Whether it is a distribution's own code, or Python's, or ours."""
    folder = path.parts[0]
    is_pythons = PYTHONS.match(folder) or (len(path.parts) == 1 and path.suffix == ".pyd")
    if is_pythons or folder == "visualnn":
        return True
    qt_or_other = "Qt" in path.parts or ".libs" in folder or "dylibs" in str(path) or path.name.startswith("Qt6")
    return len(path.parts) > 1 and not qt_or_other and normal(OWNERS.get(folder, folder)) in distributions


def native_of(path: PurePosixPath) -> Native:
    """Which part a library is. Raises `Unknown`."""
    if FRAMEWORK.search(f"{path}/") or "plugins" in path.parts:
        return next(native for native in NATIVES if native.name == "Qt")
    stem = re.sub(r"-[0-9a-f]{8,}$", "", path.name.split(".")[0])
    for native in NATIVES:
        if re.fullmatch(native.pattern, stem, re.IGNORECASE):
            return native
    raise Unknown(f"{path} is in the bundle, and nobody says what it is: name it in packaging/sbom.py.")


def version_of(native: Native, path: PurePosixPath, distributions: dict[str, Component]) -> str:
    """Python's is that of the one that runs, which built the bundle."""
    if native.name == "Python":
        return platform.python_version()
    if native.version == "file":
        told_by_name = re.search(r"\.so\.(\d+\.\d+\.\d+|[7-9]\d)$|\.(\d+\.\d+\.\d+)\.dylib$", path.name)
        return next(filter(None, told_by_name.groups()), "") if told_by_name else ""
    return str(distributions[native.version]["version"]) if native.version else ""


def resources() -> Iterator[Component]:
    """What lies in our resources and is not ours."""
    for part in PARTS:
        if not part.module:
            yield component(part.name, part.version, part.licence, kind="data")


def loader() -> Component:
    """What starts the program."""
    version = re.search(r"^pyinstaller==(\S+)", (ROOT / "packaging" / "requirements.txt").read_text("utf-8"), re.M)
    if version is None:
        raise Unknown("packaging/requirements.txt names no version of pyinstaller.")
    return component(LOADER[0], version[1], LOADER[1])


def component(name: str, version: str, licence: str, purl: str = "", kind: str = "library") -> Component:
    """One part. Without a version where nothing tells it: nobody's guess."""
    address = purl or f"pkg:generic/{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}"
    made = {"type": kind, "bom-ref": f"{address}@{version}" if version else address, "name": name}
    if version:
        made["version"] = version
    return {**made, "licenses": [{"expression": licence}], "purl": made["bom-ref"]}


def licence_of(distribution_name: str) -> str:
    """Of a distribution whose metadata say it in no expression. Raises `Unknown`."""
    for part in PARTS:
        if distribution_name in (normal(name) for name in part.distributions):
            return part.licence
    raise Unknown(
        f"The licence of {distribution_name} is not told by its metadata: name it in visualnn/health/parts.py."
    )


def normal(name: str) -> str:
    """As package indexes compare names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def lock() -> dict[str, set[str]]:
    """The versions of requirements.lock; more than one where they differ between Pythons."""
    versions: dict[str, set[str]] = {}
    for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines():
        name, _, rest = line.partition("==")
        versions.setdefault(normal(name), set()).add(rest.split(";")[0].strip())
    return versions

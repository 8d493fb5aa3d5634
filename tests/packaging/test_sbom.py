"""What the bill of a bundle lists: all that is in it, as the file names and the metadata there say it."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.licenses import canonicalize_license_expression

from visualnn.health.parts import PARTS

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
LOCKED = dict(
    line.split(" ;")[0].split("==") for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
)
QT = LOCKED["pyside6-essentials"]


@pytest.fixture(scope="module")
def inventory(script):
    module = sys.modules["inventory"] = script("packaging/inventory.py")
    yield module
    del sys.modules["inventory"]


@pytest.fixture(scope="module")
def sbom(script, inventory):
    return script("packaging/sbom.py")  # which imports the inventory


def put(root: Path, *names: str) -> None:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()


def installed(root: Path, name: str, version: str, licence: str = "") -> Path:
    info = root / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    expression = f"License-Expression: {licence}\n" if licence else ""
    (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{expression}\nWords.\n")
    return info


@pytest.fixture
def linux(tmp_path: Path) -> Path:
    root = tmp_path / "visualnn" / "_internal"
    for name in ("numpy", "pillow", "PySide6_Essentials", "numba"):
        installed(root, name, LOCKED[name.lower().replace("_", "-")])
    installed(root, "tqdm", LOCKED["tqdm"], "MPL-2.0 AND MIT")
    put(
        root,
        "libpython3.13.so.1.0",
        "libffi.so.8",
        "python3.13/lib-dynload/math.cpython-313-x86_64-linux-gnu.so",
        "numpy/_core/_multiarray_umath.cpython-313-x86_64-linux-gnu.so",
        "numpy.libs/libscipy_openblas64_-4b78795a.so",
        "PIL/_imaging.cpython-313-x86_64-linux-gnu.so",
        "pillow.libs/libzstd-40ad5e7e.so.1.5.7",
        "pillow.libs/libXau-154567c4.so.6.0.0",
        "PySide6/QtCore.abi3.so",
        "PySide6/Qt/lib/libQt6Core.so.6",
        "PySide6/Qt/lib/libicudata.so.73",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "visualnn/kernels.so",
        "visualnn/resources/icons/play.svg",
    )
    return root.parent


def versions(found: list[dict]) -> dict[str, str]:
    return {part["name"]: part.get("version", "") for part in found}


def test_a_bill_lists_what_pip_installed_and_what_came_inside_that(inventory, linux: Path):
    found = versions(inventory.components(linux))
    assert found["numpy"] == LOCKED["numpy"]
    assert found["Qt"] == found["PySide6_Essentials"] == QT
    assert found["Zstandard"] == "1.5.7"
    assert found["ICU"] == "73"
    assert found["Python"].startswith("3.")
    assert {"OpenBLAS", "libffi", "PyInstaller bootloader"} <= found.keys()


def test_the_number_of_an_interface_is_no_version(inventory, linux: Path):
    assert versions(inventory.components(linux))["libXau"] == ""


def test_fonts_and_icons_are_parts(inventory, linux: Path):
    assert {part.name for part in PARTS if not part.module} <= versions(inventory.components(linux)).keys()


def test_the_compiler_is_listed_where_it_is_and_nowhere_else(inventory, linux: Path):
    assert "LLVM" not in versions(inventory.components(linux))
    installed(linux / "_internal", "llvmlite", LOCKED["llvmlite"])
    assert "LLVM" in versions(inventory.components(linux))


def test_every_licence_is_an_expression_of_spdx(inventory, linux: Path):
    named = [part["licenses"][0]["expression"] for part in inventory.components(linux)]
    tabled = [native.licence for native in inventory.NATIVES]
    tabled += [licence for parts in inventory.INSIDE.values() for _name, licence in parts]
    for licence in named + tabled:
        assert canonicalize_license_expression(licence) == licence


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt6Core.dll",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/MSVCP140_1.dll",
        "numpy.libs/libscipy_openblas64_-13e2df515630b4a41f92893938845698.dll",
        "numpy.libs/msvcp140-a4c2229bdc2a2a630acdc095b4d86008.dll",
        "python313.dll",
        "VCRUNTIME140.dll",
    ],
)
def test_libraries_of_windows_are_known(inventory, linux: Path, name: str):
    put(linux / "_internal", name)
    assert inventory.components(linux)


def test_an_app_of_macos_is_read_without_its_links(inventory, tmp_path: Path):
    frameworks = tmp_path / "VisualNN.app" / "Contents" / "Frameworks"
    resources = frameworks.parent / "Resources"
    for name in ("PySide6_Essentials", "numpy"):
        info = installed(resources, name, LOCKED[name.lower().replace("_", "-")])
        frameworks.mkdir(exist_ok=True)
        (frameworks / info.name).symlink_to(info)
    put(
        frameworks,
        "libpython3.13.dylib",
        "numpy/__dot__dylibs/libgfortran.5.dylib",
        "PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore",
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
    )
    found = versions(inventory.components(frameworks.parents[1]))
    assert {"Qt": QT, "GCC runtime": "", "numpy": LOCKED["numpy"]}.items() <= found.items()


def test_a_library_that_nobody_knows_stops_the_release(inventory, linux: Path):
    put(linux / "_internal", "libmystery.so.1")
    with pytest.raises(inventory.Unknown, match=r"libmystery\.so\.1 is in the bundle"):
        inventory.components(linux)


def test_a_version_that_is_not_locked_stops_the_release(inventory, linux: Path):
    installed(linux / "_internal", "fsspec", "1.0")
    with pytest.raises(inventory.Unknown, match=r"fsspec 1\.0 is in the bundle"):
        inventory.components(linux)


def test_what_a_wheel_says_of_its_own_parts_is_handed_on(inventory, linux: Path):
    info = installed(linux / "_internal", "safetensors", LOCKED["safetensors"])
    crates = [{"type": "library", "name": "serde", "version": "1.0.228", "purl": "pkg:cargo/serde@1.0.228"}]
    (info / "sboms").mkdir()
    (info / "sboms" / "safetensors.cyclonedx.json").write_text(json.dumps({"components": crates}))
    (found,) = (part for part in inventory.components(linux) if part["name"] == "safetensors")
    assert versions(found["components"]) == {"serde": "1.0.228"}


def test_packages_are_told_by_their_sums_and_the_bill_is_the_same_twice(
    sbom, linux: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("VERSION", "1.2.3")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    (tmp_path / "visualnn_1.2.3_amd64.deb").write_bytes(b"package")
    bills = []
    for _ in range(2):
        sbom.main(linux, tmp_path)
        (file,) = tmp_path.glob("visualnn-1.2.3-*.cdx.json")
        bills.append(file.read_text(encoding="utf-8"))
    assert bills[0] == bills[1]
    told = json.loads(bills[0])
    (package,) = told["metadata"]["component"]["externalReferences"]
    assert package["url"] == "visualnn_1.2.3_amd64.deb"
    assert package["hashes"][0]["content"] == hashlib.sha256(b"package").hexdigest()
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", told["serialNumber"])
    references = [part["bom-ref"] for part in told["components"]]
    assert told["dependencies"][0]["dependsOn"] == references
    assert len(set(references)) == len(references)


def test_sums_are_what_the_usual_tool_checks(tmp_path: Path):
    (tmp_path / "VisualNN-1.msi").write_bytes(b"one")
    (tmp_path / "visualnn_1.deb").write_bytes(b"two")
    subprocess.run((PACKAGING / "checksums.sh", tmp_path), check=True)
    subprocess.run(("sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"), cwd=tmp_path, check=True)
    assert len((tmp_path / "SHA256SUMS").read_text(encoding="utf-8").splitlines()) == 2


def test_nothing_to_sum_is_said(tmp_path: Path):
    done = subprocess.run((PACKAGING / "checksums.sh", tmp_path), capture_output=True, text=True, check=False)
    assert "there is nothing to sum" in done.stderr
    assert done.returncode == 1


def test_packages_that_were_made_elsewhere_are_added(
    sbom, linux: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("VERSION", "1.2.3")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    sbom.main(linux, tmp_path)
    (file,) = tmp_path.glob("*.cdx.json")
    before = json.loads(file.read_text(encoding="utf-8"))
    (tmp_path / "VisualNN-1.2.3-setup.exe").write_bytes(b"installer")
    sbom.add_packages(tmp_path)
    after = json.loads(file.read_text(encoding="utf-8"))
    assert [told["url"] for told in after["metadata"]["component"]["externalReferences"]] == [
        "VisualNN-1.2.3-setup.exe"
    ]
    assert after["components"] == before["components"]
    assert after["serialNumber"] != before["serialNumber"]

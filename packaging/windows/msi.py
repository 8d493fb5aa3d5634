"""Packs a Windows folder as an MSI for schools: ``msi.py FOLDER OUT`` makes OUT/VisualNN-VERSION.msi.

It installs for everybody on a machine, by an administrator or what speaks for one: ``msiexec /i VisualNN-….msi /qn``.
Needs wixl, so Linux (apt-get install wixl). The same files give the same bytes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path, PurePosixPath
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from contents import HERE, PROGRAM, PUBLISHER, files, moment, numbers, version

FAMILY = UUID("5c7a6e1e-92b4-4a43-9d1f-0f6a4d8f2b37")  # of all versions, for ever: an update finds the older by it
SUMMARY = UUID("f29f85e0-4ff9-1068-ab91-08002b27b3d9").bytes_le  # what the list of properties begins with, after
SUMMARY_PLACE = 28  # bytes
CODE, CREATED, SAVED = 9, 12, 13  # numbers of properties
FROM_1601_S = 11_644_473_600  # to 1970: Windows counts from there
CONDITIONS = {
    "VersionNT64": "VisualNN needs Windows of 64 bit.",
    "NOT NEWER": "A newer VisualNN is installed.",
}
CLASSES = r"SOFTWARE\Classes"
OPEN = '"[FOLDER]visualnn.exe" "%1"'
KEYS = [  # (key, name or None for the key's own value, value): the same as installer.nsi writes for one user
    (r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\visualnn.exe", None, "[FOLDER]visualnn.exe"),
    (rf"{CLASSES}\VisualNN.Network", None, "VisualNN network"),
    (rf"{CLASSES}\VisualNN.Network\DefaultIcon", None, "[FOLDER]vnn.ico"),
    (rf"{CLASSES}\VisualNN.Network\shell\open\command", None, OPEN),
    (rf"{CLASSES}\.vnn", None, "VisualNN.Network"),
    (rf"{CLASSES}\.vnn", "Content Type", "application/x-visualnn+zip"),
    (rf"{CLASSES}\.vnn\OpenWithProgids", "VisualNN.Network", ""),
    (rf"{CLASSES}\Applications\visualnn.exe", "FriendlyAppName", "VisualNN"),
    (rf"{CLASSES}\Applications\visualnn.exe\shell\open\command", None, OPEN),
    (rf"{CLASSES}\Applications\visualnn.exe\SupportedTypes", ".vnn", ""),
]


def main(folder: Path, out: Path) -> None:
    """Pack it."""
    if shutil.which("wixl") is None:
        sys.exit("wixl is missing: install it (apt-get install wixl).")
    installed = files(folder)
    with tempfile.TemporaryDirectory() as work:
        copy(installed, Path(work, "files"))
        shutil.copyfile(HERE / "visualnn.ico", Path(work, "visualnn.ico"))
        Path(work, "product.wxs").write_bytes(description(installed))
        command = (
            "wixl",
            "--arch",
            "x64",
            "--output",
            "product.msi",
            "product.wxs",
        )  # it knows files of its folder only
        subprocess.run(command, cwd=work, check=True)
        packed = settled(Path(work, "product.msi").read_bytes(), identifier(f"package {version()} {digest(installed)}"))
        (out / f"VisualNN-{version()}.msi").write_bytes(packed)


def copy(installed: dict[str, Path], folder: Path) -> None:
    """All of it in one folder, with the time that everything has: a cabinet keeps it."""
    for place, source in installed.items():
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        os.utime(target, (moment(), moment()))


def description(installed: dict[str, Path]) -> bytes:
    """The whole package, as wixl reads it."""
    number = ".".join(map(str, numbers(version())[:3]))
    code = identifier(f"product {version()} {digest(installed)}")
    wix = ET.Element("Wix", xmlns="http://schemas.microsoft.com/wix/2006/wi")
    product = ET.SubElement(wix, "Product", Id=code, Name="VisualNN")
    product.attrib |= {"Language": "1033", "Version": number, "Manufacturer": PUBLISHER, "UpgradeCode": str(FAMILY)}
    how = {"InstallerVersion": "500", "Compressed": "yes", "InstallScope": "perMachine"}
    ET.SubElement(product, "Package", {"Description": f"VisualNN {version()}", **how})
    replace_others(product)
    for condition, message in CONDITIONS.items():
        ET.SubElement(product, "Condition", Message=message).text = condition
    ET.SubElement(product, "Media", Id="1", Cabinet="files.cab", EmbedCab="yes")
    ET.SubElement(product, "Icon", Id="visualnn.ico", SourceFile="visualnn.ico")
    for name, value in (("ARPPRODUCTICON", "visualnn.ico"), ("ARPNOMODIFY", "1"), ("ARPNOREPAIR", "1")):
        ET.SubElement(product, "Property", Id=name, Value=value)
    components = tree(product, installed)
    feature = ET.SubElement(product, "Feature", Id="VisualNN", Level="1")
    for component in components:
        ET.SubElement(feature, "ComponentRef", Id=component)
    return ET.tostring(wix, encoding="utf-8", xml_declaration=True)


def settled(package: bytes, code: str) -> bytes:
    """The same with a code that the content decides, and the time that everything has; wixl rolls dice for the one and
    takes the clock's for the other. Both stand in the summary, a list of numbered properties.
    """
    start = package.index(SUMMARY) - SUMMARY_PLACE
    section = start + int.from_bytes(package[start + SUMMARY_PLACE + 16 :][:4], "little")
    count = int.from_bytes(package[section + 4 :][:4], "little")
    places = dict(struct.iter_unpack("<2I", package[section + 8 : section + 8 + 8 * count]))
    changed = bytearray(package)
    for number in (CREATED, SAVED):
        struct.pack_into("<Q", changed, section + places[number] + 4, (moment() + FROM_1601_S) * 10_000_000)
    struct.pack_into("<38s", changed, section + places[CODE] + 8, f"{{{code}}}".encode())
    return bytes(changed)


def replace_others(product: ET.Element) -> None:
    """Takes out an older version, or another build of this one, before anything is copied; yields to a newer one."""
    first, second, third = numbers(version())[:3]
    following = f"{first}.{second}.{third + 1}"
    others = ET.SubElement(product, "Upgrade", Id=str(FAMILY))
    ET.SubElement(others, "UpgradeVersion", Property="OLDER", Minimum="0.0.0", Maximum=following)
    ET.SubElement(others, "UpgradeVersion", Property="NEWER", Minimum=following, OnlyDetect="yes")
    sequence = ET.SubElement(product, "InstallExecuteSequence")
    ET.SubElement(sequence, "RemoveExistingProducts", After="InstallValidate")


def tree(product: ET.Element, installed: dict[str, Path]) -> list[str]:
    """Every folder with its files, one component each, as Windows wants it; the names of the components."""
    top = ET.SubElement(product, "Directory", Id="TARGETDIR", Name="SourceDir")
    programs = ET.SubElement(top, "Directory", Id="ProgramFiles64Folder")
    ET.SubElement(top, "Directory", Id="ProgramMenuFolder")
    folders = {PurePosixPath("."): ET.SubElement(programs, "Directory", Id="FOLDER", Name="VisualNN")}
    names = []
    for place in installed:
        path = PurePosixPath(place)
        name = f"f{identifier(place).replace('-', '')}"
        element = ET.SubElement(
            directory(folders, path.parent), "Component", Id=name, Guid=identifier(place), Win64="yes"
        )
        ET.SubElement(element, "File", Id=name, Name=path.name, Source=f"files/{place}", KeyPath="yes")
        if place == PROGRAM:
            integrate(element)
        names.append(name)
    return names


def directory(folders: dict[PurePosixPath, ET.Element], path: PurePosixPath) -> ET.Element:
    """The element of a folder, made with those above it."""
    if path not in folders:
        name = f"d{identifier(str(path)).replace('-', '')}"
        folders[path] = ET.SubElement(directory(folders, path.parent), "Directory", Id=name, Name=path.name)
    return folders[path]


def integrate(component: ET.Element) -> None:
    """What makes Windows know the program and its files; it comes and goes with the program."""
    link = {"Directory": "ProgramMenuFolder", "Name": "VisualNN", "Target": "[#" + component[0].get("Id", "") + "]"}
    link |= {"WorkingDirectory": "FOLDER", "Description": "See a neural network think and learn"}
    ET.SubElement(component, "Shortcut", {"Id": "StartMenu", **link})
    for key, name, value in KEYS:
        entry = ET.SubElement(component, "RegistryValue", Root="HKLM", Key=key, Type="string", Value=value)
        if name is not None:
            entry.set("Name", name)


def digest(installed: dict[str, Path]) -> str:
    """A mark of every place and its bytes."""
    seen = hashlib.sha256()
    for place, source in installed.items():
        seen.update(f"{place}\0{hashlib.sha256(source.read_bytes()).hexdigest()}\n".encode())
    return seen.hexdigest()


def identifier(name: str) -> str:
    """The same for the same name, as Windows writes it."""
    return str(uuid5(FAMILY, name)).upper()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

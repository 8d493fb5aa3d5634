"""What a bundle is made of, for those who look for weak spots and licences: ``sbom.py BUNDLE OUT`` writes CycloneDX.

BUNDLE is the folder, or the .app, that all packages of a system are made of; OUT is where these packages lie, whose
SHA-256 is told, too; where they are made later, or on another system, ``sbom.py OUT`` adds them to the bill there.
Standard library only; the same bundle and packages give the same bytes.

A program that reads an environment (cyclonedx-bom was tried) lists what builds us and is not in the bundle, and misses
what is in it and no distribution: Python, Qt, ICU, OpenBLAS, LLVM, the libraries of Pillow, fonts, icons. So it is
looked for in the bundle itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from inventory import Unknown, components

NO_PACKAGES = (".cdx.json", ".whl", ".tar.gz")  # the bill; the wheel and the sdist, which hold no bundle


def main(bundle: Path, out: Path) -> None:
    """Write the bill beside the packages, under the name of the system."""
    version = os.environ["VERSION"]
    write(out / f"visualnn-{version}-{system()}.cdx.json", bill(components(bundle), version))


def add_packages(out: Path) -> None:
    """Tell the sums of the packages in the bills that lie beside them."""
    for file in sorted(out.glob("visualnn-*.cdx.json")):
        write(file, json.loads(file.read_text("utf-8")))


def write(target: Path, told: dict[str, Any]) -> None:
    """With the sums of what lies there now, and a number that is another one if anything is another."""
    packages = sorted(file for file in target.parent.iterdir() if is_package(file))
    told["metadata"]["component"]["externalReferences"] = [distribution(package) for package in packages]
    content = json.dumps([told["metadata"], told["components"]], sort_keys=True)
    told["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, content)}"
    target.write_text(f"{json.dumps(told, indent=2, ensure_ascii=False)}\n", "utf-8")


def system() -> str:
    """Such as "linux-x86_64": as packages are named."""
    return f"{platform.system().replace('Darwin', 'macos').lower()}-{platform.machine().lower()}"


def is_package(path: Path) -> bool:
    """Whether a file beside the bill is made of the bundle."""
    return path.is_file() and path.name.lower().startswith("visualnn") and not path.name.endswith(NO_PACKAGES)


def bill(found: list[dict[str, Any]], version: str) -> dict[str, Any]:
    """The whole document but for the packages."""
    moment = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
    us = {
        "type": "application",
        "bom-ref": "visualnn",
        "name": "VisualNN",
        "version": version,
        "licenses": [{"expression": "MIT"}],
        "purl": f"pkg:pypi/visualnn@{version}",
    }
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": "",
        "version": 1,
        "metadata": {"timestamp": f"{moment:%Y-%m-%dT%H:%M:%SZ}", "component": us},
        "components": found,
        "dependencies": [{"ref": "visualnn", "dependsOn": [component["bom-ref"] for component in found]}],
    }


def distribution(package: Path) -> dict[str, Any]:
    """A package that users get, and how it is known to be the right one."""
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    return {"type": "distribution", "url": package.name, "hashes": [{"alg": "SHA-256", "content": digest}]}


if __name__ == "__main__":
    try:
        if len(sys.argv) > 2:
            main(Path(sys.argv[1]), Path(sys.argv[2]))
        else:
            add_packages(Path(sys.argv[1]))
    except Unknown as error:
        sys.exit(f"sbom.py: {error}")

"""What a package says of itself, once for all kinds of packages: ``facts.py control|changelog|nfpm TREE``.

TREE holds the folder ``usr`` that stage.py laid out. Names and words come from the page for software centres, the
libraries from needs.py, the version and the moment from VERSION and SOURCE_DATE_EPOCH. Standard library only.
"""

from __future__ import annotations

import json
import os
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import needs

COMPONENT = ET.parse(Path(__file__).with_name("visualnn.metainfo.xml")).getroot()
REVISION = "1"  # of the packing; the next one of the same version is 2
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}  # as Debian and nfpm call them
# The project has no address of its own yet. A release that has one says MAINTAINER="Name <address>"; until then the
# address is one that can never reach anybody (RFC 2606).
NOBODY = f"{COMPONENT.findtext('developer/name')} <nobody@visualnn.invalid>"
TEXTS = ("/usr/share/doc", "/usr/share/man")
OWN_FOLDERS = ("usr/lib/visualnn", "usr/share/doc/visualnn")  # the others belong to the system


def summary() -> str:
    """The first half of the one line for software centres, small as Debian writes it."""
    line = COMPONENT.findtext("summary", "").split(",")[0]
    return line[0].lower() + line[1:]


def description() -> str:
    """The first words of the page for software centres, as one paragraph."""
    paragraph = COMPONENT.find("description/p")
    return " ".join("".join(paragraph.itertext() if paragraph is not None else ()).split())


def maintainer() -> str:
    """Whom to write to."""
    return os.environ.get("MAINTAINER", NOBODY)


def architecture() -> str:
    """This machine's, by the name that packages give it."""
    return ARCHITECTURES.get(os.uname().machine, os.uname().machine)


def moment() -> int:
    """Seconds since 1970 of the commit."""
    return int(os.environ["SOURCE_DATE_EPOCH"])


def control(tree: Path) -> str:
    """The description of a Debian package."""
    fields = {
        "Package": "visualnn",
        "Version": f"{os.environ['VERSION']}-{REVISION}",
        "Architecture": architecture(),
        "Maintainer": maintainer(),
        "Installed-Size": str(kibibytes(tree / "usr")),
        "Depends": ", ".join(needs.packages()),
        "Recommends": ", ".join(needs.DESKTOP),
        "Suggests": needs.PORTAL,
        "Section": "education",
        "Priority": "optional",
        "Description": summary() + "\n" + textwrap.indent(textwrap.fill(description(), 76), " "),
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def kibibytes(folder: Path) -> int:
    """What the files take, each rounded up, as Debian's policy counts it: the same on every file system."""
    return sum(1 if path.is_dir() or path.is_symlink() else -(-path.stat().st_size // 1024) for path in walk(folder))


def changelog(_tree: Path) -> str:
    """Debian's: about the packing alone."""
    when = format_datetime(datetime.fromtimestamp(moment(), UTC))
    return (
        f"visualnn ({os.environ['VERSION']}-{REVISION}) unstable; urgency=medium\n\n"
        "  * What is new stands in changelog.gz.\n\n"
        f" -- {maintainer()}  {when}\n"
    )


def nfpm(tree: Path) -> str:
    """What nfpm makes an .rpm of; JSON is YAML, too."""
    return json.dumps(
        {
            "name": "visualnn",
            "arch": architecture(),
            "platform": "linux",
            "version": os.environ["VERSION"],
            "release": REVISION,
            "maintainer": maintainer(),
            "vendor": COMPONENT.findtext("developer/name"),
            "description": textwrap.fill(description(), 76),
            "license": COMPONENT.findtext("project_license"),
            "depends": needs.capabilities(),
            "recommends": list(needs.DESKTOP),
            "suggests": [needs.PORTAL],
            "mtime": datetime.fromtimestamp(moment(), UTC).isoformat(),
            "disable_globbing": True,
            "contents": [entry(tree, path) for path in walk(tree / "usr") if is_owned(tree, path)],
            "rpm": {
                "summary": COMPONENT.findtext("summary"),
                "group": "Applications/Education",
                "compression": os.environ.get("PACKER", "zstd:19"),
                "buildhost": "localhost",
            },
        },
        indent=1,
    )


def is_owned(tree: Path, path: Path) -> bool:
    """Every file and link is the package's, and of the folders those that nobody else puts anything into."""
    return path.is_symlink() or not path.is_dir() or path.relative_to(tree).as_posix().startswith(OWN_FOLDERS)


def entry(tree: Path, path: Path) -> dict[str, str]:
    """One line of an .rpm's contents."""
    place = f"/{path.relative_to(tree)}"
    if path.is_symlink():
        return {"type": "symlink", "src": str(path.readlink()), "dst": place}
    if path.is_dir():
        return {"type": "dir", "dst": place}
    kind = {"type": "license"} if path.name == "copyright" else {"type": "doc"} if place.startswith(TEXTS) else {}
    return {**kind, "src": str(path), "dst": place}


def walk(folder: Path) -> Iterator[Path]:
    """Everything below, in one order."""
    return iter(sorted(folder.rglob("*")))


if __name__ == "__main__":
    kinds = {"control": control, "changelog": changelog, "nfpm": nfpm}
    if len(sys.argv) != 3 or sys.argv[1] not in kinds:
        sys.exit("facts.py: say control, changelog or nfpm, and the folder that is packed.")
    sys.stdout.write(kinds[sys.argv[1]](Path(sys.argv[2])))

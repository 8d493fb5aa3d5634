"""Lays a bundle out as Linux expects it: ``stage.py BUNDLE PREFIX`` fills PREFIX (such as ``…/usr``), which is new."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ICON = ROOT / "resources" / "icon"
ICON_SIZES = (16, 32, 48, 64, 128, 256, 512)
MIME_ICON = "application-x-visualnn+zip.svg"


def main(bundle: Path, prefix: Path) -> None:
    """The program, its command, and what makes a desktop know both it and its files."""
    shutil.copytree(bundle, prefix / "lib" / "visualnn", symlinks=True)
    (prefix / "bin").mkdir()
    (prefix / "bin" / "visualnn").symlink_to("../lib/visualnn/visualnn")
    for source, place in shared():
        put(source, prefix / "share" / place)
    settle(prefix, int(os.environ["SOURCE_DATE_EPOCH"]))


def shared() -> list[tuple[Path, str]]:
    """(file, its place below share)"""
    icons = "icons/hicolor"
    return [
        (HERE / "visualnn.desktop", "applications/visualnn.desktop"),
        (HERE / "visualnn.metainfo.xml", "metainfo/visualnn.metainfo.xml"),
        (HERE / "visualnn-mime.xml", "mime/packages/visualnn.xml"),
        (HERE / "copyright", "doc/visualnn/copyright"),
        (ROOT / "CHANGELOG.md", "doc/visualnn/changelog"),
        (ICON / "visualnn.svg", f"{icons}/scalable/apps/visualnn.svg"),
        (HERE / MIME_ICON, f"{icons}/scalable/mimetypes/{MIME_ICON}"),
        *((ICON / f"visualnn-{size}.png", f"{icons}/{size}x{size}/apps/visualnn.png") for size in ICON_SIZES),
    ]


def put(source: Path, target: Path) -> None:
    """Copy one file and make its folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def settle(prefix: Path, moment: int) -> None:
    """The same rights and the same time for everything, whoever built it and when."""
    for path in sorted(prefix.rglob("*"), reverse=True):  # what lies in a folder before the folder
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path == prefix / "lib" / "visualnn" / "visualnn" else 0o644)
        os.utime(path, (moment, moment), follow_symlinks=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

"""Lays a bundle out as Linux expects it: ``stage.py BUNDLE PREFIX`` fills PREFIX (such as ``…/usr``), which is new."""

from __future__ import annotations

import gzip
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import completions
import help
import man

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
        put(source.read_bytes(), prefix / "share" / place)
    moment = int(os.environ["SOURCE_DATE_EPOCH"])
    manual = help.manual(help.asked(bundle.resolve() / "visualnn"))
    for content, place in told(manual, os.environ["VERSION"], moment):
        put(content, prefix / "share" / place)
    settle(prefix, moment)


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


def told(manual: help.Manual, version: str, moment: int) -> Iterator[tuple[bytes, str]]:
    """(content, its place below share) of what the program says of itself"""
    page = man.page(manual, version, moment).encode()
    yield gzip.compress(page, mtime=0), "man/man1/visualnn.1.gz"
    yield completions.bash(manual).encode(), "bash-completion/completions/visualnn"
    yield completions.zsh(manual).encode(), "zsh/site-functions/_visualnn"
    yield completions.fish(manual).encode(), "fish/vendor_completions.d/visualnn.fish"


def put(content: bytes, target: Path) -> None:
    """Write one file and make its folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def settle(prefix: Path, moment: int) -> None:
    """The same rights and the same time for everything, whoever built it and when."""
    for path in sorted(prefix.rglob("*"), reverse=True):  # what lies in a folder before the folder
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path == prefix / "lib" / "visualnn" / "visualnn" else 0o644)
        os.utime(path, (moment, moment), follow_symlinks=False)


def wrong(arguments: list[str]) -> str | None:
    """What is missing, in one sentence."""
    if len(arguments) != 2 or not Path(arguments[0], "visualnn").is_file():
        return "stage.py: say the folder of a bundle, with the program in it, and a folder that is new."
    unset = [name for name in ("VERSION", "SOURCE_DATE_EPOCH") if name not in os.environ]
    return f"stage.py: {' and '.join(unset)} must be set; build.sh does it." if unset else None


if __name__ == "__main__":
    if sentence := wrong(sys.argv[1:]):
        sys.exit(sentence)
    main(Path(sys.argv[1]), Path(sys.argv[2]))

"""The list of parts is complete, and its licences are those that the parts themselves declare."""

from __future__ import annotations

import re
import sys
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from PySide6.QtGui import QRawFont

from visualnn import assets
from visualnn.health.parts import PARTS, is_here, replaceable_qt

BROUGHT = {re.sub("[-_.]+", "-", name).lower(): part for part in PARTS for name in part.distributions}


def closure(name: str, extras: frozenset[str] = frozenset()) -> set[str]:
    """Everything that a distribution needs, and what that needs, by normal names."""
    needed: set[str] = set()
    for line in metadata.requires(name) or ():
        asked = Requirement(line)
        environments = [{"extra": extra} for extra in (*extras, "")]
        if asked.marker is None or any(asked.marker.evaluate(environment) for environment in environments):
            needed |= {re.sub("[-_.]+", "-", asked.name).lower(), *closure(asked.name, frozenset(asked.extras))}
    return needed


def test_everything_we_are_made_of_is_in_the_list():
    assert closure("visualnn", frozenset({"all"})) - {"visualnn"} <= set(BROUGHT)


def declared(name: str) -> str:
    """The licence that an installed part declares by the names of SPDX, "" if it does so in other words."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    free = told.get("License", "")
    spdx = re.fullmatch(r"[\w.-]+-[\d.]+(-only)?( (AND|OR) .*)?", free)
    return told.get("License-Expression") or (free if spdx else "")


@pytest.mark.parametrize("name", [name for name in BROUGHT if declared(name)])
def test_the_licence_is_among_those_that_the_part_declares(name):
    ours, theirs = (set(re.split(" (?:AND|OR) ", licence)) for licence in (BROUGHT[name].licence, declared(name)))
    assert ours & theirs


@pytest.mark.parametrize(("file", "name"), [("Inter-Regular", "Fonts Inter"), ("JetBrainsMono-Regular", "Fonts Jet")])
def test_the_versions_of_the_fonts_are_those_in_the_files(qapp, file, name):
    part = next(part for part in PARTS if part.name.startswith(name))
    table = QRawFont(str(assets.path("fonts", f"{file}.ttf")), 12).fontTable("name").data()
    assert f"Version {part.version}".encode("utf-16-be") in table


def test_the_version_of_the_icons_is_that_of_the_readme():
    icons = next(part for part in PARTS if part.name.startswith("Icons"))
    assert f"[Lucide](https://lucide.dev) {icons.version}" in assets.read_text("README.md")


def test_a_part_that_cannot_be_imported_is_not_here(monkeypatch):
    assert is_here("numpy")
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert not is_here("numpy")
    assert not is_here("no_such_module_at_all")


def test_qt_can_be_replaced_where_it_lies():
    folder = replaceable_qt()
    assert any("Qt6Core" in file.name or file.name == "QtCore.framework" for file in folder.iterdir())

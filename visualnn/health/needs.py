"""Whether the versions that are here are those that the installed program asks for."""

from __future__ import annotations

import re
import sys
from importlib import metadata

BOUND = re.compile(r"(>=|<=|==|!=|<|>)\s*([\w.]+)")
REQUIREMENT = re.compile(r"\s*([\w.-]+)\s*([^;]*)(?:;(.*))?")
PYTHON = "python_version"


def unmet(python: tuple[int, ...] = sys.version_info[:2]) -> tuple[str, ...]:
    """A sentence for each version that does not suit; none where the program was not installed as a distribution."""
    try:
        known = metadata.distribution("visualnn")
    except metadata.PackageNotFoundError:
        return ()
    asked = str(known.metadata["Requires-Python"] or "")
    said = [] if fits(_written(python), asked) else [f"Python {_written(python)} does not suit: {asked} is needed."]
    for requirement in known.requires or ():
        name, bounds, condition = _read(requirement)
        if _applies(condition, python) and (version := _version(name)) and not fits(version, bounds):
            said.append(f"{name} {version} does not suit: {bounds} is needed. Type: pip install “{name}{bounds}”")
    return tuple(said)


def fits(version: str, bounds: str) -> bool:
    """Whether a version lies within bounds like ``>=1.2,<2``; what is not understood does not exclude anything."""
    return all(_holds(_numbers(version), sign, _numbers(bound)) for sign, bound in BOUND.findall(bounds))


def _holds(version: tuple[int, ...], sign: str, bound: tuple[int, ...]) -> bool:
    longest = max(len(version), len(bound))
    a, b = (numbers + (0,) * (longest - len(numbers)) for numbers in (version, bound))
    return {">=": a >= b, "<=": a <= b, "==": a == b, "!=": a != b, "<": a < b, ">": a > b}[sign]


def _numbers(version: str) -> tuple[int, ...]:
    """What comes before any letter: (1, 2) of “1.2rc1” is near enough."""
    leading = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(number) for number in leading[0].split(".")) if leading else ()


def _read(requirement: str) -> tuple[str, str, str]:
    """Name, bounds and condition of a line like ``numpy<3,>=2.2; python_version < '3.12'``."""
    match = REQUIREMENT.fullmatch(requirement)
    return (match[1], match[2].strip(), (match[3] or "").strip()) if match else ("", "", "")


def _applies(condition: str, python: tuple[int, ...]) -> bool:
    """Whether a requirement is meant for this Python. One of an extra, or with a condition of another kind, is not."""
    if not condition:
        return True
    match = re.fullmatch(PYTHON + r"\s*(\S+)\s*[\"']([\d.]+)[\"']", condition)
    return match is not None and fits(_written(python), f"{match[1]}{match[2]}")


def _written(python: tuple[int, ...]) -> str:
    return ".".join(map(str, python))


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""

"""What is wrong, from what was found: what keeps the program from running, and what it only does without."""

from __future__ import annotations

from visualnn.health.parts import COMPILER, EXTRAS, SLOW, Found, is_here
from visualnn.health.places import Place
from visualnn.health.report import Health

AGAIN = "please install VisualNN again"


def problems(health: Health) -> tuple[str, ...]:
    """Why it cannot run; a sentence each, nothing if it can."""
    found = [_lacking(health, each) for each in health.parts if not each.here and each.part.without == ""]
    found += health.unmet
    if health.screen.problem:
        found.append(_screen_problem(health))
    elif health.toolkit.problem and not found:  # else it says the same once more
        found.append(health.toolkit.problem)
    if not health.resources:
        found.append(f"The resources of VisualNN are nowhere to be found; {AGAIN}.")
    elif health.missing:
        found.append(f"{', '.join(health.missing)} cannot be found in {health.resources}; {AGAIN}.")
    elif not health.fonts:
        found.append(f"There are no fonts in {health.resources}; {AGAIN}.")
    return tuple(found)


def notes(health: Health) -> tuple[str, ...]:
    """What it does without; a sentence each."""
    lacking = [each for each in health.parts if not each.here and each.part.without]
    found = [_lacking(health, each) for each in lacking if health.ahead is None or each.part.module != COMPILER]
    if health.ahead == "":
        found.append(f"No kernels came along for a processor like this one, and {SLOW}.")
    found += [
        f"{place.name}: {place.path} cannot be written; {place.lost}." for place in health.places if _is_shut(place)
    ]
    if any(not place.path for place in health.places):
        found.append("There is no folder of the user's own: nothing is remembered from one start to the next.")
    return tuple(found)


def extras(health: Health) -> tuple[tuple[str, bool], ...]:
    """What can be installed on top of it, and whether it is there."""
    here = {each.part.module: each.here for each in health.parts}
    return tuple(
        (f"{name} ({purpose})", here.get(module, is_here(module))) for name, (purpose, module) in EXTRAS.items()
    )


def _is_shut(place: Place) -> bool:
    return bool(place.path) and not place.writable


def _lacking(health: Health, found: Found) -> str:
    part = found.part
    lost = f", and {part.without}" if part.without else ""
    remedy = AGAIN if health.origin == "a packaged app" else f"type: pip install {part.distributions[0]}"
    return f"{part.name.partition(',')[0]} is not installed{lost}; {remedy}"


def _screen_problem(health: Health) -> str:
    said = health.screen.problem
    return f"{said} Type: {health.screen.install}" if health.screen.install else said

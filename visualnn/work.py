"""What a file holds: a project, the runs that were kept of it, and how it was looked at, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field

from visualnn.project import Project
from visualnn.runs import Run

MODES = ("step", "train", "landscape")


@dataclass(frozen=True, slots=True)
class View:
    """How a document was looked at when it was saved."""

    mode: str = MODES[0]
    step: int = 0  # operations of the pass that were done
    selected: str = ""  # the neuron or connection by name, as `d` or `a→d`; nothing chosen: empty
    surface: str = ""  # of the landscape, as `weights wac,wbc` or `formula bowl`; never looked at: empty


@dataclass(frozen=True, eq=False, slots=True)
class Work:
    """All that a file keeps. `number` is that of the run whose weights are the project's; 0: of none."""

    project: Project
    runs: tuple[Run, ...] = ()
    number: int = 0
    view: View = field(default_factory=View)

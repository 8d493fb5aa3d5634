"""What the page of a race over a landscape shows, as values."""

from __future__ import annotations

from dataclasses import dataclass, field

from visualnn.gui.widgets.lines_chart import ChartLine
from visualnn.nn.options import Options
from visualnn.scene.racing import Lane, Mark

GOALS = (0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6)  # offered as finishing lines, beside the example's own


@dataclass(frozen=True, slots=True)
class Bet:
    """Who is said to be first. While it `is_open` one is asked; after the finish `sentence` says how it ended."""

    is_open: bool = True
    is_given: bool = False
    answer: int | None = None  # the place of a runner, or `verdict.NOBODY`; None: "I have no idea", where it is given
    sentence: str = ""
    count: str = ""  # "2 of 3 bets right"


@dataclass(frozen=True, slots=True)
class Score:
    """A line of the scoreboard."""

    rank: int | None  # None: has not arrived
    mark: Mark
    name: str
    rate: float
    updates: int | None  # to the goal; None: has not arrived


@dataclass(frozen=True, slots=True)
class Trial:
    """A rate that was tried."""

    rate: float
    updates: int | None  # to the goal; None: it did not arrive
    is_out: bool = False  # as its loss was no longer a number


@dataclass(frozen=True, slots=True)
class Search:
    """How far the search for the best rate of a runner is."""

    runner: int
    done: int
    count: int
    trials: tuple[Trial, ...] = ()
    best: float | None = None  # the rate that won; None: none did, or not yet
    sentence: str = ""  # what was found; "": still searching

    @property
    def is_over(self) -> bool:
        """Whether all rates have been tried."""
        return bool(self.sentence)


@dataclass(frozen=True, eq=False, slots=True)
class ContestContent:
    """Everything at one moment. Whoever makes it passes the same objects again as long as they have not changed."""

    lanes: tuple[Lane, ...] = ()  # where the runners are at `update`
    selected: int = 0
    lines: tuple[ChartLine, ...] = ()  # their losses as far as they are known, also beyond `update`
    update: int = 0
    distance: int = 0  # how far the race goes, in updates
    goal: float | None = None
    own_goal: float | None = None  # the example's
    bet: Bet | None = None  # None: there is nothing to bet on
    scores: tuple[Score, ...] = ()  # best first; none before somebody has arrived
    memory: tuple[str, ...] = ()  # of the selected runner's optimizer, in words
    search: Search | None = None
    caption: str = ""
    keeps: bool = False  # whether a runner has weights that the document can take
    is_picking: bool = False  # whether the next click on the surface is the new start
    base: Options = field(default_factory=Options)  # what presets begin with

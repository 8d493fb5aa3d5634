"""A sweep in words: which rates and seeds, who is best, and what each rate comes to."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, isfinite, log10

import numpy as np
from numpy.typing import NDArray

from visualnn.engine.sweep_moment import Field, Ground, Moment
from visualnn.nn.trial import FALLS
from visualnn.scene.formula import precise
from visualnn.scene.scales import count_text, tick_text

RATE_COUNTS = (5, 7, 11, 16, 22)
SEED_COUNTS = (1, 4, 6, 8, 12)
DISTANCES = (200, 1_000, 5_000, 20_000, 100_000, 1_000_000)  # updates after which a sweep rests
FIRST_RATES, FIRST_SEEDS, FIRST_DISTANCE = 11, 6, 5_000
COARSE, FINE = (1.0, 3.0), (1.0, 1.8, 3.0, 5.6)  # rates of a decade, few of them and many
MANY_RATES = 12
MOST_BYTES = 256 * 2**20
MOST_WORK = 2**31  # multiplications of one update of all networks, about a second
SHARE = f"{100 * FALLS:.0f} %"  # of the first loss
HUGE = 10_000
ALIKE = 1.05  # between losses that are called the same
FEWER = "Choose fewer, or a smaller network."
Run = tuple[str, str, int | None]  # text, role, weight


# -- which networks ------------------------------------------------------------------------------------------------


def rates_around(rate: float, count: int) -> tuple[float, ...]:
    """So many rates, evenly on a logarithmic scale, about as many below a rate as above; exactly as they are written.

    Up to 11 there are two in a decade, beyond that four: 0.001, 0.003, 0.01 … or 0.001, 0.0018, 0.003, 0.0056, 0.01 …
    """
    steps = COARSE if count < MANY_RATES else FINE
    nearest = round(log10(rate) * len(steps))
    first = nearest - count // 2
    return tuple(float(f"{steps[k % len(steps)]:g}e{k // len(steps)}") for k in range(first, first + count))


def seeds_from(seed: int, count: int) -> tuple[int, ...]:
    """So many seeds, the first of them the project's own."""
    first = min(seed, 2**63 - count)
    return tuple(range(first, first + count))


def rate_text(rate: float) -> str:
    """A rate as it is on the ladder: 0.0003, not 3e−4."""
    return f"{rate:,.10f}".rstrip("0").rstrip(".") if 1e-6 <= rate < 1e4 else tick_text(rate)


def too_large(ground: Ground, networks: int) -> str:
    """Why so many of these networks cannot be trained side by side; "" if they can."""
    least = RATE_COUNTS[0] * SEED_COUNTS[0]
    if networks > least and (trouble := _trouble(ground, least)):
        return f"Even {trouble[0].lower()}{trouble[1:]} Choose a smaller network."
    trouble = _trouble(ground, networks)
    return trouble and f"{trouble} {FEWER}"


def _trouble(ground: Ground, networks: int) -> str:
    need, batch = ground.size_bytes(networks), min(ground.options.batch_size or ground.data.rows, ground.data.rows)
    if need > MOST_BYTES:
        return f"{networks} of these networks need {_bytes(need)}; a sweep may take {_bytes(MOST_BYTES)}."
    if 3 * networks * ground.network.parameter_count * batch > MOST_WORK:
        return f"One update of {networks} of these networks would take seconds."
    return ""


def _bytes(size: int) -> str:
    return f"{size / 2**30:.1f} GB" if size >= 2**30 else f"{size / 2**20:,.0f} MB"


# -- how it stands -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """What a rate comes to over all seeds."""

    rate: float
    learned: int
    seeds: int
    median: float  # loss; infinite where most have none
    after: float  # updates in the median until the goal; infinite where most are not there

    @property
    def updates(self) -> str:
        """The median of the updates until the goal."""
        return count_text(self.after) if isfinite(self.after) else "–"

    @property
    def share(self) -> str:
        """How many of the seeds learned."""
        return f"{self.learned} of {self.seeds}"

    @property
    def loss(self) -> str:
        """The median loss in few letters."""
        return loss_text(self.median)


@dataclass(frozen=True, eq=False, slots=True)
class Standing:
    """A moment, judged."""

    field: Field
    moment: Moment
    goal: float | None
    best: int | None  # the first at the goal, else the lowest loss; None before the first update
    learned: NDArray[np.bool_]
    columns: tuple[Column, ...]

    @classmethod
    def of(cls, field: Field, moment: Moment, goal: float | None) -> Standing:
        """Judge a moment."""
        learned = moment.reached if goal is not None else moment.judged <= FALLS * moment.firsts
        shape = len(field.seeds), len(field.rates)
        losses = np.where(np.isfinite(moment.judged), moment.judged, np.inf).reshape(shape)
        after = np.where(moment.reached, moment.updates, np.inf).reshape(shape)
        counts = learned.reshape(shape).sum(axis=0).tolist()
        columns = tuple(map(Column, field.rates, counts, [shape[0]] * shape[1], _medians(losses), _medians(after)))
        return cls(field, moment, goal, _best(moment), learned, columns)

    @property
    def summary(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What stands below the columns, line by line: its name, and a text for each rate."""
        lines = [
            ("learned", tuple(each.share for each in self.columns)),
            ("loss", tuple(each.loss for each in self.columns)),
        ]
        if self.goal is not None:
            lines.append(("updates", tuple(each.updates for each in self.columns)))
        return tuple(lines) if self.has_begun else tuple((name, ("",) * len(texts)) for name, texts in lines)

    @property
    def is_mean(self) -> bool:
        """Whether losses are means of several batches."""
        return self.moment.recent is not None

    @property
    def told(self) -> tuple[int, ...]:
        """The columns of the rates of which `lesson` speaks."""
        if not self.has_begun:
            return ()
        return tuple(self.columns.index(each) for each in _spoken_of(self) if each is not None)

    @property
    def has_begun(self) -> bool:
        """Whether anybody has made an update."""
        return self.moment.update > 0

    def name(self, index: int) -> str:
        """A network by its rate and its seed."""
        row, column = self.field.place(index)
        return f"rate {rate_text(self.field.rates[column])}, seed {self.field.seeds[row]}"

    def tag(self, index: int) -> str:
        """What stands on a cell: that it has diverged, or at which update it reached the goal."""
        if self.moment.diverged[index]:
            return "diverged"
        return count_text(float(self.moment.updates[index])) if self.moment.reached[index] else ""

    def words(self, index: int) -> str:
        """Everything about one network, exact, for its tooltip and for a screen reader."""
        update, loss = int(self.moment.updates[index]), float(self.moment.judged[index])
        name = self.name(index)
        if self.moment.diverged[index]:
            return f"{name[0].upper()}{name[1:]}: diverged after {update:,} updates"
        noun = "mean loss of the latest batches" if self.is_mean else "loss"
        best = ", the best" if index == self.best else ""
        reached = f", below the goal {tick_text(self.goal)}" if self.goal and self.moment.reached[index] else ""
        return f"{name[0].upper()}{name[1:]}: {noun} {loss!r} after {update:,} updates{reached}{best}"


def _medians(values: NDArray[np.float64]) -> list[float]:
    """Of every column, infinite where those in the middle are."""
    rows = len(values)
    middle = np.sort(values, axis=0)[(rows - 1) // 2 : rows // 2 + 1]
    return np.mean(middle, axis=0).tolist()  # type: ignore[no-any-return]


def _best(moment: Moment) -> int | None:
    if not moment.update or moment.diverged.all():
        return None
    if moment.reached.any():
        order = np.where(moment.reached, moment.updates, np.iinfo(np.int64).max)
        first = order == order.min()
        return int(np.where(first, moment.judged, np.inf).argmin())
    return int(np.where(moment.diverged, np.inf, moment.judged).argmin())


def loss_text(loss: float) -> str:
    """A loss in few letters, for a narrow column."""
    if not isfinite(loss):
        return "–"
    return precise(loss, 2, 1e-4) if loss < 1000 else f"{loss:.0e}".replace("e+0", "e").replace("e+", "e")


def speed_text(speed: float) -> str:
    """Updates a second in two digits: 950, 1.3 M, 24 k."""
    for size, unit in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if speed >= size:
            return f"{_two_digits(speed / size)}{unit}"
    return _two_digits(speed)


def _two_digits(value: float) -> str:
    digits = max(0, 1 - floor(log10(value))) if value > 0 else 0
    return f"{round(value, 1 - floor(log10(value))) if value > 0 else 0:.{digits}f}"


def headings(standing: Standing, where: str, *, running: bool = True) -> tuple[tuple[Run, ...], ...]:
    """One line over the cells, in more and in fewer words: how many, how far, how fast, where, and who is best."""
    moment, count = standing.moment, len(standing.field)
    begin = ("1 network" if count == 1 else f"{count} networks", "text", 600), _quiet(f" · update {moment.update:,}")
    end: tuple[Run, ...] = ()
    least = end
    if standing.best is not None:
        end = _quiet(" · best: "), (best_text(standing), "text", 600)
        least = _quiet(" · best: "), (standing.name(standing.best), "text", 600)
    speed = speed_text(moment.speed) if moment.speed and running else ""
    together, short = f" · {speed} updates a second together", f" · {speed} updates/s"
    middles = (f"{together} {where}", together, short, "") if speed else (f" · {where}", "")
    return (*((*begin, _quiet(middle), *end) for middle in middles), (*begin, *least))


def _quiet(text: str) -> Run:
    return text, "text2", None


def best_text(standing: Standing) -> str:
    """Who is best, and why."""
    index = standing.best
    assert index is not None
    if standing.moment.reached[index] and standing.goal is not None:
        updates = int(standing.moment.updates[index])
        return f"{standing.name(index)}, at the goal after {updates:,} update{'s' * (updates != 1)}"
    return f"{standing.name(index)}, loss {precise(float(standing.moment.judged[index]))}"


def lesson(standing: Standing) -> str:
    """What there is to learn from it: which rate works, and how much of it is luck."""
    if not standing.has_begun:
        return "Every rate with every seed: press play, and all learn at once."
    top, lucky = _spoken_of(standing)
    if top is None:
        return _none(standing)
    said = _lowest(standing, top) if standing.goal is None else _first(standing, top)
    return f"{said} At {rate_text(lucky.rate)} the seed decides: {lucky.share}." if lucky else said


def _spoken_of(standing: Standing) -> tuple[Column | None, Column | None]:
    """The rate that does best, and the one where luck decides most; None for each that there is not."""
    columns = standing.columns
    top = max(columns, key=lambda each: (each.learned, -each.after, -each.median))
    if standing.goal is None:
        top = max(columns, key=lambda each: (each.learned, -each.median))
    if not top.learned:
        return None, None
    split = [each for each in columns if 0 < each.learned < top.learned]
    return top, min(split, key=lambda each: abs(2 * each.learned - each.seeds), default=None)


def _none(standing: Standing) -> str:
    """Nobody has learned: who comes nearest, where there is a goal to come near to."""
    lost = int(standing.moment.diverged.sum())
    if lost == len(standing.field):
        return f"All have diverged, even at the smallest rate, {rate_text(min(standing.field.rates))}."
    top = min(standing.columns, key=lambda each: each.median)
    said = "No seed has learned yet at any rate."
    if standing.goal is not None and isfinite(top.median):
        said = f"No seed is at the goal yet. Rate {rate_text(top.rate)} comes nearest: {top.loss} in the median."
    return f"{said} {lost} {'have' if lost > 1 else 'has'} diverged." if lost else said


def _first(standing: Standing, fastest: Column) -> str:
    """Without luck at which rates, and at which of them the soonest."""
    columns, most = standing.columns, fastest.learned
    alike = [each for each in columns if each.learned == most]
    seeds = "all seeds" if most == fastest.seeds else f"{fastest.share} seeds"
    soon = f", fastest at {rate_text(fastest.rate)}" if len(alike) > 1 and isfinite(fastest.after) else ""
    if fastest.seeds == 1:
        return f"{_range(columns, alike)}: the goal is reached{soon}."
    return f"{_range(columns, alike)}: {seeds} learned{soon}."


def _lowest(standing: Standing, top: Column) -> str:
    """The rate of the lowest losses, and how much its seeds differ."""
    said = f"Rate {rate_text(top.rate)} comes lowest: {top.loss}"
    if top.seeds == 1:
        return f"{said}."
    said += " in the median."
    place = standing.columns.index(top)
    losses = standing.moment.judged[place :: len(standing.columns)]
    if np.isfinite(losses).all() and losses.min() > 0:
        factor = float(losses.max() / losses.min())
        if factor < ALIKE:
            return f"{said} Its seeds are all alike."
        said += f" Between its seeds lies a factor of {factor_text(factor)}."
    return said


def factor_text(factor: float) -> str:
    """How many times as much, in two digits; what is beyond all bounds is not told apart."""
    if factor > HUGE:
        return f"over {HUGE:,}"
    return f"{factor:.1f}" if factor < 9.95 else f"{round(factor, 1 - floor(log10(factor))):,.0f}"


def _range(columns: tuple[Column, ...], alike: list[Column]) -> str:
    """Rates that do equally well: "Rate 0.03", "Rates 0.01 to 0.1" where they lie side by side."""
    texts = [rate_text(each.rate) for each in alike]
    places = [columns.index(each) for each in alike]
    if len(texts) == 1:
        return f"Rate {texts[0]}"
    if places == list(range(places[0], places[-1] + 1)):
        return f"Rates {texts[0]} to {texts[-1]}"
    return f"Rates {', '.join(texts[:-1])} and {texts[-1]}"


def meaning(goal: float | None, *, is_mean: bool = False) -> str:
    """What counts as learned, and what the losses are; `is_mean`: those of batches."""
    if is_mean:
        return f"Learned: below {SHARE} of the first loss. Loss: the mean of the latest batches, in the median."
    if goal is not None:
        return f"Learned: the loss fell below the goal, {tick_text(goal)}. Loss and updates: the median of the seeds."
    return f"Learned: the loss is below {SHARE} of the first one. Loss: the median of the seeds."


# -- one network ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
    """A line about a network: what it is, and its role in colour."""

    name: str
    text: str
    role: str = "text"


def facts(standing: Standing, index: int) -> tuple[Fact, ...]:
    """Loss, update and rank."""
    moment = standing.moment
    update = f"{int(moment.updates[index]):,}"
    if moment.diverged[index]:
        return (Fact("Loss", "no longer a number", "bad"), Fact("Diverged at update", update), Fact("Rank", "none"))
    loss = Fact("Loss of the latest batches" if standing.is_mean else "Loss", precise(float(moment.judged[index]), 4))
    goal = bool(moment.reached[index])
    name = "Goal reached at update" if goal else "Update"
    return (loss, Fact(name, update, "good" if goal else "text"), Fact("Rank", _rank(standing, index)))


def _rank(standing: Standing, index: int) -> str:
    """Its place among all: those at the goal by when they came there, the others by their losses."""
    moment = standing.moment
    if not standing.has_begun:
        return "–"
    order = list(zip((~moment.reached).tolist(), _key(moment), strict=True))
    place = 1 + sum(each < order[index] for each in order)
    return f"{place} of {len(order)}"


def _key(moment: Moment) -> list[float]:
    losses = np.where(moment.diverged, np.inf, moment.judged)
    return np.where(moment.reached, moment.updates, losses).tolist()  # type: ignore[no-any-return]

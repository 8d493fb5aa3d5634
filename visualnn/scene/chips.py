"""The steps of an update in a row of short texts: what each does, and, where it is asked for, what it gave.

Nothing is listed: a chip is worked out from its place in the row. Where there are too many steps to be looked through
one by one there is a chip for each layer in each phase.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property, lru_cache

from visualnn.scene.code import weight_name
from visualnn.scene.curves import TITLES
from visualnn.scene.formula import Part, number, plain, value
from visualnn.scene.sentences import Story
from visualnn.scene.steps import record
from visualnn.scene.timeline import Phase, Step

MOST_SINGLY = 20_000  # steps up to which each has a chip
REMEMBERED = 512  # chips that have been worked out: some windows full
SPOKEN = {"Forward": "forward", "Loss": "loss", "Backward": "backward", "Update": "update"}


@dataclass(frozen=True, slots=True)
class Chip:
    """One place in the row, before anything is known of its numbers."""

    index: int
    number: int  # the step with which it is done
    phase: Phase
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a step gave: its number, and for a parameter which way it went."""

    value: Part
    arrow: str = ""


class Chips:
    """The row of one story. Remembers what has been looked at."""

    def __init__(self, story: Story, most_singly: int = MOST_SINGLY):
        self.story = story
        self.singly = len(story.timeline) <= most_singly
        self.chip = lru_cache(REMEMBERED)(self._chip)
        self.result = lru_cache(REMEMBERED)(self._result)

    def __len__(self) -> int:
        return len(self.story.timeline) if self.singly else len(self._stops)

    @cached_property
    def _stops(self) -> tuple[int, ...]:
        """The moments at which a layer is done."""
        timeline, stops = self.story.timeline, [0]
        while stops[-1] < len(timeline):
            stops.append(timeline.after(stops[-1], "layer"))
        return tuple(stops[1:])

    def index_of(self, number: int) -> int:
        """The place of the chip that holds a step; −1 for the moment before the first."""
        if number <= 0 or self.singly:
            return number - 1
        return bisect_left(self._stops, number)

    def number_of(self, index: int) -> int:
        """The step with which a chip is done."""
        return index + 1 if self.singly else self._stops[index]

    @cached_property
    def phases(self) -> tuple[tuple[Phase, int], ...]:
        """Each phase and the place of its first chip."""
        found: list[tuple[Phase, int]] = []
        before = 0
        for phase, count in self.story.timeline.phases:
            found.append((phase, self.index_of(before + 1)))
            before += count
        return tuple(found)

    @cached_property
    def longest(self) -> str:
        """A text about as wide as the widest chip."""
        if not self.singly:
            return f"{self._layer_title(0)} backward"
        names = self.story.names
        long = tuple((max(column, key=len),) for column in names)
        texts = [f"∂ {self._weight(long, layer, 0, 0)}" for layer in range(len(names) - 1)]
        return max((*texts, f"+ bias {max((n for (n,) in long[1:]), key=len)}"), key=len)

    def _chip(self, index: int) -> Chip:
        step = self.story.timeline.step(self.number_of(index))
        return Chip(index, step.number, step.phase, self._text(step) if self.singly else self._layer_text(step))

    def _layer_text(self, step: Step) -> str:
        return "Miss and loss" if step.phase == "Loss" else f"{self._layer_title(step.layer)} {SPOKEN[step.phase]}"

    def _layer_title(self, layer: int) -> str:
        return "Output" if layer == len(self.story.names) - 2 else f"Hidden {layer + 1}"

    def _text(self, step: Step) -> str:
        """Letters as in the code and on the stage: a × wac, Σ c, ∂ wcf."""
        name = self.story.names[step.layer + 1][step.neuron]
        weight = "" if step.source is None else self._weight(self.story.names, step.layer, step.source, step.neuron)
        match step.kind:
            case "multiply":
                giver = self.story.names[step.layer][step.source or 0]
                return weight if "→" in weight else f"{giver} × {weight}"
            case "activate":
                return f"{TITLES[self.story.trace.network.activations[step.layer]][0]} {name}"
            case "slope_weight":
                return f"∂ {weight}"
            case "update_weight":
                return weight
            case "miss":
                return "miss" if self.story.trace.network.outputs == 1 else f"miss {name}"
            case _:
                return TEXTS.get(step.kind, "{}").format(name)

    @staticmethod
    def _weight(names: tuple[tuple[str, ...], ...], layer: int, source: int, neuron: int) -> str:
        """Wac, or x12→h1_3 where names are longer than a letter."""
        a, b = names[layer][source], names[layer + 1][neuron]
        return weight_name(names, layer, source, neuron) if len(a) == len(b) == 1 else f"{a}→{b}"

    def _result(self, index: int) -> Result | None:
        """What a step gave; None for a whole layer. Only to be asked for what is done."""
        if not self.singly:
            return None
        made = record(self.story, index + 1)
        arrow = ""
        if made.before is not None and made.value != made.before:
            arrow = "↑" if made.value > made.before else "↓"
        return Result(value(made.value, number(made.value)), arrow)

    def spoken(self, index: int) -> str:
        """A chip in words: “Step 12 of 55, Forward: …”."""
        chip, total = self.chip(index), len(self.story.timeline)
        words = plain(record(self.story, chip.number).sentence) if self.singly else f"{chip.text}."
        return f"Step {chip.number:,} of {total:,}, {chip.phase}: {words}"


TEXTS = {
    "sum": "Σ {}",
    "bias": "+ bias {}",
    "shortcut": "+ shortcut {}",
    "loss": "loss",
    "mean": "mean loss",
    "slope_output": "∂ {}",
    "slope_neuron": "∂ {}",
    "slope_gate": "∂ Σ {}",
    "slope_bias": "∂ bias {}",
    "update_bias": "bias {}",
}

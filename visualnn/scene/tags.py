"""What loss, backward pass and update write beside the network: targets, slopes, and numbers before and after.

Each has a place of its own, which does not depend on how far the steps have come, or none where it would cover
something else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from visualnn.scene.berths import Berth, Berths
from visualnn.scene.clearance import outlines
from visualnn.scene.drawing import Drawing, Style, slope_text, underline
from visualnn.scene.formula import number, precise, short, unlike
from visualnn.scene.frame import Box, Item, Place, Spot, Text
from visualnn.scene.harbour import berths
from visualnn.scene.look import sign_role, text_width
from visualnn.scene.neurons import NeuronDrawing
from visualnn.scene.reckoning import Reckoning

SPACE = 4.0  # px between a word and its number
RADIUS = 6.0


@dataclass(frozen=True)
class TagDrawing(Drawing):
    """Draws what is known after the forward pass."""

    def items(self) -> list[Item]:
        """Targets and loss; slopes until the update; what the weight or bias at work says."""
        known = self.picture.reckoning
        if known is None:
            return []
        places = berths(self.layout, known.trace, self.names, self.look, self._plain)
        items = [*self._targets(known, places), *self._loss(known, places)]
        if known.goes_back:
            items += self._slopes(known, places)
        return items + self._at_work(known, places) if known.single else items

    @property
    def _plain(self) -> Style:
        """The style without what the pointer and the choice change."""
        return replace(self.style, selected=None, hovered=None)

    # -- loss ----------------------------------------------------------------------------------------------------

    def _targets(self, known: Reckoning, places: Berths) -> list[Item]:
        target = known.trace.target
        assert target is not None
        items: list[Item] = []
        for neuron, berth in places.targets.items():
            if neuron < known.targets:
                items += self._target_said(neuron, float(target[neuron]), berth)
        return items

    def _target_said(self, neuron: int, value: float, berth: Berth) -> list[Item]:
        place, text = self._target_place(neuron), self._target(value)
        word, number = self._said("target", text, berth)
        assert isinstance(number, Text)
        if place == self.style.selected:
            return [word, replace(number, color=self.look["accent"])]
        if place != self.style.hovered or not self.style.editable:
            return [word, number]
        half = text_width(text, berth.size) / 2
        return [word, number, underline(number.x + half, berth.y + 9 * self.layout.scale, half, self.look["text"])]

    def _target_place(self, neuron: int) -> Place:
        return Place("target", len(self.layout.network.layers), neuron)

    def spots(self) -> list[Spot]:
        """Where targets can be taken hold of."""
        known, k = self.picture.reckoning, self.layout.scale
        if known is None:
            return []
        places = berths(self.layout, known.trace, self.names, self.look, self._plain)
        shown = {neuron: berth for neuron, berth in places.targets.items() if neuron < known.targets}
        return [Spot(self._target_place(n), at.x, at.y, 92 * k, at.high + 8 * k) for n, at in shown.items()]

    def _target(self, value: float) -> str:
        """Of a class it is 0 or 1."""
        return short(value) if self.style.classes else number(value, self.style.decimals)

    def _loss(self, known: Reckoning, places: Berths) -> list[Item]:
        if known.loss is None or places.loss is None:
            return []
        name, value = ("loss", known.loss) if known.mean is None else ("mean loss", known.mean)
        after = "" if known.after is None else f" → {precise(known.after, 2)}"
        return self._said(name, precise(value, 2) + after, places.loss)

    def _said(self, word: str, text: str, berth: Berth) -> list[Item]:
        """A word and its number, in the middle of their place."""
        k, size, look = self.layout.scale, berth.size, self.look
        wide, space = text_width(word, size), SPACE * k
        left = berth.x - (wide + space + text_width(text, size)) / 2
        return [
            Text(left + wide, berth.y, word, size, 450, look["text2"], "right"),
            Text(left + wide + space, berth.y, text, size, 650, look["text"], "left"),
        ]

    @property
    def _neurons(self) -> NeuronDrawing:
        return NeuronDrawing(self.layout, self.picture, self.names, self.look, self.style)

    # -- slopes --------------------------------------------------------------------------------------------------

    def _slopes(self, known: Reckoning, places: Berths) -> list[Item]:
        items: list[Item] = []
        origin = self._origin(known, places) if known.single else None
        for place, berth in places.slopes.items():
            slope = self._slope_of(known, place)
            if slope is not None:
                items += self._slope(slope, berth, place == origin)
        return items if origin is None or origin in places.slopes else items + self._lone(known, places, origin)

    def _lone(self, known: Reckoning, places: Berths, place: Place) -> list[Item]:
        """The slope at work, where not all neurons around it have room for theirs."""
        slope = self._slope_of(known, place)
        berth = None if slope is None else places.at_any_rate(place, slope_text(slope, self.style.decimals))
        return [] if slope is None or berth is None else self._slope(slope, berth, True)

    def _slope_of(self, known: Reckoning, place: Place) -> float | None:
        """Of a neuron's sum, or of what its block passes on."""
        if place.kind not in ("neuron", "gate"):
            return None
        own = known.slope_of_sum if place.kind == "neuron" else known.slope_of_output
        return own(place.column - 1, place.neuron)

    def _origin(self, known: Reckoning, places: Berths) -> Place | None:
        """Whose slope the step works out: behind a block at work that of the sum, which is that of its bias too."""
        step, focus = known.step, self.picture.focus
        of_sum = Place("neuron", step.layer + 1, step.neuron)
        if step.kind == "slope_bias" and focus is not None:
            return focus if self._berth_at_work(known, places, focus) else of_sum
        return of_sum if step.kind == "slope_gate" else focus

    def _berth_at_work(self, known: Reckoning, places: Berths, place: Place) -> Berth | None:
        """Where the slope of a weight or bias stands; that of the sum is enough for its bias where room is short."""
        text, of_sum = self._said_at_work(known), Place("neuron", place.column, place.neuron)
        enough = place.kind == "bias" and of_sum in places.slopes
        return places.at_work(place, text) if enough else places.at_any_rate(place, text)

    def _said_at_work(self, known: Reckoning) -> str:
        return slope_text(known.slope_at_work() or 0.0, self.style.decimals)

    def _slope(self, slope: float, berth: Berth, works: bool) -> list[Item]:
        text, role = slope_text(slope, self.style.decimals), sign_role(slope, 0.0)
        fill = self.look.mix("canvas", role, 0.12 if self.look.dark else 0.06)
        edge = self.look["accent"] if works else self.look.mix("canvas", role, 0.55)
        return [*self._box(text, berth, fill, edge, works), self._text(text, berth, role)]

    def _box(self, text: str, berth: Berth, fill: int, edge: int, works: bool) -> list[Item]:
        k, wide = self.layout.scale, berth.width_of(text, self.layout.scale)
        return [Box(berth.x, berth.y, wide, berth.high, RADIUS * k, fill, edge, 2.0 * k if works else 1.0)]

    def _text(self, text: str, berth: Berth, role: str) -> Text:
        return Text(berth.x, berth.y, text, berth.size, 650, self.look[role])

    # -- the weight or bias at work ------------------------------------------------------------------------------

    def _at_work(self, known: Reckoning, places: Berths) -> list[Item]:
        place = self.picture.focus
        if place is None or place.kind not in ("weight", "bias"):
            return []
        slope = known.slope_at_work()
        if slope is not None:
            berth = self._berth_at_work(known, places, place)
            tag = [] if berth is None else self._slope(slope, berth, True)
            return [*self._bias(place, places), *tag]
        return self._change(places, place)

    def _bias(self, place: Place, places: Berths) -> list[Item]:
        """The bias at work, which has given way to slopes, where none stands in its place."""
        if place.kind != "bias" or place in (self.style.selected, self.style.hovered):
            return []
        items = self._neurons.bias(place)
        return items if places.are_clear_of_slopes(outlines(items)) else []

    def _change(self, places: Berths, place: Place) -> list[Item]:
        """From before to after."""
        if self.picture.moved is None:
            return []
        before, after = self.picture.moved.ends
        change = f"{unlike(before, after)} → {unlike(after, before)}"
        words = ("bias ", "") if self._needs_word(place) else ("",)
        for word, search in ((word, search) for search in (places.at_work, places.at_any_rate) for word in words):
            berth = search(place, word + change, changes=True)
            if berth is not None:
                return self._changing(word, before, after, berth)
        return self._neurons.tight_bias(place) if self._needs_word(place) else []

    def _needs_word(self, place: Place) -> bool:
        """Whether it is a bias that is not written below its neuron."""
        column = self.layout.column(place.column)
        return place.kind == "bias" and column is not None and not self.layout.is_biased(column)

    def _changing(self, word: str, before: float, after: float, berth: Berth) -> list[Item]:
        parts, look, size = (unlike(before, after), "→", unlike(after, before)), self.look, berth.size
        whole = word + " ".join(parts)
        left, right = (berth.x + side * text_width(whole, size) / 2 for side in (-1, 1))
        ends = [sign_role(v, 0.0) for v in (before, after)]
        first, last = (text_width(part, size) for part in (parts[0], parts[2]))
        begin = right - text_width(" ".join(parts), size)
        said = [Text(left, berth.y, word.strip(), size, 500, look["text2"], "left")] if word else []
        return [
            *self._box(whole, berth, look.mix("canvas", "panel", 0.6), look["accent"], True),
            *said,
            Text(begin, berth.y, parts[0], size, 550, look[ends[0]], "left"),
            Text((begin + first + right - last) / 2, berth.y, parts[1], size, 550, look["text2"]),
            Text(right, berth.y, parts[2], size, 650, look[ends[1]], "right"),
        ]

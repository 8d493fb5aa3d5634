"""What the portrait's pane shows, and a weight put into words."""

from __future__ import annotations

from dataclasses import dataclass

from visualnn.nn.errors import VisualNNError
from visualnn.nn.landscape.axes import first_two
from visualnn.nn.mask import Mask
from visualnn.nn.network import Network, Vector
from visualnn.scene.formula import full
from visualnn.scene.landscape.portrait import Sitter, called, place_of
from visualnn.scene.landscape.portrait.sitter import Names, Pair


@dataclass(frozen=True, eq=False)
class PortraitContent:
    """A network at one place of its landscape. Compared by identity.

    `pair`: which two parameters are the axes; None where all move. `choosable`: whether others can be made axes.
    `formula`: the name of the classic surface that the network's is, to be shown beneath it; "" for none.
    """

    network: Network
    parameters: Vector
    names: Names
    pair: Pair | None
    title: str = "Network"
    subtitle: str = ""
    caption: str = ""
    choosable: bool = False
    decimals: int = 2
    mask: Mask | None = None
    formula: str = ""

    def sitter(self, before: Sitter | None = None) -> Sitter:
        """Whose portrait it is; the same as before where only its numbers are others."""
        now = self.network, self.names, self.pair, self.mask, self.decimals
        if before is not None:
            then = before.network, before.names, before.pair, before.mask, before.decimals
            if now[0] is then[0] and now[3] is then[3] and (now[1], now[2], now[4]) == (then[1], then[2], then[4]):
                return before
        return Sitter(*now)


@dataclass(frozen=True, eq=False)
class FormulaContent:
    """A classic surface at one point (x, y). Compared by identity."""

    name: str
    x: float
    y: float
    title: str = "Formula"
    subtitle: str = ""
    caption: str = ""


def next_pair(content: PortraitContent, index: int) -> Pair | None:
    """The axes after a parameter was chosen: it is the second, the second the first; one of them swaps both.

    None where there is nothing that it could be paired with.
    """
    if content.pair is None:
        try:
            others = first_two(content.network, content.mask)
        except VisualNNError:
            return None
        return next(other for other in others if other != index), index
    first, second = content.pair
    return (second, first) if index in (first, second) else (second, index)


def said(content: PortraitContent, index: int) -> str:
    """A parameter with all its digits."""
    name = called(content.names, place_of(content.network, index))
    return f"{name} = {full(float(content.parameters[index]))}"


def tip(content: PortraitContent, index: int) -> str:
    """What a tooltip says of a parameter: what it is, and what a click does."""
    text = said(content, index)
    if not content.choosable:
        return text
    if content.pair is not None and index in content.pair:
        axis = "first" if index == content.pair[0] else "second"
        return f"{text}\nThe {axis} axis of the landscape. Click: swap the axes"
    return f"{text}\nClick: make it an axis of the landscape"

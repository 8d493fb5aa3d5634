"""What the stage shows, and how a place on it is put into words."""

from __future__ import annotations

from dataclasses import dataclass

from visualnn.gui.edits import describe, is_off, number_at
from visualnn.nn.mask import Connections, Neurons
from visualnn.nn.trace import Trace
from visualnn.project import Project
from visualnn.scene import playback
from visualnn.scene.drawing import Maps
from visualnn.scene.formula import full
from visualnn.scene.frame import Place
from visualnn.scene.timeline import Timeline


@dataclass(frozen=True, eq=False)
class Content:
    """What the stage shows. Without a timeline the pass is complete and nothing is lit.

    `flowing`: the pass goes by whole layers. `maps`: what every neuron says all over the plane. `dead`: neurons, as
    (column, neuron), that are 0 for every row. `blamed`, `blamed_links`: what the trouble that is told is about.
    """

    project: Project
    trace: Trace
    timeline: Timeline | None = None
    t: float = 0.0
    decimals: int = 2
    flowing: bool = False
    maps: Maps | None = None
    dead: Neurons = frozenset()
    blamed: Neurons = frozenset()
    blamed_links: Connections = frozenset()

    def moment(self) -> playback.Picture:
        """The state of the pass."""
        if self.timeline is None:
            return playback.whole(self.trace)
        return playback.picture(self.trace, self.timeline, self.t, flowing=self.flowing)


def tip(project: Project, moment: playback.Picture, place: Place, dead: Neurons = frozenset()) -> str:
    """A place with all its digits, as they are at this moment; of a neuron also whether it is `dead`."""
    if place.kind == "fold":
        return "Click to unfold these layers"
    title = describe(project, place)
    if place.kind in ("weight", "bias") and is_off(project, place):
        cut = (place.column - 1, place.source, place.neuron) in project.cut
        return f"{title} is cut" if cut else f"{title} belongs to a neuron that is switched off"
    if place.kind == "weight":
        value = moment.parameters(place.column - 1).w[place.source or 0, place.neuron]
        return f"{title}: {full(value)}\nDrag to change it, double-click to type"
    if place.kind == "bias":
        return f"{title}: {full(moment.parameters(place.column - 1).b[place.neuron])}\nDrag to change it"
    if place.kind == "target":
        return f"{title}: {full(number_at(project, place))}\nDrag to change it, double-click to type"
    off = _silence(project, place, dead)
    if place.column == 0:
        return f"{title}: {full(moment.trace.x[place.neuron])}\nClick to type, drag to change it{off}"
    layer = moment.trace.layers[place.column - 1]
    return f"{title}: sum {full(layer.z[place.neuron])}, passes on {full(layer.a[place.neuron])}{off}"


def _silence(project: Project, place: Place, dead: Neurons) -> str:
    """Why a neuron passes on 0, whatever the input."""
    if (place.column, place.neuron) in project.silent:
        return "\nIt is switched off and passes on 0."
    if (place.column, place.neuron) in dead:
        return "\nThis neuron is 0 for all rows. It cannot learn."
    return ""

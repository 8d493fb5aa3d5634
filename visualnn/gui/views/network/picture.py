"""What the stage draws at one moment, and what is where on it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize

from visualnn.gui.edits import describe
from visualnn.gui.theme import current
from visualnn.nn.trace import Trace
from visualnn.project import Project
from visualnn.scene import look, network, playback
from visualnn.scene.formula import full
from visualnn.scene.frame import Frame, Place
from visualnn.scene.layout import Layout, layout
from visualnn.scene.timeline import Timeline


@dataclass(frozen=True, eq=False)
class Content:
    """What the stage shows. Without a timeline the pass is complete and nothing is lit."""

    project: Project
    trace: Trace
    timeline: Timeline | None = None
    t: float = 0.0
    decimals: int = 2

    def moment(self) -> playback.Picture:
        """The state of the pass."""
        if self.timeline is None:
            return playback.whole(self.trace)
        return playback.picture(self.trace, self.timeline, self.t)


@dataclass(frozen=True, eq=False)
class Picture:
    """A content, drawn in one size."""

    project: Project
    moment: playback.Picture
    layout: Layout
    frame: Frame

    @classmethod
    def of(cls, content: Content, size: QSize, selected: Place | None, hovered: Place | None) -> Picture:
        """Draw a content."""
        project, moment = content.project, content.moment()
        scale = max(1.0, min(size.width() / 920, size.height() / 616, 2.0))
        made = layout(project.network, float(size.width()), float(size.height()), round(scale, 2))
        style = network.Style(content.decimals, selected, hovered)
        frame = network.frame(made, moment, project.names, look.load(current().name), style)
        return cls(project, moment, made, frame)

    def position_of(self, place: Place) -> QPointF | None:
        """Where a place stands; None if it is not drawn."""
        spot = next((s for s in self.frame.spots if s.place == place), None)
        return None if spot is None else QPointF(spot.x, spot.y)

    def place_at(self, position: QPointF) -> Place | None:
        """What is drawn there."""
        x, y = position.x(), position.y()
        return self.frame.at(x, y) or network.link_at(self.layout, x, y)

    def tip(self, place: Place) -> str:
        """A place with all its digits, as they are at this moment."""
        title, moment = describe(self.project, place), self.moment
        if place.kind == "weight":
            value = moment.parameters(place.column - 1).w[place.source or 0, place.neuron]
            return f"{title}: {full(value)}\nDrag to change it, double-click to type"
        if place.kind == "bias":
            return f"{title}: {full(moment.parameters(place.column - 1).b[place.neuron])}\nDrag to change it"
        if place.column == 0:
            return f"{title}: {full(moment.trace.x[place.neuron])}\nClick to type, drag to change it"
        layer = moment.trace.layers[place.column - 1]
        return f"{title}: sum {full(layer.z[place.neuron])}, passes on {full(layer.a[place.neuron])}"

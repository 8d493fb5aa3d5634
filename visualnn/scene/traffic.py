"""What travels along connections: a number on its way through its weight, or sparks of a whole layer at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.drawing import Drawing
from visualnn.scene.frame import Box, Glow, Ground, Item, Links, Sparks, Text
from visualnn.scene.layout import bezier
from visualnn.scene.look import sign_role, text_width
from visualnn.scene.moment import Flow

SPARK = 2.2


@dataclass(frozen=True)
class TrafficDrawing(Drawing):
    """Draws what moves between the columns."""

    def items(self, below: tuple[Ground, ...]) -> list[Item]:
        """The number travelling along a connection, or sparks on all the connections `below` of a layer."""
        return [*self.pulse(), *self.sparks(below)]

    def sparks(self, below: tuple[Ground, ...]) -> list[Item]:
        """What a whole layer sends on its way at once."""
        flow = self.picture.flow
        if flow is None or flow.share >= 1:
            return []
        k, look, items = self.layout.scale, self.look, []
        for links in below:
            if isinstance(links, Links) and links.layer == flow.layer and len(links):
                sign = (np.sign(np.nan_to_num(self._sent(links, flow))) * links.sign).astype(np.int8)
                start = links.neuron if flow.back else links.source
                share = np.clip(flow.share * 1.3 - 0.3 * (start % 7) / 7, 0, 1)  # not all in one line
                points = curves_at(links, 1.0 - share if flow.back else share)
                items.append(Sparks(points, sign, SPARK * k, look["pos"], look["neg"]))
        return list(items)

    def _sent(self, links: Links, flow: Flow) -> NDArray[np.float64]:
        """What is multiplied with each weight: what its source passes on, or on the way back its neuron's slope."""
        if flow.back:
            return self.picture.trace.slopes[links.layer].dz[links.neuron]
        return self.picture.trace.layers[links.layer].x[links.source]

    def pulse(self) -> list[Item]:
        """The number travelling along a connection."""
        pulse = self.picture.pulse
        if pulse is None:
            return []
        look, k = self.look, self.layout.scale
        try:
            ends = self.layout.link(pulse.layer, pulse.source, pulse.neuron)
        except KeyError:
            return []
        x, y = bezier(*ends, pulse.share)
        pill = self.layout.pills.get((pulse.layer, pulse.source, pulse.neuron))
        multiplied = x > pill[0] if pill else pulse.share > 0.5
        text = pulse.after if multiplied else pulse.before
        role = sign_role(
            pulse.value if multiplied else float(self.picture.trace.layers[pulse.layer].x[pulse.source]), 0
        )
        wide, high = text_width(text, 13 * k) + 16 * k, 24 * k
        return [
            Glow(x, y, wide, high, high / 2, 14 * k, look["accent"], 0.8),
            Box(x, y, wide, high, high / 2, look[role], look["canvas"], 1.5 * k),
            Text(x, y, text, 13 * k, 700, look["canvas"]),
        ]


def curves_at(links: Links, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """The points (n, 2) where connections have come this share of their way."""
    s, u = shares, 1.0 - shares
    middle = (links.x0 + links.x1) / 2
    x = u**3 * links.x0 + 3 * u * s * middle + s**3 * links.x1
    y = links.y0 + (links.y1 - links.y0) * (3 * u * s * s + s**3)
    return np.column_stack([x, y])

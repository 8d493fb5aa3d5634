"""The stage: the network, drawn at one moment, to be looked at, picked, scrubbed, typed into and shaped.

`content` is what is shown, `stage` from where, `picture` how it comes onto the screen (with `ground`, the
connections), `view` the widget that turns pointer and keys into requests. `drag` is the scrubbing of a number,
`editor` the typing of one, `keys` what keys mean, `touch` what wheel and touchpad mean, `walk` the ways from place to
place; `shaper` shows the controls (`shaping`, with `spots`, `room`, `pool`, `head_menu`) and the map of a folded
network (`minimap`).
"""

from visualnn.gui.views.network.content import Content
from visualnn.gui.views.network.view import NetworkView

__all__ = ["Content", "NetworkView"]

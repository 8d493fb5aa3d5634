"""The Data panel: what the network learns from, and how to give it something else.

`view` is the panel; its pages are `built_in` with `cards`, their `sketch`es and `knobs`, `file` with the `roles` of
columns, and `draw` with its `field`; `parts` are what the pages share.
"""

from visualnn.gui.views.data.view import BUILT_IN, DRAW, MY_FILE, DataView

__all__ = ["BUILT_IN", "DRAW", "MY_FILE", "DataView"]

"""The landscape of the loss, in 3-D and as a map.

| module | is |
|---|---|
| `view`, `head`, `progress_line` | both views under one row |
| `relief_view`, `relief_canvas`, `easel`, `aspect`, `pace`, `orbit`, `hand`, `notes` | the view in 3-D |
| `map_view`, `map_sheet`, `map_picture`, `map_trails`, `map_scope`, `map_hand`, `map_keys` | the map |
| `painting` | a whole picture, for a file |
"""

from visualnn.gui.views.landscape.view import LandscapeView

__all__ = ["LandscapeView"]

"""Files: what goes to disk and what comes back, checked before anyone sees it.

`native` reads and writes VisualNN's own `.vnn`; `document` is the readable half of it, a project as plain JSON values,
and `fields` reads such values without trusting them; `upgrades` lifts older files to today's format; `examples` are the
built-in networks, `fresh` makes new ones from a typed shape, and `documents` finds which of them the user typed.
`handwriting` makes data from numbers that come with the program: a recipe like those of `visualnn.nn.data`, which knows
no files and is given it here. Every expected problem is a `VisualNNError` with one sentence.

May import: `visualnn.project`, `visualnn.nn`, `visualnn.assets`.
"""

from visualnn.files.handwriting import digits
from visualnn.nn.data import RECIPES

RECIPES["digits"] = digits

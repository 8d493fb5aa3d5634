"""Files: what goes to disk and what comes back, checked before anyone sees it.

`native` reads and writes VisualNN's own `.vnn`; `document` is the readable half of it, a project as plain JSON values,
`rows` its data, `progress` how far its run has come, and `fields` reads such values without trusting them; `upgrades`
lifts older files to today's format; `examples` are the built-in networks, `fresh` makes new ones from a typed shape,
and `documents` finds which of them the user typed. `handwriting` and `reviews` make data from what comes with the
program: sources like those of `visualnn.nn.recipes`, which knows no files and is given them here. `tables` reads CSV
and TSV, `run_table` writes a run as one. Every expected problem is a `VisualNNError` with one sentence.

May import: `visualnn.project`, `visualnn.nn`, `visualnn.assets`.
"""

from visualnn.files.handwriting import DIGITS
from visualnn.files.reviews import REVIEWS
from visualnn.nn.recipes import SOURCES

SOURCES.update({source.name: source for source in (DIGITS, REVIEWS)})

"""Files: what goes to disk and what comes back, checked before anyone sees it.

`native` reads and writes VisualNN's own `.vnn`: a `container` with the `arrays` and a `document`, which is the readable
half of it as plain JSON values: `projects` with their `rows`, `options` and `progress`, `runs` with their `moments`, and
the `view`. `fields` reads such values without trusting them; `upgrades` lifts older files to today's format; `salvage`
leaves out what cannot be kept. `disk` replaces files whole, a `stamp` tells whether one was changed since, `recovery`
keeps what is not saved.

`foreign` are the models of other tools. `examples` are the built-in networks, `fresh` makes new ones from a typed
shape, and `documents` finds which of all these the user typed. `handwriting` and `reviews` make data from what comes
with the program: sources like those of `visualnn.nn.recipes`, which knows no files and is given them here. `tables`
reads CSV and TSV, `run_table` writes a run as one. Every expected problem is a `VisualNNError` with one sentence.

May import: `visualnn.work`, `visualnn.runs`, `visualnn.project`, `visualnn.nn`, `visualnn.assets`.
"""

from visualnn.files.handwriting import DIGITS
from visualnn.files.reviews import REVIEWS
from visualnn.nn.recipes import SOURCES

SOURCES.update({source.name: source for source in (DIGITS, REVIEWS)})

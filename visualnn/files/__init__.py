"""Files: what goes to disk and what comes back, checked before anyone sees it.

`native` reads and writes VisualNN's own `.vnn`, a `container` put in its place by `disk`. `document` is all in it that
is short, as plain JSON values: `projects` with their `options` and data (`rows`), `progress`, `runs` and their
`moments`, the `view`; `arrays` is the rest. `fields` reads such values without trusting them, `upgrades` lifts older
files to today's format, `salvage` keeps what can be kept of odd runs. `resources/format` describes it all for others. A
`stamp` tells whether a file was changed since, `recovery` keeps what is not saved.

`foreign` are the models of other tools. `examples` are the built-in networks, `fresh` makes new ones from a typed
shape, and `documents` finds which of all these the user typed. `handwriting` and `reviews` make data from what comes
with the program: sources like those of `visualnn.nn.recipes`, which knows no files and is given them here. `tables`
reads CSV and TSV, `run_table` writes a run as one, `landscape_table` heights and paths. Every expected problem is a
`VisualNNError` with one sentence.

May import: `visualnn.work`, `visualnn.runs`, `visualnn.project`, `visualnn.nn`, `visualnn.assets`.
"""

from visualnn.files.handwriting import DIGITS
from visualnn.files.reviews import REVIEWS
from visualnn.nn.recipes import SOURCES

SOURCES.update({source.name: source for source in (DIGITS, REVIEWS)})

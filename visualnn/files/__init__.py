"""Files: what goes to disk and what comes back, checked before anyone sees it.

`native` reads and writes VisualNN's own `.vnn`; `document` is the readable half of it, a project as plain JSON values,
and `fields` reads such values without trusting them; `upgrades` lifts older files to today's format; `examples` are the
built-in networks and `documents` finds a file or an example by what the user typed. Every expected problem is a
`errors.FileError` with one sentence.

May import: `visualnn.project`, `visualnn.nn`, `visualnn.assets`.
"""

"""Taking it further: programs for other libraries and models for other tools, made from a project.

`kinds` is the table of what there is and `writing` puts it on disk. `python_program`, `numpy_program`, `pytorch` and
`keras` make programs; they share `start`, where a training begins, `rows`, the data as files, `turn`, what every update
says besides its slopes, and the `words` of their READMEs. Models are written by `visualnn.files.foreign`.

May import: `visualnn.scene`, `visualnn.files`, `visualnn.runs`, `visualnn.project`, `visualnn.nn`.
"""

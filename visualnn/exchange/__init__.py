"""Taking it further: programs for other libraries and models for other tools, made from a project.

May import: `visualnn.scene`, `visualnn.files`, `visualnn.runs`, `visualnn.project`, `visualnn.nn`.
"""

"""Models of other tools, read and written; nothing in their files is ever executed.

Each format has a module or a package with `read(path, hints) -> Project`, one with `content(project) -> bytes`, or
both; `formats` finds the one for a file, and `near_misses` says what to do with files that have none. `adoption` makes
a project of the network that was found: data of its shape where the file brings none, a loss that suits it. What a file
holds that cannot be shown here is named, with the place where it stands, and never guessed.
"""

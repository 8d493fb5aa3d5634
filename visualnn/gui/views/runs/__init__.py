"""All runs of a document: which there are, how they went, and what makes the difference.

`row` is a run in the list, `editor` its name being typed, `differences` what ticked runs do not have in common, `order`
by what the list is sorted, `view` the page.
"""

from visualnn.gui.views.runs.view import RunsView

__all__ = ["RunsView"]

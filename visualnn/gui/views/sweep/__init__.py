"""A sweep: `grid` is every network as a cell on the stage, `marks` what is painted over the cells and around them,
`page` what stands in the panel, `chosen` the numbers of the cell that is looked at.
"""

from visualnn.gui.views.sweep.grid import SweepGrid
from visualnn.gui.views.sweep.page import SweepPage

__all__ = ["SweepGrid", "SweepPage"]

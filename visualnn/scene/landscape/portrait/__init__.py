"""The network small, beside its landscape: which two weights are the axes, and where all of them stand now.

| module | is |
|---|---|
| `sitter` | whose portrait it is, but for its numbers; parameters by name and by place |
| `columns` | which columns are open, and where they and their neurons stand |
| `pills` | free places for the numbers of weights, those of the two chosen ones first |
| `placing` | all of that for one size: the largest arrangement in which the numbers have room |
| `bodies` | neurons, folded layers and words as shapes: what stays while the weights move |
| `strands` | connections, as wide and as bright as their weights make them |
| `picture` | both together as a `Frame`, and the parameter at a point of it |

A plan is made once for a network, a choice and a size; while weights move, only `picture.drawn` is asked again.
"""

from visualnn.scene.landscape.portrait.picture import Portrait, drawn, parameter_at, portrait
from visualnn.scene.landscape.portrait.placing import Plan, is_whole, plan
from visualnn.scene.landscape.portrait.sitter import Sitter, called, index_of, place_of

__all__ = [
    "Plan",
    "Portrait",
    "Sitter",
    "called",
    "drawn",
    "index_of",
    "is_whole",
    "parameter_at",
    "place_of",
    "plan",
    "portrait",
]

"""The network as code, like the article's, that gives the very same floats as the program.

Small networks are written neuron by neuron with a name for every number; larger ones as lists and loops; all of them
with NumPy's arrays too. A `Plan` says what there is to do, a `Listing` has the lines of it, `valued_lines` what these
have computed at a moment of a pass, and `source` gives the whole program.
"""

from visualnn.scene.code.line import CodeLine, Token, bias_name, weight_name
from visualnn.scene.code.listing import FORMS, Form, Listing, listing, run_lines
from visualnn.scene.code.plan import MAX_NAMED
from visualnn.scene.code.program import MAX_LISTED, source
from visualnn.scene.code.values import ValuedLine, computed, valued_lines

__all__ = [
    "FORMS",
    "MAX_LISTED",
    "MAX_NAMED",
    "CodeLine",
    "Form",
    "Listing",
    "Token",
    "ValuedLine",
    "bias_name",
    "computed",
    "listing",
    "run_lines",
    "source",
    "valued_lines",
    "weight_name",
]

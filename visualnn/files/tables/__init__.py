"""Tables: the learner's own CSV and TSV files, read whatever their dialect, and the rows to learn from made of them.

`read` gives a `Table`; what its columns are for is a `Selection`, and `dataset` makes the rows of the two. On the way,
`encoding` makes UTF-8 of any bytes, `shape` and `header` guess the `dialect`, `numerals` tells numbers from words,
`column` gathers what stands below a name, and `problem` says what is wrong with a cell.

Python's own `csv` reads the cells: it is as well kept as Python, knows the line of every row, and takes 100,000 rows of
50 columns in a few seconds. polars, pyarrow, pandas and DuckDB take one at most, but 70 to 180 MB of disk beside our
200, and do not answer what is asked first: which encoding, which delimiter, which decimal sign. `charset_normalizer`
(MIT, 2 MB) names the code page where bytes are neither Unicode nor Western; it is imported for such a file only.
Nothing in a file is ever executed.
"""

from visualnn.files.tables.column import Column
from visualnn.files.tables.dialect import Dialect
from visualnn.files.tables.problem import Problem, Problems
from visualnn.files.tables.reader import read
from visualnn.files.tables.samples import dataset
from visualnn.files.tables.selection import Selection, problems, suggested
from visualnn.files.tables.table import Table
from visualnn.files.tables.watch import Cancelled

__all__ = [
    "Cancelled",
    "Column",
    "Dialect",
    "Problem",
    "Problems",
    "Selection",
    "Table",
    "dataset",
    "problems",
    "read",
    "suggested",
]

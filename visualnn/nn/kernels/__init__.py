"""Interchangeable training loops with one signature: a readable NumPy one and its compiled twins.

| module | is |
|---|---|
| `arguments` | what a loop is given, and how it can be talked to while it runs |
| `reference` | the loop in NumPy, written to be read: the tests' oracle, and what trains until the others are loaded |
| `choose` | which loop is used; loads the compiled ones in the background |
| `lane`, `narrow` | narrow networks: one lane of a vector is a row |
| `online` | narrow networks, one row at a time with plain SGD |
| `tile`, `update`, `wide` | wide networks: matrix products in registers, and a team of threads |
| `maps` | what every neuron says for many inputs |
| `heights`, `narrow_heights` | the loss at many points of a plane through the parameters |

What the compiled ones share, from the bottom up: `vector` (numbers side by side in a register), `across` (their sums),
`elementary` (exp, log, tanh, erf), `formulas` (activations, losses, optimizers), `judgement` (one vector of rows),
`microtile` (the product in registers), `sweep` (a gradient as a whole), `pace` (once an update), `shuffle`, `flags` and
`team` (threads), `numbers` (a task as arrays), `cpu` and `surveys` (all of them behind two doors). `peak` is for the
benchmark.

Compiled functions do not count references and do not check places (``_nrt=False``, raw loads): they get arrays that the
Python side made large enough, and make none. The tests compare every loop with `reference`, which is compared with
finite differences and with PyTorch.

May import: NumPy and the rest of `visualnn.nn`; all but `arguments`, `reference` and `choose` import Numba, and only
`choose` imports those, when it is asked to load them.
"""

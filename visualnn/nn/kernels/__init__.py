"""Interchangeable training loops with one signature: a readable NumPy one and its compiled twins.

| module | is |
|---|---|
| `arguments` | what a loop is given, and how it can be talked to while it runs |
| `reference` | the loop in NumPy, written to be read: the tests' oracle, and what trains until the others are loaded |
| `choose` | which loop is used; loads the compiled ones in the background |
| `accelerator` | the GPU as this process uses it: loaded, or lost |
| `cpu`, `surveys` | all the compiled ones behind two doors |

A compiled loop has two sides. The one in Python makes the room and gives it to the kernel; it gets that from
`visualnn.precompiled`, which has it from a library, or compiled by Numba.

| in Python | kernel | for |
|---|---|---|
| `narrow` | `lane` | narrow networks: one lane of a vector is a row |
| `narrow_fleet` | `lanes` | many narrow networks of one shape, one after the other |
| `online` | `row` | narrow networks, one row at a time with plain SGD |
| `wide`, `panels` | `update`, `tile` | wide networks: matrix products in registers, and a `team` of threads |
| `maps` | `drawing` | what every neuron says for many inputs |
| `heights` | `plane` | the loss at many points of a plane through the parameters, computed as by `tile` |
| `narrow_heights` | `narrow_plane` | the same as by `lane` |
| `peak` | `chains` | the most that this processor could do, for the benchmark |

The sides in Python share `numbers` (a task as arrays) and `room` (the memory of arrays). The kernels share, from the
bottom up: `vector` (numbers side by side in a register), `across` (their sums), `elementary` (exp, log, tanh, erf),
`formulas` (activations, losses, optimizers), `judgement` (one vector of rows), `microtile` (the product in registers),
`sweep` (a gradient as a whole), `pace` (once an update), `shuffle`, `flags` and `meeting` (threads).

Compiled functions do not count references and do not check places (``_nrt=False``, raw loads): they get arrays that the
Python side made large enough, and make none. What Python gives to a kernel is int, float, and arrays without gaps, of
the same types each time, alone or in tuples; back come None, int or float: that is what a library can be asked.
The tests compare every loop with `reference`, which is compared with finite differences and with PyTorch.

May import: NumPy and the rest of `visualnn.nn`. Kernels import Numba, and the other side's constants; nobody imports
kernels but kernels, and `choose` alone imports the loops, when it is asked to load them.
"""

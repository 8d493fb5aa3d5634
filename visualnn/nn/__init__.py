"""The mathematics of small neural networks, in NumPy, to be read.

What a network is (`network`), the functions it is made of (`functions`), rows to learn from (`data`, of a `dataset`;
the built-in ones by name in `recipes`, made in `points`, `amounts` and `faces`; columns in standard units: `scaling`),
where weights start (`initializers`), how they move (`optimizers`, after `penalties`), one row with every number kept
(`trace`, of its `passes`, added up `by_hand`), and the training loop (`training`, with its `curve` and its `history`)
on interchangeable `kernels`; short trials of other settings (`trial`); what is switched off (`mask`), other shapes
that keep what they can (`surgery`), whether there is memory for one (`room`); the loss all around (`landscape`).

Letters, the same on screen and in the code: ``x`` input row, ``w`` weights of a layer with shape (inputs, outputs),
``b`` biases (outputs,), ``z = x·w + b`` the sums, ``a`` the activations, ``y`` the targets, and ``dz``, ``da``,
``dw``, ``db`` the slopes of the loss with respect to them. Numbers are float64 and have no unit.

May import: NumPy and itself. Here only `kernels` may import Numba.
"""

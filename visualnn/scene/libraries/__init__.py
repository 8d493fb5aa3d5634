"""The lines of PyTorch and Keras that train a network as it is trained here.

They are correct for PyTorch 2 and Keras 3, and a comment stands where a library has no equal. What differs in any case
is chance: the libraries draw other random weights, and other silent neurons, from the same recipes.

`listing` puts a program together. `columns` is what both libraries are told; `torch_model`, `torch_training` and
`torch_schedule` write PyTorch, `keras_model` and `keras_training` Keras.
"""

from visualnn.scene.libraries.listing import EPOCHS, LIBRARIES, listing

__all__ = ["EPOCHS", "LIBRARIES", "listing"]

"""Models of Keras 3, read without Keras.

The `reader` opens the zip; `graph` puts its layers in a line, `chain` makes dense layers of them, with `activations` by
Keras' names, `weights` finds their numbers in `hdf5`, and `training` is how the model was compiled.
"""

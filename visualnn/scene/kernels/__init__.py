"""The rasteriser of connections: curves and fields of weights become pixels, in compiled code once that is loaded.

| module | is |
|---|---|
| `raster` | the door: ink, strokes, fields, the strongest connections, pixels |
| `choose` | which kernels are used; loads the compiled ones in the background |
| `curve` | the shape that all connections of a gap share, pixel column by pixel column |
| `lattice` | where a field's lines run: rows of the transform to pixels of the screen |
| `halves` | one job shared by two threads |
| `plain` | every kernel in NumPy: what draws until the others are loaded, and the tests' oracle |
| `brush`, `radon`, `pixels`, `ranking` | the kernels; `compiled` is all of them |

A field is the discrete Radon transform of its matrix (Götz & Druck 1996, Brady 1998): on columns of evenly spaced
neurons the picture at one x is the projection of the weights along one direction. Of all that meet in a pixel the
strongest shows. So that one instruction finds it, a weight is a *key* of 16 bits: its strength, and in the last bit its
sign. Whole numbers also make the plain and the compiled picture the same to the last bit.

Nothing here knows the rest of `scene`, whose changes therefore compile nothing anew.
"""

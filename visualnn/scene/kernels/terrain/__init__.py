"""The painter of landscapes: a height field becomes pixels, in compiled code once that is loaded.

| module | is |
|---|---|
| `choose` | which kernels are used; loads the compiled ones when they are asked for |
| `mesh` | the surface as triangles: which of its points is seen at every pixel |
| `glaze` | how the light falls on every corner of the field, seen from the eye |
| `shade` | the colour of every pixel, a block of them at a time: background, and |
| `chart`, `skin` | … the floor with its map, … the surface in its light, with contour lines |
| `lanes` | what is known of a block of pixels |
| `light` | what stands in whose light: soft shadows, and how much sky a point sees |
| `sight` | which points of a line the surface hides |
| `fold` | four pixels become one, and one four |
| `plain` | every kernel in NumPy: what draws until the others are loaded, and the tests' oracle |

The world is the square x, y ∈ [−1, 1] with heights z ≥ 0 above it. A field is (rows, columns, 4): the height as a share
of the scale (above 1 it is clipped), the slopes ∂z/∂x and ∂z/∂y, and how much light falls there, −1 where the surface
has a hole. Lengths on the screen are device pixels, and the middle of the first pixel is 0.5.

A package of its own beside the rasteriser of connections, so that neither's changes compile the other anew.
"""

"""How high the loss is around a place, and which way down the optimizers take.

| module | is |
|---|---|
| `surfaces` | the classic surfaces of two numbers, by formula |
| `models` | networks of two weights whose surface is exact, and the same by formula |
| `plane` | a flat slice through all parameters: two weights, the main directions of a path, random ones |
| `slope` | what of a gradient lies in a plane, and what leads out of it |
| `ground` | the loss over a plane of a network, equal to the one that training shows |
| `window`, `grid` | which part of a plane, and the heights there: coarse first, finer later |
| `descent` | the paths of the optimizers, of two weights while all others stay, or on a formula |
| `floats`, `pair` | their arithmetic for two numbers: the rules, and a network's two slopes |
| `logbook`, `track` | what is kept of a descent, moment by moment |
| `moments` | where an optimizer's memory pushes at such a moment, and the rate of each weight |
| `trek` | a training of which moments are kept |
| `course` | where runners race, and who runs there |
| `tuning` | the rate at which one comes to a goal after the fewest updates |

A point (x, y) of a plane stands for ``origin + x·u + y·v``. Heights are those of all rows, without dropout and without
penalties, as the loss is shown everywhere; what is not finite stays so.

May import: the rest of `visualnn.nn`.
"""

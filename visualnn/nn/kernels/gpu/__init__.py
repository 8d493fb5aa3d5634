"""Training on a GPU, by kernels that numba.cuda compiles; CPU loops have the same interface (`arguments.Loop`).

| module | is |
|---|---|
| `door` | the only one that imports numba.cuda: NVIDIA's, with what it needs to be imported |
| `loops` | which loop trains a task; compiles and loads the kernels |
| `kept` | which kernels are in the cache; needs no Numba |
| `fit` | whether a network trains in one block, or all over the GPU |
| `fleet` | the Python side of `block`: one network, or many of the same shape at once |
| `voyage`, `launches`, `lots` | one call of a fleet; what a launch brings and takes back; the orders of its seeds |
| `block` | a kernel that trains one network in one block for thousands of updates, all of it in shared memory |
| `block_passes`, `block_judge`, `block_sums` | its passes; the loss; its gradients and updates |
| `block_data`, `block_table` | its rows and parameters; what it looks up |
| `grid` | the Python side of the kernels for wide networks; `resident` is what lies on the GPU meanwhile |
| `tiles`, `judgement`, `whole` | these: products of matrices and what comes after them, the loss, a whole gradient |
| `steps` | which of them make an update, with which tiles; records updates as graphs |
| `places`, `reading`, `moves` | where everything lies that they read, how they look it up, how it gets there |
| `products`, `intrinsics` | how a block computes a tile of a product; what Numba has no words for |
| `formulas` | activations, losses and optimizers of one number |

The Python sides share `plan` (a task as arrays of 32 bits), `tables` (constants of every update of a launch), `lines`
(orders of the rows), `chunk` (how many updates make a launch) and `memory` (errors, snapshots).

A launch takes some milliseconds, so that a desktop on the same GPU stays usable. Numbers are float32; what a learner
changes comes in between two launches. Sums are taken in a fixed order: the same task gives the same bits, however it is
split into launches. The tests run every kernel in Numba's simulator, next to `nn.kernels.reference`.

May import: as `nn.kernels`. Only `door` imports numba.cuda, and only `loops` is imported from elsewhere, when a GPU is
wanted: importing it takes 0.3 s, and raises `DeviceError` where there is no GPU package.
"""

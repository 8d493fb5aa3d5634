"""Learning rates: too small, right, best, exactly critical, too great; and the same one safe here and deadly there.

The bowl's steepest curvature is 20, so that the critical rate is 2/20; its curvatures are 4 and 20, so that both shrink
equally at 2/24. At (w₁, w₂) on the valley's floor the critical rate is 1/(20·(w₁² + w₂²)).
"""

from __future__ import annotations

from typing import Any

from visualnn.scene.landscape.examples.ends import Above, At, Below, Bounces, Never, Settles
from visualnn.scene.landscape.examples.example import Example, sgd

GROUP = "Learning rate"
BEST = 1 / 12
BOWL: dict[str, Any] = {"group": GROUP, "surface": "bowl", "start": (-1.0, 2.5), "goal": 1e-6}
VALLEY: dict[str, Any] = {"group": GROUP, "surface": "valley", "goal": 1e-6}

EXAMPLES = (
    Example(
        "rate-small",
        "Too small: it crawls",
        sees="Rate 0.001 crawls: after 2,000 updates it still has not arrived. Rate 0.05 needs 37.",
        runners=sgd(0.001, 0.01, 0.05),
        updates=2000,
        ends=((Below(1e-3, 1175), Never(1e-6)), (Below(1e-6, 200),), (Below(1e-6, 37),)),
        **BOWL,
    ),
    Example(
        "rate-right",
        "Right: every step is shorter",
        sees="The slope shrinks on the way down, and so do the steps. It arrives after 37 updates.",
        runners=sgd(0.05),
        updates=40,
        ends=((Below(1e-6, 37),),),
        **BOWL,
    ),
    Example(
        "rate-best",
        "Best: 21 updates",
        sees="Rate 0.0833 arrives after 21 updates. A smaller or a greater rate takes longer.",
        runners=sgd(BEST, 0.05, 0.09),
        updates=40,
        ends=((Below(1e-6, 21),), (Below(1e-6, 37),), (Below(1e-6, 32),)),
        **BOWL,
    ),
    Example(
        "rate-ringing",
        "Nearly too great: it rings",
        sees="It jumps from wall to wall, a little lower each time. It takes 348 updates.",
        runners=sgd(0.099),
        updates=360,
        ends=((Below(1e-6, 348),),),
        **BOWL,
    ),
    Example(
        "rate-critical",
        "Exactly critical: to and fro for ever",
        sees="At rate 0.1 it jumps between two places for ever. The loss stays at 1.25.",
        runners=sgd(0.1),
        updates=200,
        ends=((Settles(1.25), Bounces((0.75, 0.75), (1.25, 1.25))),),
        **BOWL,
    ),
    Example(
        "rate-great",
        "Too great: it climbs",
        sees="Every jump lands higher. The greater rate leaves the picture first.",
        runners=sgd(0.101, 0.105),
        updates=700,
        ends=((Above(1e12, 693),), (Above(1e12, 144),)),
        **BOWL,
    ),
    Example(
        "rate-far-too-great",
        "Far too great: gone in a few jumps",
        sees="After some updates each makes the loss four times as large.",
        runners=sgd(0.15),
        updates=20,
        ends=((Above(1e12, 20),),),
        **BOWL,
    ),
    Example(
        "rates",
        "Five rates in one bowl",
        sees="A greater rate is faster up to 0.0833. Then it is slower, and 0.105 never arrives.",
        runners=sgd(0.01, 0.05, BEST, 0.099, 0.105),
        updates=360,
        ends=((Below(1e-6, 200),), (Below(1e-6, 37),), (Below(1e-6, 21),), (Below(1e-6, 348),), (Above(1e12, 144),)),
        **BOWL,
    ),
    Example(
        "valley-wide",
        "Wide valley: rate 0.02 is safe",
        sees="Rates up to 0.024 settle, 0.026 never does. Rate 0.05 kills the neuron.",
        start=(0.5, 0.5),
        runners=sgd(0.01, 0.02, 0.024, 0.026, 0.05),
        updates=300,
        ends=(
            (Below(1e-6, 8),),
            (Below(1e-6, 14),),
            (Below(1e-6, 78),),
            (Never(0.01), Bounces((1.08353, 1.08353), (0.887413, 0.887413))),
            (Settles(20.0), At(-0.15625, -0.15625)),
        ),
        **VALLEY,
    ),
    Example(
        "valley-narrow",
        "Narrow valley: rate 0.02 is deadly",
        sees="Here rate 0.02 jumps over the valley and kills the neuron. Rate 0.01 settles.",
        start=(0.2, 2.0),
        runners=sgd(0.01, 0.02),
        updates=100,
        ends=((Below(1e-6, 18),), (Settles(20.0), At(-1.2401, 0.767698))),
        window=(-1.6, 2.4, -1.0, 3.0),
        **VALLEY,
    ),
)

"""Four reasons for a slope of 0 where it is not lowest: local minimum, saddle, plateau, dead ReLU."""

from __future__ import annotations

from typing import Any

from visualnn.scene.landscape.examples.ends import At, Below, Never, Passes, Settles
from visualnn.scene.landscape.examples.example import Example, runners, sgd

GROUP = "Traps"
SINE: dict[str, Any] = {
    "group": GROUP,
    "surface": "sine",
    "runners": runners(("sgd", 0.05), ("momentum", 0.02), ("adam", 0.1)),
    "goal": 1e-6,
}
TWINS: dict[str, Any] = {"group": GROUP, "surface": "twins", "goal": 1e-6}
VALLEY: dict[str, Any] = {"group": GROUP, "surface": "valley", "goal": 1e-6}
LOCAL = (Settles(2.88144), At(-1.347, 0.0, 1e-4))  # of the double well

EXAMPLES = (
    Example(
        "sine-left",
        "Local minimum: three caught on the left",
        sees="All three roll into the nearest hollow, at a loss of 0.428. None gets out.",
        start=(0.2, 0.0),
        updates=300,
        ends=((Settles(0.42794), At(-0.157017, 0.0)),) * 3,
        **SINE,
    ),
    Example(
        "sine-right",
        "Local minimum: three caught on the right",
        sees="The same three from another start end at a loss of 0.91.",
        start=(4.2, 0.0),
        updates=300,
        ends=((Settles(0.909689), At(4.37322, 0.0)),) * 3,
        **SINE,
    ),
    Example(
        "sine-middle",
        "A lucky start: all three arrive",
        sees="Only the start differs, and all three find the lowest hollow.",
        start=(3.2, 0.0),
        updates=120,
        ends=((Below(1e-6, 55),), (Below(1e-6, 107),), (Below(1e-6, 83),)),
        **SINE,
    ),
    Example(
        "wells",
        "Double well: five in the higher one",
        sees="All five stop at 2.88, behind the hill. The other well is at 0.056.",
        group=GROUP,
        surface="double_well",
        start=(-2.2, 0.0),
        runners=runners(("sgd", 0.01), ("sgd", 0.05), ("momentum", 0.005), ("adam", 0.1), ("adam", 0.5)),
        updates=300,
        ends=(LOCAL,) * 5,
        goal=0.06,
    ),
    Example(
        "saddle-twins",
        "Saddle: equal weights stay equal",
        sees="Both weights get the same slope, so they stay equal. The loss stays at 0.0287 for ever.",
        start=(0.1, 0.1),
        runners=sgd(0.5),
        updates=2000,
        ends=((Settles(0.0287287), At(1.00271, 1.00271)),),
        **TWINS,
    ),
    Example(
        "saddle-thousandth",
        "Saddle: apart by a thousandth",
        sees="A difference of 0.001 grows until all three leave the saddle. Momentum leaves first.",
        start=(0.1, 0.101),
        runners=runners(("sgd", 0.5), ("momentum", 0.1), ("adam", 0.1)),
        updates=1300,
        ends=((Below(1e-6, 1216),), (Below(1e-6, 624),), (Below(1e-6, 921),)),
        **TWINS,
    ),
    Example(
        "saddle-tenth",
        "Saddle: apart by a tenth",
        sees="It passes close by the saddle and arrives after 1,125 updates.",
        start=(0.1, 0.2),
        runners=sgd(0.5),
        updates=1200,
        ends=((Below(1e-6, 1125),),),
        **TWINS,
    ),
    Example(
        "plateau",
        "Plateau: a neuron that is sure and wrong",
        sees="It should say 1 and is sure of 0. SGD needs 1,507 updates to doubt, Adam 36.",
        group=GROUP,
        surface="plateau",
        start=(-8.0, 0.0),
        runners=runners(("sgd", 0.5), ("adam", 0.1)),
        updates=1600,
        window=(-10.0, 4.0, -4.0, 10.0),
        ends=((Passes(500, 0.999, 1e-3), Below(0.25, 1507)), (Below(0.25, 36),)),
        goal=0.01,
    ),
    Example(
        "shelf",
        "Dead ReLU: nobody moves",
        sees="The neuron is off for every row, so there is no slope. The loss stays at 20.",
        start=(-0.5, 0.5),
        runners=runners(("sgd", 0.01), ("momentum", 0.01), ("adam", 0.05)),
        updates=200,
        ends=((Settles(20.0), At(-0.5, 0.5, 0.0)),) * 3,
        **VALLEY,
    ),
    Example(
        "zeros",
        "Both weights 0: no slope at all",
        sees="Each weight’s slope contains the other weight, and that is 0. Nothing moves.",
        start=(0.0, 0.0),
        runners=sgd(0.01),
        updates=200,
        ends=((Settles(20.0), At(0.0, 0.0, 0.0), Never(1e-6)),),
        **VALLEY,
    ),
    Example(
        "near-zeros",
        "Both weights 0.05: it gets away",
        sees="A little above 0 there is a little slope. After 15 updates it arrives.",
        start=(0.05, 0.05),
        runners=sgd(0.01),
        updates=20,
        ends=((Below(1e-6, 15),),),
        **VALLEY,
    ),
)

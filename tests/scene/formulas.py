"""Formulas read as a learner with a pocket calculator would, from what is written alone."""

from __future__ import annotations

import math
import re

from visualnn.scene.formula import MINUS, Part

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def amount(text: str) -> float:
    """A number as it is written; “≈ 0” is what it says."""
    return float(text.strip("()").replace("≈ ", "").replace(MINUS, "-").replace(",", ""))


def computed(parts: tuple[Part, ...]) -> float:
    """What a formula comes to."""
    text = "".join(part.text for part in parts).replace("≈ ", "")
    text = text.replace(",", "") if "max" not in text and "to ±" not in text else text
    if (limits := re.fullmatch(r"(.*) to ±(.*)", text)) is not None:
        value, limit = amount(limits[1]), amount(limits[2])
        return max(-limit, min(limit, value))
    text = re.sub(r"\|(.*)\|", r"abs(\1)", text.replace(MINUS, "-").replace("×", "*").replace("÷", "/"))
    text = re.sub(r"ln ([\d.e-]+)", r"log(\1)", text.replace("½", "0.5"))
    text = re.sub(r"√([\d.e-]+)", r"sqrt(\1)", text)
    text = re.sub(r"sign of (\(.*\)|[\d.e-]+)", r"sign(\1)", text)
    text = re.sub(r"e\^(\(.*\)|[\d.]+)", r"exp(\1)", text)
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda power: "**" + power[0].translate(SUPERSCRIPTS), text)
    known = {"log": math.log, "sqrt": math.sqrt, "exp": math.exp, "sign": lambda v: math.copysign(v != 0, v)}
    return float(eval(text, {"__builtins__": {"abs": abs, "max": max}}, known))


def rounds_to(value: float, text: str) -> bool:
    """Whether a result is written as it comes out, to its last place."""
    mantissa, _, exponent = text.replace(MINUS, "-").partition("e")
    place = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    return abs(value - amount(text)) <= 0.5 * place * (1 + 1e-6)

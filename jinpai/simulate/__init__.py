"""模拟 shops with known causes: demo data, large runs, and the proof of the diagnosis.

Every name, nick, number and word is invented. The same shop and seed give the same data.
"""

from __future__ import annotations

from jinpai.simulate.canonical import Large, canonical
from jinpai.simulate.draw import Play, play
from jinpai.simulate.facts import enquiries
from jinpai.simulate.platform import Demo, demo
from jinpai.simulate.shop import Agent, Plant, Product, Shop, hexiaoman

__all__ = [
    "Agent", "Demo", "Large", "Plant", "Play", "Product", "Shop", "canonical", "demo", "enquiries", "hexiaoman", "play",
]  # fmt: skip

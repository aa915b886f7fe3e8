"""金牌客服 Jinpai: a shop's chat logs and orders become answers."""

__version__ = "0.1.0"

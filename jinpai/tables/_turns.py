"""一来一往 turns: the exchanges of a conversation, each what the buyer wrote and what the shop's people answered."""

from __future__ import annotations

import numpy as np

from jinpai.coded import Flags, Ints


def turns(buyer_key: Ints, conversation: Ints, is_buyer: Flags) -> Ints:
    """第几个来回 the exchange that each message stands in, from 1; rows are those of buyers and agents, in order.

    An exchange begins with the conversation, and with each message of the buyer's after one of an agent's.
    """
    count = len(is_buyer)
    starts = np.ones(count, bool)
    starts[1:] = (buyer_key[1:] != buyer_key[:-1]) | (conversation[1:] != conversation[:-1])
    begins = starts.copy()
    begins[1:] |= is_buyer[1:] & ~is_buyer[:-1]
    so_far: Ints = np.cumsum(begins)
    first = np.maximum.accumulate(np.where(starts, np.arange(count), 0)) if count else so_far
    return so_far - so_far[first] + 1 if count else so_far

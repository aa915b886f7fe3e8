"""另写的对话 dialogues written before the words of their criterion: what is scored without a person must hold on them.

They have the author of the lexicons and are no proof of how strangers write; docs/inspection.md says what was found in
public chats. A criterion under 0.7 ships suspended, which is shown and not scored.
"""

from __future__ import annotations

from collections import Counter

from jinpai.criteria import criteria
from jinpai.trying import tried

from .dialogues import HELD_OUT, chosen, dialogues

FEWEST, PASSED = 12, 600
PRECISION = 0.7


def test_what_is_scored_is_right_on_dialogues_held_out() -> None:
    held_out = dialogues(HELD_OUT)
    told = Counter(one.criterion for one in held_out)
    assert told.keys() <= criteria().keys()
    assert not {name for name, count in told.items() if count < FEWEST}
    found, right = Counter[str](), Counter[str]()
    for one in tried(held_out, chosen()):
        if one.result is not None and one.result < PASSED:
            wanted = one.dialogue.result
            found[one.dialogue.criterion] += 1
            right[one.dialogue.criterion] += wanted is not None and wanted < PASSED
    weak = {name for name in told if right[name] < PRECISION * found[name] or not found[name]}
    assert not {name for name in weak if criteria()[name].suspended is None}

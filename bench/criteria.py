"""`python -m bench.criteria`: precision and recall by criterion on dialogues that the lexicons were not written from.

A fault is a result under 600. Beside precision (of the faults found, how many are faults) and recall (of the faults, how
many were found) stand how many dialogues the criterion was rightly silent on, and how many well done ones were seen as
such. `--cases` measures the case files instead, which is no test of anything but this program. `--show` prints what went
wrong. The dialogues are the author's own, as the lexicons are: see docs/inspection.md for what that is worth.
"""

from __future__ import annotations

import sys

from jinpai.criteria import criteria
from jinpai.trying import findings
from tests.criteria.dialogues import CASES, HELD_OUT, chosen, dialogues

PASSED = 600


def state(result: int | None) -> str:
    """What a result says: fault, done, or nothing."""
    return "silent" if result is None else "done" if result >= PASSED else "fault"


def main(arguments: list[str]) -> None:
    """Prints a line a criterion."""
    told = dialogues(CASES if "--cases" in arguments else HELD_OUT)
    wanted = {one for one in arguments if one in criteria()} or {one.criterion for one in told}
    found = findings(told, chosen())
    print(f"{'':4}{'dialogues':>10}{'faults':>8}{'precision':>18}{'recall':>16}{'done seen':>16}{'rightly silent':>18}")
    for name in criteria():
        mine = [one for one in told if one.criterion == name and name in wanted]
        if not mine:
            continue
        pairs = [(state(one.result), state(found.get((one.buyer, name), {"result": None})["result"])) for one in mine]

        def share(of: str, by: int, pairs: list[tuple[str, str]] = pairs) -> str:
            base = [pair for pair in pairs if pair[by] == of]
            right = sum(one == other for one, other in base)
            return f"{right}/{len(base)}" + (f" {right / len(base):.2f}" if base else "")

        faults = sum(one == "fault" for one, _ in pairs)
        print(
            f"{name:4}{len(mine):>10}{faults:>8}{share('fault', 1):>18}{share('fault', 0):>16}{share('done', 0):>16}"
            f"{share('silent', 0):>18}  {'suspended' if criteria()[name].suspended else 'hint' if criteria()[name].hint else 'scored'}"
        )
        if "--show" in arguments:
            for one, (wished, got) in zip(mine, pairs, strict=True):
                if wished != got:
                    said = found.get((one.buyer, name), {"quote": "", "result": None})
                    print(f"      {one.title}: {one.result} wanted, {said['result']} found 「{said['quote']}」")
                    for line in one.lines:
                        print(f"          {line[1]}: {line[2]}")


if __name__ == "__main__":
    main(sys.argv[1:])

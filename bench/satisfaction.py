"""`python -m bench.satisfaction`: how far inspection tells dissatisfied buyers apart, on public dialogues with noisy labels.

Each row of the data is a dialogue up to a buyer's turn, labelled with how content the buyer is at that turn, or a whole
dialogue (OVERALL). The rows become conversations of one shop, by the program's own import and build; they have no times,
so every line follows four seconds after the one before. No weight is learned from these labels except in the part that
says *trained*, which is cross-validated by dialogue.
"""

from __future__ import annotations

import ast
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.sparse import hstack
from scipy.stats import rankdata
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, StratifiedKFold

from jinpai import flow
from jinpai.criteria import criteria
from jinpai.criteria.mood import mood_points, mood_table
from jinpai.importing import import_files
from jinpai.inspection import turn_on
from jinpai.workspace import Workspace

if TYPE_CHECKING:
    from jinpai.engine import Engine

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "jddc_satisfaction" / "valid_jddc.txt"
OVERALL = "OVERALL"
START = 1_762_740_000_000
PAUSE = 4_000
SAMPLES = 400
FEWEST = 20
"""A criterion that fewer rows apply to is not told."""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled row: the dialogue it is of, its turns, and whether it is of the whole."""

    number: int
    dialogue: int
    turns: tuple[tuple[str, str], ...]
    is_whole: bool
    label: int

    @property
    def buyer(self) -> str:
        return f"row{self.number:05}"


def rows() -> Iterator[Row]:
    """The rows of the data; a dialogue ends with the row of its whole."""
    dialogue = 0
    for number, line in enumerate(DATA.read_text(encoding="utf-8").splitlines()):
        said, _, label = line.split("\t")
        turns = [tuple(turn.split("|||", 1)) for turn in ast.literal_eval(said)]
        is_whole = turns[-1][0] == OVERALL
        yield Row(number, dialogue, tuple(turns[:-1] if is_whole else turns), is_whole, int(label))
        dialogue += is_whole


def messages() -> Iterator[dict[str, Any]]:
    """The rows as canonical messages, a buyer each."""
    for row in rows():
        at = START
        for buyer, agent in row.turns:
            for sender, text in (("buyer", buyer), ("agent", agent)):
                if text:
                    at += PAUSE
                    yield {
                        "shop": "jddc",
                        "buyer": row.buyer,
                        "agent": "客服",
                        "sender": sender,
                        "sent_at": at,
                        "kind": "text",
                        "text": text,
                    }


@contextmanager
def inspected() -> Iterator[Engine]:
    """The facts of a shop with these conversations, inspected as it ships."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "messages.parquet"
        pq.write_table(pa.Table.from_pylist(list(messages())), file)
        workspace = Workspace.create(Path(folder) / "workspace", shop="jddc")
        turn_on(workspace, None)
        import_files(workspace, [file])
        flow.build(workspace)
        with flow.opened(workspace, "jddc") as engine:
            engine.take("mood_point", mood_table(mood_points(workspace.settings("jddc").folder)))
            yield engine


def by_row(engine: Engine, sql: str) -> dict[str, Any]:
    """The one value of each buyer that a query gives as `buyer` and `value`."""
    told = engine.rows(
        f"select b.buyer, x.value from ({sql}) as x inner join (select distinct buyer_key, buyer from original) as b on b.buyer_key = x.buyer_key"
    )
    return {one["buyer"]: one["value"] for one in told}


def interval(of: list[Row], values: np.ndarray) -> tuple[float, float, float]:
    """AUC for *dissatisfied*, with the 95 % bounds of 400 bootstrap samples of whole dialogues."""
    label = np.array([row.label == 0 for row in of])
    dialogue = np.array([row.dialogue for row in of])
    places = [np.flatnonzero(dialogue == one) for one in np.unique(dialogue)]
    random, drawn = np.random.default_rng(20_261_122), []
    while len(drawn) < SAMPLES:
        taken = np.concatenate([places[one] for one in random.integers(0, len(places), len(places))])
        if 0 < label[taken].sum() < len(taken):
            drawn.append(roc_auc_score(label[taken], values[taken]))
    low, high = np.percentile(drawn, (2.5, 97.5))
    return float(roc_auc_score(label, values)), float(low), float(high)


def say(name: str, of: list[Row], value: Mapping[str, float], otherwise: float) -> None:
    """Prints one predictor's line; a row that it says nothing of gets `otherwise`."""
    told = np.array([value.get(row.buyer, otherwise) for row in of], dtype=float)
    auc, low, high = interval(of, told)
    applies = sum(row.buyer in value for row in of) / len(of)
    verdict = "" if low <= 0.5 <= high else "carries" if auc > 0.5 else "points the wrong way"
    print(f"  {name:<36}{auc:>6.3f}  [{low:.3f}, {high:.3f}]  applies to {applies:>6.1%}  {verdict}")


def untrained(engine: Engine, of: list[Row], *, is_turn: bool) -> None:
    """The inspection score, the buyer's mood, and every single criterion."""
    scores = by_row(
        engine,
        "select buyer_key, -1.0 * sum(score * weight) / sum(weight) as value from score where scope = 'agent' and weight > 0 group by buyer_key",
    )
    low = float(np.median(list(scores.values())))
    mood = by_row(engine, LAST_MOOD if is_turn else "select buyer_key, points as value from mood")
    say("inspection score (low)", of, scores, low)
    say("mood of the labelled turn" if is_turn else "mood of the dialogue", of, mood, 0)
    both = [[told.get(row.buyer, none) for row in of] for told, none in ((scores, low), (mood, 0))]
    ranks = (sum(rankdata(one) for one in both)).tolist()
    say("score and mood, mean of ranks", of, dict(zip((row.buyer for row in of), ranks, strict=True)), 0)
    for one in criteria():
        found = by_row(engine, f"select buyer_key, -result as value from finding where criterion = '{one}'")
        if len(found.keys() & {row.buyer for row in of}) >= FEWEST:
            # where it does not apply it says no more than where it is met
            say(f"{one} {criteria()[one].title.en}"[:35], of, found, -1000)


LAST_MOOD = """
select t.buyer_key, sum(p.points) as value
from (select distinct t.buyer_key, t.seq, t.signal from tag as t where t.side = 'buyer') as t
inner join mood_point as p on p.signal = t.signal
inner join (select buyer_key, max(seq) as seq from original where sender = 'buyer' group by buyer_key) as l
    on l.buyer_key = t.buyer_key and l.seq = t.seq
group by t.buyer_key
"""


def trained(engine: Engine, of: list[Row]) -> None:
    """A logistic regression on the last turn's characters, its signals and the criteria, cross-validated two ways.

    Where rows are drawn at random, neighbours of a row are learnt from, and the turns before it give its dialogue away:
    what that adds is no skill that a new shop would see. Dialogues kept apart are the figure to believe.
    """
    characters = _characters([row.turns[-1][0] for row in of])
    before = _characters([" ".join(buyer for buyer, _ in row.turns[-4:-1]) for row in of])
    facts = engine.rows("""
        select b.buyer, x.name, x.value from (
            select buyer_key, 'criterion ' || criterion as name, (1000 - result) / 1000.0 as value from finding
            union all select buyer_key, 'mood', points / 10.0 from mood
            union all select distinct t.buyer_key, 'signal ' || t.signal, 1.0 from tag as t
                inner join (select buyer_key, max(seq) as seq from original where sender = 'buyer' group by buyer_key) as l
                on l.buyer_key = t.buyer_key and l.seq = t.seq) as x
        inner join (select distinct buyer_key, buyer from original) as b on b.buyer_key = x.buyer_key""")
    known: dict[str, dict[str, float]] = {row.buyer: {} for row in of}
    for fact in facts:
        if fact["buyer"] in known:
            known[fact["buyer"]][fact["name"]] = float(fact["value"])
    findings = DictVectorizer().fit_transform([known[row.buyer] for row in of])
    label, dialogue = np.array([row.label == 0 for row in of]), np.array([row.dialogue for row in of])
    for name, given in {
        "text alone": characters,
        "findings alone": findings,
        "findings and text": hstack([characters, findings]).tocsr(),
        "and the turns before": hstack([characters, findings, before]).tocsr(),
    }.items():
        ways = {
            "dialogues kept apart": GroupKFold(5).split(given, label, dialogue),
            "rows drawn at random": StratifiedKFold(5, shuffle=True, random_state=0).split(given, label),
        }
        told = []
        for way, folds in ways.items():
            guess = np.zeros(len(of))
            for learn, judge in folds:
                model = LogisticRegression(max_iter=1000).fit(given[learn], label[learn])
                guess[judge] = model.predict_proba(given[judge])[:, 1]
            auc, low, high = interval(of, guess)
            told.append(f"{way} {auc:.3f} [{low:.3f}, {high:.3f}]")
        print(f"  {name:<22}{'   '.join(told)}")


def _characters(texts: list[str]) -> Any:
    return TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True).fit_transform(texts)


def main() -> None:
    """Prints untrained and trained figures, of turns and of whole dialogues."""
    if not DATA.is_file():
        raise SystemExit(f"{DATA} is not there: these figures need the public dialogues")
    every = list(rows())
    with inspected() as engine:
        for name, is_turn in {"turns": True, "whole dialogues": False}.items():
            of = [row for row in every if row.is_whole != is_turn]
            print(
                f"{name}: {len(of):,}, of them dissatisfied {sum(row.label == 0 for row in of):,}; AUC with nothing learned from them"
            )
            untrained(engine, of, is_turn=is_turn)
            print(f"{name}: a logistic regression, five folds")
            trained(engine, of)


if __name__ == "__main__":
    main()

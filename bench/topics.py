"""`python -m bench.topics`: how well topics are found on the public chats, untrained and taught; nothing of them is kept.

1. Untrained: JD's 51 intents mapped to the topics here (bench/jddc_topics.toml), macro-F1 of the model that ships.
2. Taught on the 51 intents themselves with 50, 200 and 1,000 labels drawn at random, tested on the rest, several draws,
   then five folds of all: beside plain TF-IDF with logistic regression in the same draws. `--draws 10`.
3. Taught on our topics with as many labels: what a shop gains over the model that ships.
4. The share of buyers' turns in which no topic is found.
"""

from __future__ import annotations

import sys
import tomllib
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean, pstdev

import numpy as np
import pyarrow as pa

from bench.coverage import DATA, jddc, taobao
from jinpai.text.classify import NONE
from jinpai.text.concerns import shipped_model, shop_reader
from jinpai.text.signals import read_lexicon
from jinpai.topics import shipped
from jinpai.topics.teaching import MEANT, PLAIN, anchors
from jinpai.topics.training import Recipe, Sentences, fitted, fold_of, guessed, macro_f1

INTENTS = DATA / "jddc_intents" / "dev.select.txt"
SIZES = (50, 200, 1000)
TOLD = {50: 0.16, 200: 0.44, 1000: 0.75, 0: 0.83}
"""What the plain model is said to get at each size; 0 is five folds of all."""
Draw = tuple[np.ndarray, np.ndarray]


def intents() -> tuple[list[str], list[str]]:
    """The sentences and their intents."""
    with INTENTS.open(encoding="utf-8", newline="\n") as lines:
        cells = [line.rstrip("\n").split("\t") for line in lines]
    return [one[1] for one in cells], [one[2] for one in cells]


def draws(count: int, size: int, times: int) -> Iterator[Draw]:
    """Labels drawn at random and all the others, so many times; size 0 is five folds of all."""
    if not size:
        fold = fold_of([str(one) for one in range(count)], 5)
        yield from ((np.flatnonzero(fold != one), np.flatnonzero(fold == one)) for one in range(5))
        return
    for seed in range(times):
        order = np.random.default_rng(seed).permutation(count)
        yield order[:size], order[size:]


def floor(texts: Sequence[str], labels: Sequence[str], learnt: np.ndarray, held: np.ndarray) -> list[str]:
    """What character TF-IDF with logistic regression says."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    words = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    known = words.fit_transform([texts[one] for one in learnt])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        machine = LogisticRegression(C=20, max_iter=500).fit(known, [labels[one] for one in learnt])
    return list(machine.predict(words.transform([texts[one] for one in held])))


def line(name: str, size: int, found: Sequence[float], told: str = "") -> None:
    """Prints mean and spread."""
    size_told = f"{size:,} labels" if size else "five folds"
    print(f"{name:<34}{size_told:>12}   {mean(found):.3f} ± {pstdev(found):.3f}  of {len(found)}{told}", flush=True)


def untrained(texts: list[str], labels: list[str], mapping: dict[str, list[str]]) -> None:
    """Prints macro-F1 over the topics of the mapping."""
    reader = shop_reader(Path("nowhere"))
    classes = reader.topics.classes
    share = reader.topics_of(pa.array(texts))
    for name, values in (
        ("with none", share),
        ("always a topic", np.where([one == NONE for one in classes], -1, share)),
    ):
        said = [classes[one] for one in values.argmax(axis=1)]
        truth = [mapping[one][0] for one in labels]
        guess = [mapping[one][0] if topic in mapping[one] else topic for one, topic in zip(labels, said, strict=True)]
        right = sum(one == other for one, other in zip(truth, guess, strict=True)) / len(truth)
        print(
            f"untrained, {name:<15} macro-F1 {macro_f1(truth, guess):.3f} over {len(set(truth))} topics, accuracy {right:.3f}"
        )


def taught(texts: list[str], labels: list[str], times: int) -> None:
    """Prints macro-F1 on the 51 intents, as `jinpai teach --only` learns them."""
    extra = [one for one in anchors() if one[1] == NONE]
    recipes = [PLAIN, MEANT]
    every = Sentences.of(
        [*texts, *(one for one, _ in extra)], [*labels, *(one for _, one in extra)], read_lexicon(), recipes
    )
    always = np.arange(len(texts), len(every.labels))
    names = sorted(set(labels))
    for size in (*SIZES, 0):
        scores: dict[str, list[float]] = {
            "plain TF-IDF, logistic regression": [],
            **{f"teach, {one.name}": [] for one in recipes},
            "teach, chosen inside the labels": [],
        }
        truth_all: list[str] = []
        folded: dict[str, list[str]] = {name: [] for name in scores}
        for learnt, held in draws(len(texts), size, times):
            truth = [labels[one] for one in held]
            guesses = {"plain TF-IDF, logistic regression": floor(texts, labels, learnt, held)}
            for recipe in recipes:
                guesses[f"teach, {recipe.name}"] = said(every, recipe, np.concatenate((learnt, always)), held)
            best = chosen(every, recipes, learnt, always)
            guesses["teach, chosen inside the labels"] = guesses[f"teach, {best.name}"]
            truth_all += truth
            for name, guess in guesses.items():
                folded[name] += guess
                scores[name].append(macro_f1(truth, guess, names))
        for name, found in scores.items():
            whole = "" if size else f"   all folds together {macro_f1(truth_all, folded[name], names):.3f}"
            line(name, size, found, whole + (f"   (plain model: {TOLD[size]:.2f})" if name.startswith("plain") else ""))


def said(every: Sentences, recipe: Recipe, learnt: np.ndarray, held: np.ndarray) -> list[str]:
    """What a model of some sentences says of others."""
    return list(guessed(fitted(every.part(learnt), recipe, {}), every.part(held)).tolist())


def chosen(every: Sentences, recipes: Sequence[Recipe], learnt: np.ndarray, always: np.ndarray) -> Recipe:
    """The recipe that cross-validation inside the labels prefers."""
    fold = fold_of([str(one) for one in range(len(learnt))], 5)
    truth = [str(every.labels[one]) for one in np.concatenate([learnt[fold == one] for one in range(5)])]

    def score(recipe: Recipe) -> float:
        guess = []
        for one in range(5):
            guess += said(every, recipe, np.concatenate((learnt[fold != one], always)), learnt[fold == one])
        return macro_f1(truth, guess)

    return max(recipes, key=score)


def gained(texts: list[str], labels: list[str], mapping: dict[str, list[str]], times: int) -> None:
    """Prints macro-F1 on our topics after teaching, all topics that ship kept."""
    truth = [mapping[one][0] for one in labels]
    kept = anchors()
    every = Sentences.of(
        [*texts, *(one for one, _ in kept)], [*truth, *(one for _, one in kept)], read_lexicon(), [PLAIN]
    )
    always = np.arange(len(texts), len(every.labels))
    known = shipped_model("topic")
    for size in SIZES:
        before, after = [], []
        for learnt, held in draws(len(texts), size, times):
            unseen = every.part(held)
            right = unseen.labels.tolist()
            before.append(macro_f1(right, guessed(known, unseen.seen_by(known)).tolist()))
            after.append(macro_f1(right, said(every, PLAIN, np.concatenate((learnt, always)), held)))
        line("our topics, before teach", size, before)
        line("our topics, after teach", size, after)


def covered(name: str, texts: list[str]) -> None:
    """Prints the share of turns with a topic, of courtesy alone, and of neither."""
    reader = shop_reader(Path("nowhere"))
    distinct = sorted(set(texts))
    place = {text: number for number, text in enumerate(distinct)}
    found = reader.read(pa.array(distinct))
    kinds = np.zeros(len(distinct), np.int64)
    for text, name_place in zip(found.text.tolist(), found.name.tolist(), strict=True):
        kinds[text] = max(kinds[text], 1 if reader.names[name_place].startswith("courtesy") else 2)
    told = np.bincount([kinds[place[text]] for text in texts], minlength=3)
    print(f"{name:<16}{len(texts):>8,} turns   topic or objection {told[2] / len(texts):>6.1%}   courtesy alone "
          f"{told[1] / len(texts):>6.1%}   none {told[0] / len(texts):>6.1%}")  # fmt: skip


def main() -> None:
    """Prints everything."""
    if not INTENTS.is_file():
        print(f"Skipped: the public sentences are not at {INTENTS.parent}.")
        return
    times = int(sys.argv[sys.argv.index("--draws") + 1]) if "--draws" in sys.argv else 5
    mapping = tomllib.loads((Path(__file__).parent / "jddc_topics.toml").read_text(encoding="utf-8"))
    texts, labels = intents()
    untrained(texts, labels, mapping)
    for name, read in {"jddc_sessions": jddc, "ecd_taobao": taobao}.items():
        covered(name, list(read()))
    gained(texts, labels, mapping, times)
    taught(texts, labels, times)
    if "--own" in sys.argv:
        for kind in ("topic", "objection"):
            print(f"own phrases, patterns not seen, {kind}: macro-F1 {shipped.agreement(kind):.3f}")


if __name__ == "__main__":
    main()

"""自带的模型 shipped: `python -m jinpai.topics.shipped` trains the models that ship and writes them beside the lexicon.

Their sentences are this project's own phrases and those of the lexicon; of the latter the model is not told what the
lexicon sees, or it would learn that the lexicon is always right.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from jinpai.text.classify import NONE, Model
from jinpai.text.concerns import SHIPPED as FILES
from jinpai.text.signals import Lexicon, read_lexicon
from jinpai.topics.phrases import Example, examples, titles
from jinpai.topics.training import SHIPPED, Sentences, folds, guessed, macro_f1, sharpened

FOLDER = Path(__file__).resolve().parent.parent / "text" / "models"


def sentences(kind: str, lexicon: Lexicon) -> tuple[list[Example], Sentences]:
    """例句 of one kind with the lexicon's own phrases, made into features."""
    own = list(examples(kind))
    known = {one.topic for one in own}
    told = [
        Example(text, NONE if one.kind == "courtesy" else one.group, text)
        for one in lexicon.signals
        if one.kind in (kind, "courtesy") and (one.group in known or one.kind == "courtesy")
        for text in (*one.phrases, *one.matches)
    ]
    every = own + told
    blind = [False] * len(own) + [True] * len(told)
    return every, Sentences.of([one.text for one in every], [one.topic for one in every], lexicon, [SHIPPED], blind)


def trained(kind: str) -> Model:
    """训练 the model of one kind that ships."""
    every, made = sentences(kind, read_lexicon())
    model = sharpened(made, SHIPPED, titles()[kind] | {NONE: "没有问题"}, [one.pattern for one in every])
    return replace(model, origin=origin(kind))


def origin(kind: str) -> str:
    """出处 32 hex digits of the phrases of one kind."""
    told = "\n".join(f"{one.topic} {one.text}" for one in examples(kind))
    return blake2b(told.encode(), digest_size=16).hexdigest()


def agreement(kind: str) -> float:
    """自己的准头 macro-F1 on phrases whose pattern was not trained on."""
    every, made = sentences(kind, read_lexicon())
    truth: list[str] = []
    guess: list[str] = []
    for model, held in folds(made, SHIPPED, titles()[kind], [one.pattern for one in every]):
        truth += held.labels.tolist()
        guess += guessed(model, held).tolist()
    return macro_f1(truth, guess)


def write() -> None:
    """写模型 both models, in place of those that ship."""
    FOLDER.mkdir(exist_ok=True)
    for kind, file in FILES.items():
        (FOLDER / file).write_bytes(trained(kind).dump())


if __name__ == "__main__":
    write()

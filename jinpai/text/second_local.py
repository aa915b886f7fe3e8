"""本机二读 second local: a static embedding model in a folder of this computer; nothing leaves and nothing is fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from jinpai.errors import JinpaiError, Words

CLEARLY = 0.03
"""By so much more alike than the next choice; else the text stays without an answer."""
_FILES = ("model.safetensors", "tokenizer.json")


class LocalModel:
    """本机模型 texts and the meanings of choices as vectors: the nearest choice, where it is clearly the nearest."""

    def __init__(self, folder: Path) -> None:
        self.left: Words | None = None
        missing = [name for name in _FILES if not (folder / name).is_file()]
        if missing:
            raise JinpaiError(
                f"二读的模型文件夹 {folder} 里没有 {'、'.join(missing)}。请改 rules.toml 的 [second_reader] folder。",
                f"The second reader's folder {folder} lacks {', '.join(missing)}. Correct [second_reader] folder in rules.toml.",
            )
        try:
            from model2vec import StaticModel
        except ImportError:
            raise JinpaiError(
                "本机二读要用 model2vec，这里没有装。请运行 pip install 'jinpai[reader]'。",
                "The local second reader needs model2vec. Run pip install 'jinpai[reader]'.",
            ) from None
        try:
            self._model = StaticModel.from_pretrained(folder)
        except Exception as error:  # the library raises whatever its parts raise
            raise JinpaiError(
                f"二读的模型 {folder} 打不开：{type(error).__name__}。请换一个 model2vec 的模型。",
                f"The second reader's model {folder} cannot be opened: {type(error).__name__}. Use a model of model2vec.",
            ) from error
        content = b"".join((folder / name).read_bytes() for name in _FILES)
        self.name = f"local {blake2b(content, digest_size=8).hexdigest()}"

    def ask(self, texts: Sequence[str], choices: Mapping[str, str]) -> list[str | None]:
        """问 the nearest choice for each text, or None where two are about as near."""
        names = list(choices)
        alike = self._vectors(texts) @ self._vectors([choices[name] for name in names]).T
        order = np.argsort(-alike, axis=1, kind="stable")
        found: list[str | None] = []
        for row, places in zip(alike, order, strict=True):
            second = row[places[1]] if len(places) > 1 else -1.0
            found.append(names[places[0]] if row[places[0]] > 0 and row[places[0]] - second >= CLEARLY else None)
        return found

    def _vectors(self, texts: Sequence[str]) -> Any:
        made = np.asarray(self._model.encode(list(texts)), dtype=np.float64)
        return made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-12)

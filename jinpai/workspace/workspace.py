"""工作区 workspace: one folder on disk with a shop's settings, raw rows and derived facts."""

from __future__ import annotations

import json
import tomllib
import unicodedata
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.catalogue import suggestion
from jinpai.errors import JinpaiError, WrongUse
from jinpai.workspace.arriving import arrive_with, half_written, has_arrived, settle_arrivals
from jinpai.workspace.disk import disk, one_change, one_writer, sync_folder, write_whole
from jinpai.workspace.documents import read_documents, write_document
from jinpai.workspace.secret import derived, key_file, make_key, read_key
from jinpai.workspace.settable import FILES, SETTINGS
from jinpai.workspace.settings import Settings, settle

if TYPE_CHECKING:
    from jinpai.workspace.facts import Build, Facts
    from jinpai.workspace.landing import Landing
    from jinpai.workspace.raw import RawFile, Stored
    from jinpai.workspace.rewriting import Rewriting

LAYOUT = 1
DAY_SECONDS = 86_400
_MARK = "workspace.toml"
_FORBIDDEN = '<>:"/\\|?*'
_RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}


def shop_key(key: str) -> str:
    """店铺名 `key` as a shop is named here (NFC); what cannot be a folder on every system is WrongUse."""
    name = unicodedata.normalize("NFC", key)
    wrong = (
        not 0 < len(name.encode("utf-8", "replace")) <= 120
        or set(_FORBIDDEN) & set(name)
        or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name)
        or name.startswith((".", " "))
        or name.endswith((".", " "))
        or name.partition(".")[0].casefold() in _RESERVED
    )
    if wrong:
        raise WrongUse(
            f"店铺名「{key}」不能用：不能空，不能含 {_FORBIDDEN}，也不能以点或空格开头结尾。请换一个，例如 main。",
            f"The shop key '{key}' cannot be used: not empty, without {_FORBIDDEN}, no dot or blank at either end. "
            "Choose another, like main.",
        )
    return name


class Workspace:
    """工作区 one folder: workspace.toml, config/<shop>/*.toml, raw/ (sealed), facts/ (can be rebuilt)."""

    def __init__(self, root: Path, id: str) -> None:
        self.root = root
        self.id = id

    @classmethod
    def create(cls, path: Path | str, shop: str = "main", zone: str = "Asia/Shanghai") -> Workspace:
        """新建 a workspace with one shop and a fresh key; where there already is one, a JinpaiError."""
        root = Path(path).expanduser().absolute()
        if cls.exists(root):
            raise JinpaiError(
                f"{root} 已经是工作区。要加店铺：jinpai init {root} --shop 店铺名。",
                f"{root} is a workspace already. To add a shop: jinpai init {root} --shop KEY.",
            )
        made = cls(root, uuid.uuid4().hex)
        settle(shop_key(shop), {"shop.toml": {"time_zone": zone}}, made.config)
        with disk(root):
            made.config.mkdir(parents=True, exist_ok=True)
        if shop_key(shop) not in made.shops():
            made.make_shop(shop, zone)
        make_key(made.id)
        # the mark comes last: a folder without it is no workspace yet
        lines = [
            f'id = "{made.id}"',
            f"layout = {LAYOUT}",
            f"first_shop = {json.dumps(shop_key(shop), ensure_ascii=False)}",
        ]
        write_whole(root / _MARK, ("# 金牌客服的工作区，请不要改这个文件。\n" + "\n".join(lines) + "\n").encode())
        return made

    @classmethod
    def exists(cls, path: Path | str) -> bool:
        """是不是工作区 whether `path` is a workspace."""
        return (Path(path) / _MARK).is_file()

    @classmethod
    def open(cls, path: Path | str) -> Workspace:
        """打开 the workspace at `path`; none there, or one of a newer program, is a JinpaiError."""
        root = Path(path).expanduser().absolute()
        if not cls.exists(root):
            raise JinpaiError(
                f"{root} 不是工作区。请检查路径，或先新建：jinpai init {root}。",
                f"{root} is no workspace. Check the path, or make one: jinpai init {root}.",
            )
        mark = root / _MARK
        try:
            with disk(mark):
                content = tomllib.loads(mark.read_text(encoding="utf-8-sig"))
            known, layout = str(content["id"]), int(content["layout"])
        except (ValueError, KeyError, TypeError):
            raise JinpaiError(
                f"{mark} 坏了。请从备份拷回来。", f"{mark} is damaged. Copy it back from a backup."
            ) from None
        if layout != LAYOUT:
            raise JinpaiError(
                f"{root} 是另一版本的金牌客服建的（布局 {layout}，这里认 {LAYOUT}）。请升级程序。",
                f"{root} was made by another version of Jinpai (layout {layout}, known {LAYOUT}). Upgrade the program.",
            )
        return cls(root, known)

    @property
    def config(self) -> Path:
        """设置文件夹 config/, one folder a shop."""
        return self.root / "config"

    # ---- shops and settings

    def shops(self) -> list[str]:
        """店铺 every shop's key, sorted."""
        with disk(self.config):
            return sorted(
                unicodedata.normalize("NFC", entry.name)
                for entry in self.config.iterdir()
                if not entry.name.startswith(".") and (entry / "shop.toml").is_file() and has_arrived(entry)
            )

    def shop(self, key: str | None = None) -> str:
        """哪个店铺 `key` checked, or the only shop when None; WrongUse says which shops there are."""
        shops = self.shops()
        if key is None and len(shops) == 1:
            return shops[0]
        if key is None:
            listed = "、".join(shops)
            raise WrongUse(
                f"这里有 {len(shops)} 个店铺（{listed}），请用 --shop 说是哪一个。",
                f"There are {len(shops)} shops ({', '.join(shops)}); say which with --shop.",
            )
        name = unicodedata.normalize("NFC", key)
        if name not in shops:
            hint = suggestion(name, shops)
            raise WrongUse(f"没有叫「{key}」的店铺。{hint.zh}", f"No shop is named '{key}'. {hint.en}")
        return name

    def add_shop(self, key: str, zone: str | None = None) -> str:
        """加店铺 a new shop with default settings, under the writer lock; zone None is the first shop's. Its key comes
        back."""
        with one_writer(self.root):
            settle_arrivals(self.root)
            return self.make_shop(key, zone)

    def make_shop(self, key: str, zone: str | None = None, arrives_with: str | None = None) -> str:
        """建店铺 the same for whoever holds the writer lock; the shop is there when the import named `arrives_with` is
        revealed (None: at once)."""
        name = shop_key(key)
        for known in self.shops():
            # one disk holds Main and main as two folders, another as one
            if known.casefold() == name.casefold():
                raise WrongUse(
                    f"店铺「{known}」已经有了。请换一个名字。",
                    f"There is a shop '{known}' already. Choose another key.",
                )
        values = {"time_zone": zone if zone is not None else self.first_zone()}
        settle(name, {"shop.toml": values}, self.config / name)
        fresh = half_written(self.config)
        with disk(self.config):
            fresh.mkdir()
            for file in FILES:
                write_whole(fresh / file, write_document(file, values).encode())
            if arrives_with is not None:
                arrive_with(fresh, arrives_with)
            fresh.rename(self.config / name)
            sync_folder(self.config)
        return name

    def first_zone(self) -> str:
        """默认时区 the time zone of the shop made first (or of the first that is left)."""
        try:
            first = str(tomllib.loads((self.root / _MARK).read_text(encoding="utf-8-sig")).get("first_shop", ""))
        except (OSError, ValueError):
            first = ""
        shops = self.shops()
        return self.settings(first if first in shops else shops[0]).time_zone if shops else "Asia/Shanghai"

    def settings(self, shop: str | None = None) -> Settings:
        """店铺设置 of one shop, read and checked now; mistakes are JinpaiErrors naming key, value, file, remedy."""
        key = self.shop(shop)
        return settle(key, read_documents(self.config / key), self.config / key)

    def write_settings(self, shop: str | None, changes: Mapping[str, object]) -> Settings:
        """改设置 writes `changes` (values in the form of the file; None takes a setting out), checked first.

        Each file that changes is written whole and atomically, with this program's comments; comments
        that people wrote into it are lost. A mistake changes nothing.
        """
        key = self.shop(shop)
        folder = self.config / key
        with one_change(self.root):
            documents = read_documents(folder)
            fresh = {file: dict(document) for file, document in documents.items()}
            for name, value in changes.items():
                _change(fresh, name, value)
            settings = settle(key, fresh, folder)
            for file, document in fresh.items():
                if document != documents.get(file, {}):
                    values = {"hours": document} if file == "hours.toml" else document
                    write_whole(folder / file, write_document(file, values).encode())
        return settings

    # ---- key

    def key_for(self, purpose: str) -> bytes:
        """密钥 32 bytes for one purpose ("tokens", …); a missing key file is a JinpaiError."""
        return derived(read_key(self.id), purpose)

    @property
    def key_file(self) -> Path:
        """密钥文件 where this workspace's key lies, outside the workspace."""
        return key_file(self.id)

    # ---- raw rows

    @contextmanager
    def importing(self, files: int = 1) -> Iterator[Landing]:
        """导入 a landing for about so many new raw files: all of them appear at once at the end, none after an error."""
        from jinpai.workspace.landing import landing

        with one_writer(self.root), landing(self, files) as open_landing:
            yield open_landing

    def raw_files(self) -> list[RawFile]:
        """原始记录 every imported file that has landed, sorted by digest, then shop."""
        from jinpai.workspace.raw import raw_files

        return raw_files(self)

    def stored(self, shop: str | None = None) -> list[Stored]:
        """封存文件 every sealed file that holds, of one shop or all; many small imported files share one. Wants no key."""
        from jinpai.workspace.raw import stored

        return stored(self, shop)

    @contextmanager
    def rewriting(self) -> Iterator[Rewriting]:
        """改写 raw files without some of their rows: all of them at one instant at the end, none after an error."""
        from jinpai.workspace.rewriting import rewriting

        with one_writer(self.root), rewriting(self) as open_rewriting:
            yield open_rewriting

    # ---- facts

    def facts(self) -> Facts | None:
        """事实 the facts as they stand now (kept for as long as the caller keeps the object), or None."""
        from jinpai.workspace.facts import read_facts

        return read_facts(self.root / "facts")

    @contextmanager
    def building(self, grace_seconds: float = DAY_SECONDS) -> Iterator[Build]:
        """建事实 a build whose files replace the old facts at once at the end; after an error nothing changed.

        Files that no build needs any more stay for `grace_seconds`, for readers that still hold them.
        """
        from jinpai.workspace.facts import building
        from jinpai.workspace.raw import forget_replaced

        with one_writer(self.root):
            settle_arrivals(self.root)
            forget_replaced(self)
            with building(self.root / "facts", grace_seconds) as build:
                yield build

    def purge(self) -> bool:
        """清旧事实 removes the files of older builds now, without the time of grace, and what was made of them; whether all could be removed."""
        from jinpai.workspace import outbox
        from jinpai.workspace.facts import purge

        outbox.sweep(self, 0)
        with one_writer(self.root):
            return purge(self.root / "facts")


def _change(documents: dict[str, dict[str, object]], name: str, value: object) -> None:
    if name not in SETTINGS:
        hint = suggestion(name, SETTINGS)
        raise WrongUse(f"没有叫 {name} 的设置。{hint.zh}", f"No setting is named {name}. {hint.en}")
    file = SETTINGS[name].file
    if name == "hours":
        if value is not None and not isinstance(value, Mapping):
            raise WrongUse(
                "hours 要写成含 weekly 和 exceptions 的表。", "hours must be a table with weekly and exceptions."
            )
        documents[file] = dict(value or {})
    elif value is None:
        documents.get(file, {}).pop(name, None)
    else:
        documents.setdefault(file, {})[name] = list(value) if isinstance(value, tuple) else value

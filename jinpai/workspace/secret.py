"""密钥 secret: a workspace's key, in a file of its own outside the workspace."""

from __future__ import annotations

import base64
import os
import secrets
from hashlib import blake2b
from pathlib import Path

from jinpai.errors import JinpaiError
from jinpai.workspace.disk import disk, write_whole

KEY_BYTES = 32


def key_file(workspace_id: str) -> Path:
    """密钥文件 where the key of a workspace lies: JINPAI_KEY_DIR, else the user's own configuration folder."""
    folder = os.environ.get("JINPAI_KEY_DIR")
    if folder is None:
        from platformdirs import user_config_path

        return user_config_path("jinpai", appauthor=False) / "keys" / f"{workspace_id}.key"
    return Path(folder) / f"{workspace_id}.key"


def make_key(workspace_id: str) -> None:
    """新密钥 writes a fresh random key that only its owner may read (mode 0600)."""
    file = key_file(workspace_id)
    with disk(file):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(file, base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n", mode=0o600)


def read_key(workspace_id: str) -> bytes:
    """读密钥 the key of a workspace; lost or damaged is a JinpaiError that says where it should be."""
    file = key_file(workspace_id)
    try:
        key = base64.b64decode(file.read_bytes().strip(), validate=True)
    except FileNotFoundError:
        raise JinpaiError(
            f"找不到密钥文件 {file}。有备份就放回去：jinpai keys import 文件；没有它，导入的原始记录读不出来，已算好的报表还能看。"
            "真丢了，请新建工作区，把平台导出的原文件重新导入。",
            f"The key file {file} is missing. If there is a copy, put it back: jinpai keys import FILE. Without it the imported "
            "raw rows cannot be read, while reports already built still can. If it is lost, import the exports into a new workspace.",
        ) from None
    except ValueError:
        key = b""
    except OSError:
        with disk(file):
            raise
    if len(key) != KEY_BYTES:
        raise JinpaiError(
            f"密钥文件 {file} 坏了。请从备份拷回来。", f"The key file {file} is damaged. Copy it back from a backup."
        )
    return key


def derived(key: bytes, purpose: str, salt: bytes = b"") -> bytes:
    """派生密钥 a key for one purpose (and one file, by `salt`), from which neither `key` nor another follows."""
    return blake2b(salt, key=key, digest_size=KEY_BYTES, person=purpose.encode()).digest()

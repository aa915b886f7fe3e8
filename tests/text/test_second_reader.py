"""二读的测试 the second reader against a real HTTP server on this computer: what leaves, what comes back, what it costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jinpai.errors import JinpaiError
from jinpai.text.anonymous import anonymous
from jinpai.text.second_reader import SecondReader, second_reader
from jinpai.workspace import Workspace
from tests.mutants import kills
from tests.text.endpoint import Server, completion, reply

CHOICES = {"size": "问尺寸", "price": "问价格"}
TEXTS = ["一米八的床用多大", "能便宜点吗", "今天天气真好"]


def code(number: int, **headers: str) -> Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]:
    return lambda talk, _: reply(talk, b"{}", number, **headers)


def says(body: bytes) -> Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]:
    return lambda talk, _: reply(talk, body)


def hangs(talk: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    time.sleep(4)


def drips(talk: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    talk.send_response(200)
    talk.send_header("Content-Length", "100000")
    talk.end_headers()
    try:
        for _place in range(40):
            talk.wfile.write(b" ")
            talk.wfile.flush()
            time.sleep(0.2)
    except OSError:
        pass  # nobody listens any more


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.http.shutdown()
    made.http.server_close()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "店铺 数据")


def reader_of(workspace: Workspace, server: Server, **more: object) -> SecondReader:
    told = {"url": server.url, "model": "小模型", "timeout_seconds": 1, "calls_a_minute": 6000} | more
    workspace.write_settings(None, {"second_reader": told})
    found = second_reader(workspace, "main")
    assert found is not None
    return found


def test_without_the_setting_there_is_none(workspace: Workspace) -> None:
    assert second_reader(workspace, "main") is None
    assert not (workspace.root / "reader").exists()


@kills("jinpai/text/second_reader.py", "if key not in known and text.strip()", "if text.strip()")
def test_what_was_answered_once_is_never_asked_again(workspace: Workspace, server: Server) -> None:
    reader = reader_of(workspace, server)
    assert all(reader.is_new(one, CHOICES) for one in TEXTS)
    assert reader.read([*TEXTS, TEXTS[0]], CHOICES) == ["size", "price", None, "size"]
    assert server.asked == [TEXTS]
    again = reader_of(workspace, server)
    assert not any(again.is_new(one, CHOICES) for one in TEXTS)
    assert again.read(TEXTS, CHOICES) == ["size", "price", None]
    assert len(server.got) == 1
    again.read([TEXTS[0], "多大的好"], CHOICES)
    assert server.asked[1] == ["多大的好"], "only what is new is asked"
    again.read(TEXTS, CHOICES | {"other": "别的"})
    assert len(server.got) == 3, "other choices are another question"
    file = workspace.root / "reader" / "main" / "answers.jsonl"
    file.write_bytes(file.read_bytes() + b'{"of": "torn')
    torn = reader_of(workspace, server)
    assert not any(torn.is_new(one, CHOICES) for one in TEXTS)
    torn.read(["便宜一点"], CHOICES)
    assert not reader_of(workspace, server).is_new("便宜一点", CHOICES), "a torn line does not swallow the next"
    assert TEXTS[0] not in file.read_text(encoding="utf-8"), "words are not kept, only digests"


PRIVATE = {
    "我的电话13800000001，多大": "13800000001", "打 138-0000-0001 多大": "0000-0001", "[手机 7f3a] 多大": "7f3a",
    "浙江省杭州市余杭区测试街道示例路1号2幢301室 多大": "示例路", "加我微信 abc_12345 多大": "abc_12345", "vx：wxid123456 多大": "wxid123456",
    "微信号：xiaolu_home 多大": "xiaolu_home",
    "订单 2025111234567890 多大": "2025111234567890", "QQ 1234567 多大": "1234567", "邮箱 a.b@example.com 多大": "example.com",
    "看 https://item.example.com/x?id=1 多大": "item.example", "一三八零零零零零零零一 多大": "一三八零", "云边小鹿 说的多大": "云边小鹿",
    "收件人：张三丰，多大": "张三丰", "１３８００００００００１多大": "００００", "110101199003070011 多大": "19900307",
}  # fmt: skip


@kills("jinpai/text/second_reader.py", "anonymous(text, known)[:_LONGEST]", "text[:_LONGEST]")
@kills("jinpai/text/anonymous.py", 'return _NUMBER.sub("[号码]", told)', "return told")
@kills("jinpai/text/anonymous.py", 'told = _ACCOUNT.sub(r"\\1[账号]", told)', "")
def test_the_bytes_that_leave_hold_no_private_data(workspace: Workspace, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setenv("JINPAI_READER_KEY", "sk-test")
    reader = reader_of(workspace, server)
    assert reader.read(list(PRIVATE), CHOICES, [["云边小鹿", None]] * len(PRIVATE)) == ["size"] * len(PRIVATE)
    sent = b"".join(body for _, body in server.got).decode()
    assert "多大" in sent
    assert not [value for value in PRIVATE.values() if value in sent]
    assert all(headers["Authorization"] == "Bearer sk-test" for headers, _ in server.got)
    assert "sk-test" not in "".join(path.read_text(encoding="utf-8") for path in workspace.root.rglob("*.json*"))


def test_what_it_means_stays_readable() -> None:
    text = "亲，1.8米的床要 180*200 的吗，99.9元 满199减20，3天能到吗"
    assert anonymous(text) == text
    assert anonymous("我要两件，第2024款") == "我要两件，第2024款"


@pytest.mark.parametrize(
    ("bad", "calls", "words"),
    [
        ([code(500)] * 3, 3, "500"),
        ([code(429, Retry_After="0")] * 3, 3, "429"),
        ([hangs] * 3, 3, "没有回答"),
        ([drips] * 3, 3, "没有回答"),
        ([says(b"<html>busy</html>")] * 2, 2, "不是要的样子"),
        ([says(completion("价格"))] * 2, 2, "不是要的样子"),
        ([says(completion('{"answers": ["size"]}'))] * 2, 2, "不是要的样子"),
        ([says(completion('{"answers": ["size", "price", "weather"]}'))] * 2, 2, "不是要的样子"),
        ([says(completion('{"answers": ["size", ["price"], null]}'))] * 2, 2, "不是要的样子"),
        ([says(b"[" * 100_000)] * 2, 2, "不是要的样子"),
        ([says(b" " * 2_000_000)] * 3, 3, "没有回答"),
    ],
    ids=["500", "429", "hangs", "drips", "html", "no json", "too few", "no choice", "no text", "deep", "long"],
)
@kills("jinpai/text/second_endpoint.py", "len(answers) != count", "False")
@kills("jinpai/text/second_endpoint.py", "or time.monotonic() > until", "")
def test_what_is_no_answer_is_left_and_asked_again_later(
    bad: list[Any], calls: int, words: str, workspace: Workspace, server: Server
) -> None:
    reader = reader_of(workspace, server)
    server.does = list(bad)
    started = time.monotonic()
    assert reader.read(TEXTS, CHOICES) == [None] * 3
    assert time.monotonic() - started < 8
    assert len(server.got) == calls
    assert reader.left is not None
    assert words in reader.left.zh
    server.does = []
    assert reader.read(TEXTS, CHOICES) == ["size", "price", None]
    assert reader.left is None


@pytest.mark.parametrize("first", [code(500), code(429, Retry_After="1"), says(b"{"), hangs])
def test_one_failure_is_got_over(first: Any, workspace: Workspace, server: Server) -> None:
    reader = reader_of(workspace, server)
    server.does = [first]
    assert reader.read(TEXTS, CHOICES) == ["size", "price", None]
    assert len(server.got) == 2


@kills("jinpai/text/second_endpoint.py", "[_NoRedirect()]", "[]")
def test_the_key_goes_nowhere_else(workspace: Workspace, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINPAI_READER_KEY", "sk-test")
    other = Server()
    server.does = [code(302, Location=f"{other.url}/chat/completions")]
    with pytest.raises(JinpaiError, match="302"):
        reader_of(workspace, server).read(TEXTS, CHOICES)
    assert other.got == []
    other.http.shutdown()
    other.http.server_close()
    for number, words in ((401, "密钥不对"), (404, "模型名")):
        server.does = [code(number)]
        with pytest.raises(JinpaiError, match=words) as caught:
            reader_of(workspace, server).read(TEXTS, CHOICES)
        assert "sk-test" not in str(caught.value.words)


@kills("jinpai/text/second_endpoint.py", "spent.get(_today(), 0) >= setting.calls_a_day", "False")
@kills("jinpai/text/second_endpoint.py", "self._count(calls=1)", "self._count(calls=0)")
def test_calls_a_day_are_kept_to_over_several_runs(workspace: Workspace, server: Server) -> None:
    many = [f"第{'甲' * place}句多大" for place in range(1, 35)]
    reader = reader_of(workspace, server, calls_a_day=2)
    assert reader.read(many, CHOICES) == ["size"] * 20 + [None] * 14
    assert reader.left is not None
    assert "2 次" in reader.left.zh
    reader_of(workspace, server, calls_a_day=2).read(many, CHOICES)
    assert len(server.got) == 2
    assert reader_of(workspace, server, calls_a_day=3).read(many, CHOICES) == ["size"] * 30 + [None] * 4


@kills("jinpai/text/second_endpoint.py", "self._count(tokens=_tokens(told, data))", "pass")
@kills("jinpai/text/second_endpoint.py", "return len(told) + len(asked)", "return 0")
def test_yuan_a_month_are_kept_to(workspace: Workspace, server: Server) -> None:
    limits = {"yuan_per_million_tokens": 1000, "yuan_a_month": 5}
    server.does = [says(completion('{"answers": ["size"]}', tokens)) for tokens in (3000, None, None, None, None)]
    texts = ["多大合适", "多大正好", "要多大", "选多大", "多大好"]
    said = [reader_of(workspace, server, **limits).read([one], CHOICES)[0] for one in texts]
    assert said[0] == "size"
    assert said[-1] is None, "an endpoint that does not say what it used is counted all the same"
    assert len(server.got) < 5
    (workspace.root / "reader" / "main" / "spent.json").write_text("{", encoding="utf-8")
    with pytest.raises(JinpaiError, match="坏了"):
        reader_of(workspace, server, **limits).read(["又多大"], CHOICES)


def test_calls_a_minute_are_kept_to(workspace: Workspace, server: Server) -> None:
    reader = reader_of(workspace, server, calls_a_minute=120)
    started = time.monotonic()
    for text in ("多大一", "多大二", "多大三"):
        reader.read([text], CHOICES)
    assert time.monotonic() - started >= 1.0


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"url": "http://api.example.com/v1", "model": "m"}, "https"), ({"url": "https://x/v1"}, "model"), ({"model": "m"}, "folder"),
        ({"url": "https://x/v1", "model": "m", "folder": "/y"}, "只写一个"), ({"url": "ftp://x", "model": "m"}, "https"),
        ({"url": "https://x/v1", "model": "m", "yuan_a_month": 3}, "yuan_per_million_tokens"), ({"url": "https://a:b@x/v1", "model": "m"}, "账号"),
        ({"url": "https://x/v1", "model": "m", "timeout_seconds": 0}, "timeout_seconds"), ({"adress": "x"}, "adress"),
        ({"url": "https://x/v1", "model": "m", "calls_a_day": 1.5}, "calls_a_day"),
    ],
)  # fmt: skip
def test_a_setting_that_will_not_do_is_said(told: dict[str, object], words: str, workspace: Workspace) -> None:
    with pytest.raises(JinpaiError, match=words):
        workspace.write_settings(None, {"second_reader": told})


def test_a_key_file_that_others_can_read_is_refused(workspace: Workspace, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.delenv("JINPAI_READER_KEY", raising=False)
    file = tmp_path / "密钥"
    file.write_text("sk-file\n", encoding="utf-8")
    file.chmod(0o600)
    reader_of(workspace, server, key_file=str(file)).read(TEXTS, CHOICES)
    assert server.got[0][0]["Authorization"] == "Bearer sk-file"
    file.write_text("两行\nsk", encoding="utf-8")
    with pytest.raises(JinpaiError, match="一行"):
        reader_of(workspace, server, key_file=str(file))
    file.chmod(0o644)
    with pytest.raises(JinpaiError, match="chmod 600"):
        reader_of(workspace, server, key_file=str(file))
    with pytest.raises(JinpaiError, match="没有的"):
        reader_of(workspace, server, key_file=str(tmp_path / "没有的"))


def test_a_model_on_this_computer_answers_without_a_network(workspace: Workspace, tmp_path: Path) -> None:
    from model2vec import StaticModel
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split

    letters = ["[UNK]", *dict.fromkeys("尺寸大小多长价格便宜钱贵")]
    tokenizer = Tokenizer(WordLevel({one: at for at, one in enumerate(letters)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Split("", "isolated")
    vectors = np.array(
        [
            [1.0, 0.1] if one in "尺寸大小多长" else [0.1, 1.0] if one in "价格便宜钱贵" else [0.0, 0.0]
            for one in letters
        ]
    )
    StaticModel(vectors, tokenizer).save_pretrained(tmp_path / "模 型")
    workspace.write_settings(None, {"second_reader": {"folder": str(tmp_path / "模 型")}})
    reader = second_reader(workspace, "main")
    assert reader is not None
    assert reader.read(["多大", "便宜", "大钱", "啊"], CHOICES) == ["size", "price", None, None]
    workspace.write_settings(None, {"second_reader": {"folder": str(tmp_path / "没有")}})
    with pytest.raises(JinpaiError, match=r"model\.safetensors"):
        second_reader(workspace, "main")

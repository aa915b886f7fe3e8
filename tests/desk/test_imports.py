"""导入的定律 imports: what is dropped lands whole or not at all, once, in the shop alone, whatever kills or stops it."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from jinpai import flow
from jinpai.importing import import_files
from jinpai.workspace import Workspace
from tests.desk.book import lies_in, on_both
from tests.desk.serving import (
    MESSAGES,
    OTHER,
    PASSWORD,
    PEOPLE,
    SHOP,
    Answer,
    Jobs,
    Visitor,
    address,
    jinpai,
    job_number,
    made,
    serving,
)
from tests.mutants import kills

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("desk")]
HEAD = MESSAGES.splitlines()[0]
PAGE = address(SHOP, "imports")
MANY = 300_000


def row(buyer: str, number: object, *, shop: str = SHOP, second: int = 0, sent: str | None = None) -> str:
    at = sent or f"2026-11-21T{10 + second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}+08:00"
    return f"{shop},{buyer},小美,buyer,{at},text,有货吗,{number}"


def file(*rows: str) -> bytes:
    return "\n".join([HEAD, *rows, ""]).encode()


def many(marked: str, times: int = 1) -> bytes:
    """So many rows that their import can be cut off in the middle."""
    return file(
        *(
            row(f"{marked}{number % 9973}", f"{marked}{number}", second=number % 30_000)
            for number in range(MANY * times)
        )
    )


@pytest.fixture(scope="module")
def opened(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    with ExitStack() as stack:
        with lies_in(database):
            root = made(tmp_path_factory.mktemp("imports"))
            base = stack.enter_context(serving(root))
        yield base, root


@pytest.fixture
def owner(opened: tuple[str, Path]) -> Visitor:
    visitor = Visitor(opened[0])
    assert visitor.sign_in(PEOPLE["owner"]).status == 200
    return visitor


def upload(visitor: Visitor, files: dict[str, bytes], page: str = PAGE) -> Answer:
    """The page's form with files in it."""
    visitor.get(page)
    token = next((str(cookie.value) for cookie in visitor.jar if cookie.name == "csrftoken"), "")
    edge = secrets.token_hex(8)
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'.encode()]
    for name, content in files.items():
        parts += [
            f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode(),
            content,
            b"\r\n",
        ]
    body = b"".join([*parts, f"--{edge}--\r\n".encode()])
    headers = {"Origin": visitor.base, "Content-Type": f"multipart/form-data; boundary={edge}"}
    return visitor._ask(urllib.request.Request(visitor.base + page, body, headers))


def rows_in(root: Path, marked: str) -> int:
    with flow.opened(Workspace.open(root), SHOP) as engine:
        found = engine.rows(
            "select count(*) as many from source_messages where starts_with(buyer, $marked)", {"marked": marked}
        )
    return int(found[0]["many"])


@on_both
def test_a_dropped_file_becomes_figures_and_leaves_nothing_in_clear(opened: tuple[str, Path], owner: Visitor) -> None:
    base, root = opened
    sent = upload(
        owner, {"十一月 聊天.csv": file(row("新来的", 1), row("不对的", 2, sent="昨天"), row("别家的", 3, shop=OTHER))}
    )
    assert sent.url == base + PAGE
    job = Jobs(owner, PAGE).until("done")
    assert "十一月 聊天.csv" in job
    assert "聊天消息 1 行，没导进来 2 行" in job
    assert list((root / "inbox").iterdir()) == []
    assert rows_in(root, "新来的") == 1
    lost = owner.get(address(SHOP, "problems")).text
    assert "不是一个时间" in lost
    assert f"这一行是店铺「{OTHER}」的" in lost
    table = owner.get(address(SHOP, "problems.csv")).content.decode("utf-8-sig").splitlines()
    assert len(table) == 4, "heads, two rows, and who exported it"
    assert "昨天" in table[1]
    assert "新来的" not in lost


@kills("jinpai/desk/pages/imports.py", "        inbox.clear(visit.workspace, name)\n", "")
@kills("jinpai/desk/pages/imports.py", "identify(Probe(file)).name for file in files", "str(file) for file in files")
@on_both
def test_what_is_not_recognised_is_refused_at_once_and_all_of_its_company(
    opened: tuple[str, Path], owner: Visitor
) -> None:
    before = owner.get(PAGE).text.count("<li>")
    got = upload(owner, {"好的.csv": file(row("同来的", 9)), "照片.csv": bytes(range(256)) * 40})
    assert got.status == 200
    assert "「照片.csv」" in got.text
    assert "这一批文件都没有导入" in got.text
    assert "还没有选文件" in upload(owner, {}).text
    assert owner.get(PAGE).text.count("<li>") == before
    assert list((opened[1] / "inbox").iterdir()) == []


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd.csv", "..\\\\..\\\\聊天.csv", "CON<>|?.csv", "长" * 300 + ".csv"]
)
def test_a_file_lands_in_the_inbox_whatever_it_is_called(opened: tuple[str, Path], owner: Visitor, name: str) -> None:
    upload(owner, {name: file(row("名字怪的", name[:3].encode().hex()))})
    Jobs(owner, PAGE).until("done")
    assert list((opened[1] / "inbox").iterdir()) == []


@pytest.mark.parametrize("role", ["agent", "accountant", "auditor"])
def test_who_may_not_import_does_not(opened: tuple[str, Path], owner: Visitor, role: str) -> None:
    visitor = Visitor(opened[0])
    visitor.sign_in(PEOPLE[role])
    assert upload(visitor, {"a.csv": file(row("外人", 5))}).status == 403
    assert "登录工作台" in upload(Visitor(opened[0]), {"a.csv": file(row("外人", 5))}).text
    assert rows_in(opened[1], "外人") == 0
    assert upload(owner, {"a.csv": file(row("外人", 5))}, address(OTHER, "imports")).status == 404


@kills("jinpai/desk/jobs/import_files.py", 'if not task.arguments.get("agreed"):', "if False:")
@on_both
def test_a_list_that_would_change_is_asked_about(opened: tuple[str, Path], owner: Visitor) -> None:
    head = "shop,agent,name,team\n"
    upload(owner, {"客服.csv": f"{head}{SHOP},小美,小美,售前\n".encode()})
    Jobs(owner, PAGE).until("done")
    upload(owner, {"客服.csv": f"{head}{SHOP},小美,小美,售后\n".encode()})
    job = Jobs(owner, PAGE).until("asking")
    assert "售前 → 售后" in job
    owner.post(PAGE, do="agree", job=job_number(job))
    assert "客服" in Jobs(owner, PAGE).until("done", lambda job: "客服.csv" in job)
    assert list((opened[1] / "inbox").iterdir()) == []


@kills("jinpai/desk/working.py", "(self.leaving.is_set() or not is_ours)", "self.leaving.is_set()")
@on_both
def test_a_running_import_that_is_stopped_leaves_nothing(opened: tuple[str, Path], owner: Visitor) -> None:
    upload(owner, {"很多.csv": many("停", 3)})
    job = Jobs(owner, PAGE).until("running")
    owner.post(PAGE, do="stop", job=job_number(job))
    assert "已取消，什么也没有改" in Jobs(owner, PAGE).until("stopped")
    assert rows_in(opened[1], "停") == 0
    assert list((opened[1] / "inbox").iterdir()) == []
    assert "这个任务已经结束了" in owner.post(PAGE, do="stop", job=job_number(job)).text
    assert "这个任务已经结束了" in owner.post(PAGE, do="stop", job="9" * 30).text


@pytest.mark.skipif(os.name == "nt", reason="processes are looked up with ps")
@kills(
    "jinpai/desk/keeping.py",
    "    while not leaving.is_set():\n        with",
    "    if not leaving.is_set():\n        with",
)
def test_a_killed_import_is_begun_again_and_counts_once(
    opened: tuple[str, Path], owner: Visitor, tmp_path: Path
) -> None:
    content = many("杀")
    upload(owner, {"又很多.csv": content})
    Jobs(owner, PAGE).until("running")
    os.kill(worker_of(opened[1]), signal.SIGKILL)
    assert f"聊天消息 {MANY:,} 行" in Jobs(owner, PAGE).until("done")
    assert rows_in(opened[1], "杀") == MANY
    by_hand = Workspace.create(tmp_path / "w", shop=SHOP)
    (tmp_path / "f.csv").write_bytes(content)
    import_files(by_hand, [tmp_path / "f.csv"])
    flow.build(by_hand)
    assert rows_in(by_hand.root, "杀") == MANY


def worker_of(root: Path) -> int:
    lines = subprocess.run(
        ["ps", "-ww", "-axo", "pid,command"],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    ).stdout.splitlines()
    (found,) = (line for line in lines if "jinpai.desk.working" in line and line.endswith(str(root)))
    return int(found.split()[0])


@kills("jinpai/desk/working.py", '("left", []) if hand.leaving.is_set() else ', "")
def test_a_desk_that_is_closed_in_the_middle_goes_on_when_it_opens_again(tmp_path: Path) -> None:
    root = made(tmp_path)
    with serving(root) as base:
        visitor = Visitor(base)
        visitor.sign_in(PEOPLE["owner"])
        upload(visitor, {"很多.csv": many("关")})
        Jobs(visitor, PAGE).until("running")
    with serving(root) as base:
        visitor = Visitor(base)
        visitor.sign_in(PEOPLE["supervisor"])
        Jobs(visitor, PAGE).until("done")
    assert rows_in(root, "关") == MANY


@kills("jinpai/desk/uploading.py", "if told.isdigit() and int(told) > most:", "if False:")
@kills("jinpai/desk/uploading.py", 'if is_known and scope["path"].endswith(PATH) else SMALL', "")
def test_what_is_too_large_is_said_and_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINPAI_DESK_UPLOAD_MB", "3")
    root = made(tmp_path)
    with serving(root) as base:
        visitor = Visitor(base)
        visitor.sign_in(PEOPLE["owner"])
        got = upload(visitor, {"大.csv": b"x" * (3 << 20)})
        assert "这一批文件超过 3 MB，没有导入" in got.text
        assert "<li>\n" not in got.text
        stranger = upload(Visitor(base), {"大.csv": b"x" * (2 << 20)})
        assert "登录工作台" in stranger.text
        assert "too_large" in stranger.url, "of a stranger's files nothing is kept, not even for a moment"
        assert upload(visitor, {"中.csv": file(*(row("中", n, second=n) for n in range(20_000)))}).status == 200
        Jobs(visitor, PAGE).until("done")
    assert jinpai("people", "list", "-w", root, said=PASSWORD).returncode == 0

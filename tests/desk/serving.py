"""A workspace of two shops with somebody of every role, the desk as a process of its own, and visitors over HTTP."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path

from jinpai.book.people import ROLES
from tests.lacking import lacking

SHOP, OTHER = "甲店 1", "乙店"
PASSWORD = "窗台上的那一朵花开了吗"
PEOPLE = {
    "owner": "老王", "supervisor": "丽姐", "agent": "小美同学", "accountant": "算盘", "auditor": "查账的",
}  # fmt: skip
AGENT, COLLEAGUE = "小美", "阿杰"
MESSAGES = """\
shop,buyer,agent,sender,sent_at,kind,text,message_id
甲店 1,云边小鹿,小美,buyer,2026-11-18T10:00:00+08:00,text,这款沙发垫多大能用,m1
甲店 1,云边小鹿,小美,agent,2026-11-18T10:00:09+08:00,text,您的沙发多长呢,m2
甲店 1,晴天里,阿杰,buyer,2026-11-18T11:00:00+08:00,text,能便宜吗,m3
甲店 1,晴天里,阿杰,agent,2026-11-18T11:00:40+08:00,text,满两件减十元,m4
甲店 1,山里人,小美,buyer,2026-11-20T20:00:00+08:00,text,什么时候发货,m6
甲店 1,山里人,小美,agent,2026-11-20T20:00:05+08:00,text,今天就发,m7
乙店,隔壁的,大伟,buyer,2026-11-20T20:00:00+08:00,text,在吗,n1
乙店,隔壁的,大伟,agent,2026-11-20T20:00:05+08:00,text,在的,n2
"""
ORDERS = """\
shop,order_id,buyer,created_at,paid_at,status,payable_amount,paid_amount
甲店 1,1001,云边小鹿,2026-11-18T10:20:00+08:00,2026-11-18T10:21:00+08:00,交易成功,99.00,99.00
甲店 1,1003,看看的,2026-11-20T20:30:00+08:00,,等待买家付款,12.00,
乙店,2001,隔壁的,2026-11-20T20:40:00+08:00,2026-11-20T20:41:00+08:00,交易成功,77.00,77.00
"""


def jinpai(*words: object, said: str = "") -> subprocess.CompletedProcess[str]:
    """A command, with what is typed into it."""
    command = [sys.executable, "-m", "jinpai.cli", *map(str, words), "--lang", "zh"]
    return subprocess.run(command, input=said, capture_output=True, encoding="utf-8", check=False)


def made(folder: Path) -> Path:
    """The workspace: two shops with chats and orders, and a person of each role in the first."""
    try:
        import axes  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError:
        lacking("the desk's libraries", "python -m pip install 'jinpai[desk]'")
    from jinpai.importing import import_files
    from jinpai.workspace import Workspace

    root = folder / "店铺 数据"
    workspace = Workspace.create(root, shop=SHOP)
    files = {"messages.csv": MESSAGES, "orders.csv": ORDERS}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    import_files(workspace, [folder / name for name in files])
    for role, name in PEOPLE.items():
        more = ["--agent", AGENT] if role == "agent" else []
        done = jinpai("people", "add", name, "--role", role, "--shop", SHOP, *more, "-w", root, said=PASSWORD + "\n")
        assert done.returncode == 0, done.stderr
    return root


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """The address of the desk while it is open; it ends as with Ctrl-C."""
    command = [sys.executable, "-m", "jinpai.cli", "serve", "-w", str(root), "--port", "0", "--lang", "zh"]
    # walks open every page that downloads, as everybody
    settings = {"JINPAI_DESK_EXPORTS": "500"} | os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", env=settings) as running:
        assert running.stdout is not None
        line = running.stdout.readline()
        found = re.search(r"http://[^ ]+", line)
        try:
            assert found, f"it did not open: {line}"
            yield found[0].rstrip("/")
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(timeout=30)


@dataclass
class Answer:
    """What came back, after redirections."""

    status: int
    text: str
    url: str
    headers: dict[str, str]
    content: bytes = b""


@dataclass
class Visitor:
    """A browser without a screen: cookies, forms, redirections."""

    base: str
    jar: CookieJar = field(default_factory=CookieJar)

    def get(self, path: str) -> Answer:
        return self._ask(urllib.request.Request(self.base + path))

    def post(self, path: str, token: bool = True, **form: str) -> Answer:
        known = {cookie.name: str(cookie.value) for cookie in self.jar}
        if token and "csrftoken" in known:
            form["csrfmiddlewaretoken"] = known["csrftoken"]
        data = urllib.parse.urlencode(form).encode()
        return self._ask(urllib.request.Request(self.base + path, data, {"Origin": self.base}))

    def sign_in(self, name: str, password: str = PASSWORD, onward: str = "/") -> Answer:
        self.get("/sign-in")
        return self.post("/sign-in", name=name, password=password, next=onward)

    def _ask(self, request: urllib.request.Request) -> Answer:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        try:
            with opener.open(request, timeout=60) as answer:
                content = answer.read()
                return Answer(
                    answer.status, content.decode("utf-8", "replace"), answer.url, dict(answer.headers), content
                )
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read().decode("utf-8", "replace"), error.url, dict(error.headers))


def address(shop: str, path: str) -> str:
    """Where a page of a shop lies."""
    return f"/shop/{urllib.parse.quote(shop, safe='')}/{path}"


def signed_in(base: str, role: str = "owner") -> Visitor:
    """A visitor of a role, inside."""
    visitor = Visitor(base)
    assert visitor.sign_in(PEOPLE[role]).status == 200
    return visitor


@dataclass
class Jobs:
    """The list of jobs on a page, as a visitor sees it."""

    visitor: Visitor
    page: str

    def first(self) -> str:
        """The newest one."""
        return self.visitor.get(self.page).text.split("<li>\n")[1].split("</li>")[0]

    def until(self, state: str, said: Callable[[str], bool] = lambda _: True) -> str:
        """The newest one once it is in a state; two minutes are long."""
        job = ""
        for _ in range(1200):
            job = self.first()
            if f'class="state {state}"' in job and said(job):
                return job
            time.sleep(0.1)
        raise AssertionError(f"it never was {state}: {job}")


def job_number(job: str) -> str:
    """By which a form names a job."""
    found = re.search(r'name="job" value="(\d+)"', job)
    assert found
    return found[1]


assert PEOPLE.keys() == ROLES.keys()

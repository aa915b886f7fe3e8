"""千牛聊天导出 the two text exports of the chat client: T1 many buyers in a file, T2 one sub-account.

GBK, CRLF. System notices are written as if the buyer had said them, as the client does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from jinpai.simulate.draw import Play
from jinpai.simulate.scene import ROBOT, Line
from jinpai.simulate.written import clock

RULE = "=" * 64
DASHES = "-" * 28
ROBOT_NAME = "服务助手"


def sender(play: Play, line: Line, nick: dict[int, str]) -> str:
    """发送人 the nick that stands before a line."""
    if line.side != "agent":
        return nick[line.buyer]
    return f"{play.shop.name}:{ROBOT_NAME}" if line.agent == ROBOT else play.shop.nick(line.agent)


def write_t1(play: Play, lines: Iterable[Line], nick: dict[int, str], file: Path) -> Path:
    """T1 所有买家 one block a buyer, in the order in which the buyers first wrote; a group talk at the end."""
    blocks: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        blocks[line.buyer].append(line)
    page = [play.shop.nick(0), "", RULE, f"{'单聊':>33}{' ' * 29}", RULE, "", ""]
    for buyer, block in blocks.items():
        page.append(f"{DASHES}{nick[buyer]}{DASHES}")
        page += [f"{sender(play, line, nick)}({clock(line.at)}):  {line.text}" for line in block]
        page.append("")
    page += ["", RULE, f"{'群聊':>33}{' ' * 29}", RULE, "", f"{DASHES}禾小满会员福利群{DASHES}"]
    last = max((line.at for block in blocks.values() for line in block), default=play.shop.begins)
    page += [f"群管家({clock(last)}):  群里的内容不应计入单聊", ""]
    return _write(file, page)


def write_t2(play: Play, lines: Iterable[Line], nick: dict[int, str], agent: int, file: Path) -> Path:
    """T2 即时消息 one sub-account's talks; a date line before each buyer's talk of a day."""
    talks: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for line in lines:
        talks[line.at // 86400, line.buyer].append(line)
    page = [play.shop.nick(agent), "", "即时消息", ""]
    for block in talks.values():
        page.append(clock(block[0].at, "%Y-%m-%d"))
        page += [f"{clock(line.at)} {sender(play, line, nick)}: {line.text}" for line in block]
    return _write(file, [*page, ""])


def only_with(lines: list[Line], agent: int, begins: int) -> set[int]:
    """只跟他聊过的买家 buyers whose every line since `begins` is with this agent, without robot or notice."""
    fine: dict[int, bool] = {}
    spoke: set[int] = set()
    for line in lines:
        if line.at >= begins:
            good = line.side != "notice" and line.agent == agent
            fine[line.buyer] = fine.get(line.buyer, True) and good
            if line.side == "agent":
                spoke.add(line.buyer)
    return {buyer for buyer, good in fine.items() if good and buyer in spoke}


def _write(file: Path, page: list[str]) -> Path:
    text = "\n".join(page).replace("\n", "\r\n")
    file.write_bytes(text.encode("gbk"))
    return file

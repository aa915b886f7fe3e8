"""命令行 command line: `jinpai VERB …`; one sentence for what goes wrong, never a traceback.

Exit codes: 0 done, 1 the request cannot be met, 2 wrong usage, 130 stopped with Ctrl-C. Heavy
libraries are imported by the commands that need them, so that `jinpai --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import typer

from jinpai.commands.appeal import appeal, appeals
from jinpai.commands.backup import backup, restore
from jinpai.commands.build import build
from jinpai.commands.criteria import criteria
from jinpai.commands.demo import demo
from jinpai.commands.diagnose import diagnose
from jinpai.commands.erase import erase
from jinpai.commands.explain import explain
from jinpai.commands.facts import facts
from jinpai.commands.import_ import import_
from jinpai.commands.init import init
from jinpai.commands.inspect import inspect
from jinpai.commands.keys import keys
from jinpai.commands.options import speak
from jinpai.commands.output import plain_streams, say
from jinpai.commands.pages import pages
from jinpai.commands.people import people
from jinpai.commands.problems import problems
from jinpai.commands.report import report
from jinpai.commands.review import counter_example, precision, review, verdict
from jinpai.commands.serve import serve
from jinpai.commands.teach import teach
from jinpai.commands.template import template
from jinpai.commands.topics import topics
from jinpai.commands.watch import watch
from jinpai.commands.withdraw import imports, withdraw
from jinpai.errors import JinpaiError, Words, WrongUse
from jinpai.terms import LANGS, lang_of

DONE, CANNOT, WRONG_USE, STOPPED = 0, 1, 2, 130
TRACE = "JINPAI_TRACEBACK"

app = typer.Typer(
    name="jinpai", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="金牌客服：把聊天记录和订单变成答案。 || Jinpai: chat logs and orders become answers.",
)  # fmt: skip
VERBS: dict[str, Callable[..., None]] = {
    "init": init, "import": import_, "watch": watch, "template": template, "report": report, "explain": explain, "inspect": inspect,
    "review": review, "verdict": verdict, "precision": precision, "counter-example": counter_example, "appeal": appeal, "appeals": appeals,
    "diagnose": diagnose, "criteria": criteria, "topics": topics, "teach": teach, "pages": pages, "facts": facts, "problems": problems, "build": build, "demo": demo,
    "serve": serve, "people": people,
    "imports": imports, "withdraw": withdraw, "erase": erase, "keys": keys, "backup": backup, "restore": restore,
}  # fmt: skip
for name, verb in VERBS.items():
    app.command(name)(verb)


@app.callback()
def root() -> None:
    """金牌客服：把聊天记录和订单变成答案。 || Jinpai: chat logs and orders become answers."""


def main(arguments: Sequence[str] | None = None) -> int:
    """命令入口 run one command and give its exit code."""
    plain_streams()
    words = list(sys.argv[1:] if arguments is None else arguments)
    lang = spoken(words)
    try:
        command = typer.main.get_command(app)
        speak(command, lang)
        code = command.main(words, prog_name="jinpai", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else DONE
    except KeyboardInterrupt:
        say(Words("已停下。", "Stopped."), lang, error=True)
        return STOPPED
    except typer.Exit as exit_:
        return exit_.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader went away: nothing to say
        return CANNOT
    except Exception as error:  # noqa: BLE001 - the rim: whatever it is, one sentence and an exit code
        return failed(error, lang)


def failed(error: Exception, lang: str) -> int:
    """没办成 say in one sentence why a command failed; the exit code that goes with it."""
    if os.environ.get(TRACE):
        raise error
    if isinstance(error, JinpaiError):
        say(error.words, lang, error=True)
        return WRONG_USE if isinstance(error, WrongUse) else CANNOT
    if is_usage(error):
        say(usage(error), lang, error=True)
        return WRONG_USE
    if isinstance(error, OSError):
        where, why = error.filename or "", error.strerror or str(error)
        say(
            Words(f"读写文件时出错：{where} {why}", f"A file could not be read or written: {where} {why}"),
            lang,
            error=True,
        )
        return CANNOT
    what = f"{type(error).__name__}: {error}"
    say(Words(f"程序出错了（{what}）。这是程序的毛病，请反馈；设 {TRACE}=1 再运行可看到细节。",
              f"The program failed ({what}). This is a fault of the program, please report it; {TRACE}=1 shows details."), lang, error=True)  # fmt: skip
    return CANNOT


def spoken(words: Sequence[str]) -> str:
    """语言 the language of this run, found before the options are parsed (help needs it)."""
    for at, word in enumerate(words):
        choice = (
            word.removeprefix("--lang=")
            if word.startswith("--lang=")
            else words[at + 1]
            if word == "--lang" and at + 1 < len(words)
            else None
        )
        if choice in LANGS:
            return str(choice)
    return lang_of()


def is_usage(error: Exception) -> bool:
    """用法错误 whether the error is the command line parser's."""
    parsers = typer.BadParameter.__mro__[1:3]  # UsageError and ClickException, wherever typer keeps them
    return isinstance(error, parsers)


def usage(error: Any) -> Words:
    """用法句 what is wrong with a command line, and where to look it up."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "jinpai"
    kind, said = type(error).__name__, str(error.format_message()).rstrip(".")
    if kind == "NoArgsIsHelpError":
        return Words(said, said)
    zh = said
    if kind == "NoSuchOption":
        near = "、".join(sorted(error.possibilities or ()))
        zh = f"没有选项 {error.option_name}" + (f"，是不是 {near}" if near else "")
    elif kind == "MissingParameter" and error.param is not None:
        wanted = error.param.opts[0] if error.param.opts[0].startswith("-") else error.param.metavar or error.param.name
        zh, said = f"缺少 {wanted}", f"Missing {wanted}"
    elif said.startswith("No such command"):
        zh = said.replace("No such command", "没有命令").replace(". Did you mean", "，是不是").rstrip("?")
    elif said.startswith("Got unexpected extra argument"):
        zh = "多余的参数" + said[said.index("(") :]
    elif said.startswith("Invalid value"):
        said = said.replace("Value error, ", "")  # the parser's own word, of no use to the reader
        zh = said.replace("Invalid value for ", "值不对：").replace("is not one of", "不在这些之中：")
    return Words(f"{zh}。用法见 {path} --help", f"{said}. See {path} --help")


def run() -> None:
    """控制台脚本 the console script: exit with the code of `main`."""
    sys.exit(main())


if __name__ == "__main__":
    run()

"""干活的进程 working: takes jobs from the queue of one workspace, one after the other, until its parent is gone.

`python -m jinpai.desk.working WORKSPACE`, with `--stay` where no parent holds a pipe: then SIGTERM ends it. The job runs
in the main thread; a second thread renews the lease, reports how far it is, and interrupts the first as Ctrl-C would
when the job is to stop or the parent has closed the pipe that is our standard input. Ctrl-C itself is the parent's to hear.
"""

from __future__ import annotations

import _thread
import secrets
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from jinpai.errors import Busy, JinpaiError, Words

if TYPE_CHECKING:
    from jinpai.book.models import Job
    from jinpai.desk.jobs import Kind, Task
    from jinpai.workspace import Workspace

BEAT_SECONDS = 0.5
BUSY_MS = 3_000
"""Where another program writes in the workspace, the job waits so long."""
FAILED = Words(
    "程序出错了，什么也没有改。请告诉管理员看服务器上的日志。",
    "The program failed; nothing was changed. Tell who runs it to look at the server's log.",
)
FAILED_THEN = Words(
    "后面的出错了，上面说的已经做好。请告诉管理员看服务器上的日志。",
    "The rest failed; what is told above is done. Tell who runs it to look at the server's log.",
)
STOPPED = Words("已取消，什么也没有改。", "Cancelled; nothing was changed.")
STOPPED_THEN = Words("后面的取消了；上面说的已经做好。", "The rest was cancelled; what is told above is done.")


class Hand:
    """经手 one job while it is done: what it has reported, and whether it must end."""

    def __init__(self, job: Job, leaving: threading.Event) -> None:
        self.job = job
        self.leaving = leaving
        self.step: tuple[Words | None, int, int] = (None, 0, 0)
        self.is_over = threading.Event()
        self.lock = threading.Lock()
        self.is_told = False

    def tell(self, words: Words, done: int, total: int) -> None:
        """进度 how far it is; the other thread writes it down."""
        self.step = (words, done, total)

    def beat(self) -> None:
        """心跳 renews the lease until the job is over; once, when it must end, it interrupts the job."""
        from django.db import Error, connection

        from jinpai.book import queue

        while not self.is_over.wait(BEAT_SECONDS):
            try:
                is_ours = queue.renew(self.job, *self.step)
            except Error:
                # a database that is away for a while: the job goes on, and the next beat asks anew
                connection.close()
                continue
            with self.lock:
                if not self.is_told and (self.leaving.is_set() or not is_ours) and not self.is_over.is_set():
                    self.is_told = True
                    _interrupt()
        connection.close()


def _interrupt() -> None:
    """Ctrl-C for the main thread; a real signal, where there are any, also wakes it from waiting."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
    else:
        _thread.interrupt_main()


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def work(workspace: Workspace, leaving: threading.Event) -> None:
    """干活 jobs in turn until `leaving` is set."""
    from jinpai.book import queue
    from jinpai.desk import inbox
    from jinpai.workspace import outbox

    worker = secrets.token_hex(8)
    while not leaving.is_set():
        job = queue.claim(workspace.root, worker)
        if job is None:
            leaving.wait(BEAT_SECONDS)
            continue
        inbox.sweep(workspace, queue.uploads(workspace.root))
        outbox.sweep(workspace)
        _do(workspace, job, leaving)


def _do(workspace: Workspace, job: Job, leaving: threading.Event) -> None:
    from jinpai.book import queue
    from jinpai.desk.jobs import Task, kinds

    hand = Hand(job, leaving)
    kind = kinds().things[job.kind]
    task = Task(workspace, job.shop, job.arguments, hand.tell, job.by, is_again=job.tries > 1)
    heart = threading.Thread(target=hand.beat, daemon=True)
    heart.start()
    try:
        state, said = _outcome(kind, task, hand)
    finally:
        hand.is_over.set()
        heart.join()
    if state in ("waiting", "left"):
        queue.put_back(job, BUSY_MS if state == "waiting" else 0)
        return
    queue.end(job, state, [*task.said, *said])
    if state != "asking":
        kind.clear(workspace, job.arguments)


def _outcome(kind: Kind, task: Task, hand: Hand) -> tuple[str, list[Words]]:
    """How the job ended, and what to say beside what it said itself."""
    from jinpai.desk.jobs import NeedsYes

    is_done = False
    try:
        try:
            kind.do(task)
            is_done = True
        finally:
            # from here on nothing is interrupted
            with hand.lock:
                hand.is_over.set()
    except NeedsYes as error:
        return "asking", error.lines
    except Busy:
        return "waiting", []
    except JinpaiError as error:
        return "failed", [error.words]
    except (KeyboardInterrupt, Exception) as error:  # noqa: BLE001 - whatever a job does, the worker goes on; the log has it whole
        # a library may turn the interrupt into an error of its own, and it may come when all is done already
        if hand.is_told or isinstance(error, KeyboardInterrupt):
            return ("done", []) if is_done else _ended_early(task, hand)
        import traceback

        traceback.print_exc()
        return "failed", [FAILED_THEN if task.said else FAILED]
    return "done", []


def _ended_early(task: Task, hand: Hand) -> tuple[str, list[Words]]:
    return ("left", []) if hand.leaving.is_set() else ("stopped", [STOPPED_THEN if task.said else STOPPED])


def _parent_gone(leaving: threading.Event) -> None:
    """Set when the pipe from the parent is closed, by its end or by its death."""
    sys.stdin.buffer.read()
    leaving.set()


def main(root: str, *, stays: bool = False) -> None:
    """开始 works for one workspace until the parent is gone, or SIGTERM comes."""
    from jinpai.desk.configuring import configure
    from jinpai.workspace import Workspace

    signal.signal(signal.SIGINT, signal.SIG_IGN if hasattr(signal, "pthread_kill") else _stop)
    if hasattr(signal, "SIGUSR1"):
        signal.signal(signal.SIGUSR1, _stop)
    workspace = Workspace.open(Path(root))
    configure(workspace)
    leaving = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: leaving.set())
    if not stays:
        threading.Thread(target=_parent_gone, args=(leaving,), daemon=True).start()
    while not leaving.is_set():
        try:
            work(workspace, leaving)
        except Exception:  # noqa: BLE001 - a database that is away for a while; the log has it
            import traceback

            from django.db import connection

            traceback.print_exc()
            connection.close()
            time.sleep(BEAT_SECONDS)


if __name__ == "__main__":
    main(sys.argv[1], stays="--stay" in sys.argv[2:])

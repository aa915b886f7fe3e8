"""看守 runs a command for as long as somebody holds its standard input: what a test starts dies with the test, however that ends.

python guard.py java -cp … org.apache.spark.deploy.master.Master
"""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import suppress

PATIENCE = 10
AT_ONCE = b"9"
"""Said before the end: kill −9, without a word."""


def main(command: list[str]) -> int:
    """The command's exit code; its output goes where this process's goes."""
    running = subprocess.Popen(command, stdin=subprocess.DEVNULL)

    def wait_for_the_end() -> None:
        running.kill() if sys.stdin.buffer.read() == AT_ONCE else running.terminate()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    try:
        return running.wait()
    finally:
        running.terminate()
        with suppress(subprocess.TimeoutExpired):
            running.wait(PATIENCE)
        running.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

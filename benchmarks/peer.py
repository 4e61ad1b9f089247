"""A peer library in a process of its own, measured in turns with ours.

Two frameworks in one process would share threads and memory. The peer's
process waits while ours is measured, and the other way round.
"""

import subprocess
import sys
import time


class Peer:
    """The process of a peer.

    Args:
        python: str. The interpreter of an environment that has the library.
        script: str. A Python file that calls `serve` when it is run with
            these arguments.
        *arguments: str.
    """

    def __init__(self, python, script, *arguments):
        self._process = subprocess.Popen(
            [python, script, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if self._process.stdout.readline() != "ready\n":
            raise RuntimeError(f"{script} does not run under {python}")

    def seconds(self):
        """Seconds by the clock of one call on the other side."""
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def close(self):
        self._process.stdin.close()
        self._process.wait()


def serve(run):
    """Answers each line on standard input with the seconds of `run()`."""
    run()
    print("ready", flush=True)
    for _ in sys.stdin:
        print(seconds(run), flush=True)


def seconds(run):
    """Seconds by the clock of `run()`."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start

"""Processes of one machine that train together, started and ended as one.

Nothing here imports TensorFlow, and nothing needs it: the processes do.
"""

import collections
import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

GRACE_SECONDS = 15.0  # for the others to find out by themselves
KILL_SECONDS = 10.0  # between asking them to end and ending them
LOST = 69  # the code of a worker that ends because another one is gone
KEPT_LINES = 60


def free_ports(count):
    """`count` ports of this machine at which nobody listens.

    Args:
        count: int.

    Returns:
        A list of int.
    """
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def environments(workers, base=None, cores=None, gpus=()):
    """The environment of each worker, made from that of this process.

    `TF_CONFIG` names the workers. Cores and GPUs are divided among them; how
    many threads TensorFlow uses is left alone where the user has said it.

    Args:
        workers: int.
        base: dict. Defaults to `os.environ`.
        cores: int. Defaults to those that this process may use.
        gpus: sequence of str, names of GPUs as CUDA takes them.

    Returns:
        A list of dicts.
    """
    base = dict(os.environ if base is None else base)
    threads = max(1, (cores or _cores()) // workers)
    addresses = [f"127.0.0.1:{port}" for port in free_ports(workers)]
    made = []
    for index in range(workers):
        task = {"type": "worker", "index": index}
        cluster = {"worker": addresses}
        one = {
            "TF_NUM_INTRAOP_THREADS": str(threads),
            "OMP_NUM_THREADS": str(threads),
            **base,
            "TF_CONFIG": json.dumps({"cluster": cluster, "task": task}),
        }
        if gpus:
            share = len(gpus) // workers
            mine = gpus[index * share : (index + 1) * share]
            one["CUDA_VISIBLE_DEVICES"] = ",".join(mine)
        made.append(one)
    return made


def run(commands, grace=GRACE_SECONDS, kill=KILL_SECONDS, show=False):
    """Runs the workers and waits for them.

    What the first one prints is printed. Of the others the last lines are
    kept, and shown if they are the first to fail. SIGINT and SIGTERM are
    passed on to all, a second one ends them at once. When one has failed, the
    others have `grace` seconds to end by themselves, are then asked to with
    SIGTERM, and are killed `kill` seconds later.

    Args:
        commands: list of `(arguments, environment)`, one a worker.
        grace: float, seconds.
        kill: float, seconds.
        show: bool. Print what the others print, too, behind their number.

    Returns:
        int. 0, or the code of the first one that failed, 128 + n for one that
        signal n has ended.
    """
    workers = []
    try:
        for index, (arguments, environment) in enumerate(commands):
            workers.append(_Worker(index, arguments, environment))
        for worker in workers[1:]:
            worker.listen(show)
        with _signals_passed_on(workers):
            return _wait(workers, grace, kill)
    finally:
        for worker in workers:
            worker.end(signal.SIGKILL)


class _Worker:
    def __init__(self, index, arguments, environment):
        self.index = index
        self.lines = collections.deque(maxlen=KEPT_LINES)
        self._thread = None
        quiet = {} if index == 0 else _TO_US
        self.process = subprocess.Popen(
            arguments,
            env=environment,
            # Signals of the terminal reach the launcher alone, which passes
            # them on once.
            process_group=0,
            preexec_fn=_end_with_the_launcher if _ON_LINUX else None,
            **quiet,
        )

    def listen(self, show):
        def read():
            for line in self.process.stdout:
                self.lines.append(line)
                if show:
                    sys.stderr.write(f"[worker {self.index}] {line}")

        self._thread = threading.Thread(target=read, daemon=True)
        self._thread.start()

    @property
    def code(self):
        """None while it runs, else as a shell gives it."""
        code = self.process.poll()
        return code if code is None or code >= 0 else 128 - code

    def end(self, number):
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)

    def tell(self):
        """Why the run ends, and the last words of the worker."""
        code = self.code
        how = f"with code {code}"
        if code > 128:
            with contextlib.suppress(ValueError):
                how = f"by {signal.Signals(code - 128).name}"
        if self._thread is not None:
            self._thread.join(timeout=1.0)
            sys.stderr.writelines(
                f"[worker {self.index}] {line}" for line in self.lines
            )
        sys.stderr.write(f"Error: worker {self.index} ended {how}.\n")
        sys.stderr.flush()


def _wait(workers, grace, kill):
    first = None
    asked = None
    while True:
        codes = [worker.code for worker in workers]
        now = time.monotonic()
        if first is None and any(codes):
            # One that was left alone is no cause.
            failed = [w for w in workers if w.code]
            first = min(failed, key=lambda w: (w.code == LOST, w.index))
            first_code, since = first.code, now
            first.tell()
        if None not in codes:
            return 0 if first is None else first_code
        if first is not None:
            if asked is None and now > since + grace:
                asked = now
                for worker in workers:
                    worker.end(signal.SIGTERM)
            elif asked is not None and now > asked + kill:
                for worker in workers:
                    worker.end(signal.SIGKILL)
        time.sleep(0.05)


@contextlib.contextmanager
def _signals_passed_on(workers):
    received = []

    def pass_on(number, frame):
        received.append(number)
        for worker in workers:
            worker.end(number if len(received) == 1 else signal.SIGKILL)

    numbers = signal.SIGINT, signal.SIGTERM
    before = [signal.signal(number, pass_on) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _cores():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_ON_LINUX = sys.platform == "linux"
_LIBC = ctypes.CDLL(None) if _ON_LINUX else None
_PR_SET_PDEATHSIG = 1
_TO_US = {
    "stdin": subprocess.DEVNULL,
    "stdout": subprocess.PIPE,
    "stderr": subprocess.STDOUT,
    "text": True,
    "errors": "replace",
}


def _end_with_the_launcher():
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

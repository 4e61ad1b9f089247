"""Workers wait for one another before TensorFlow does, which cannot say why."""

import contextlib
import socket
import threading
import time

PAUSE = 0.2
ATTEMPT_SECONDS = 2.0


def wait_for_peers(addresses, own, seconds):
    """Returns when every address has been reached once.

    This process listens at its own address meanwhile. A worker that has found
    all others leaves; TensorFlow's server then answers in its place.

    Args:
        addresses: list of str `host:port`, the same in every worker.
        own: str, the address of this worker, one of them.
        seconds: float. How long to try.

    Raises:
        OSError: if the own port is taken.
        TimeoutError: naming the addresses that were not reached, and why.

    Example:

    >>> wait_for_peers(["localhost:0"], "localhost:0", 1.0)  # alone
    """
    end = time.monotonic() + seconds
    missing = dict.fromkeys(a for a in addresses if a != own)
    with _listening(int(own.rpartition(":")[2])):
        while missing:
            for address in list(missing):
                try:
                    _reach(address)
                except OSError as error:
                    missing[address] = error
                else:
                    del missing[address]
            if missing and time.monotonic() > end:
                reasons = [f"{a} ({error})" for a, error in missing.items()]
                raise TimeoutError(
                    "Not all workers were there in time. Each must be started "
                    "with the same list of addresses, and must reach the "
                    f"others at them. Received: within {seconds:g} s {own} "
                    f"did not reach {', '.join(reasons)}"
                )
            if missing:
                time.sleep(PAUSE)


def _reach(address):
    host, _, port = address.rpartition(":")
    pair = host.strip("[]"), int(port)
    with socket.create_connection(pair, ATTEMPT_SECONDS) as reached:
        # A free port of this machine can, by chance, connect to itself.
        if reached.getsockname() == reached.getpeername():
            raise ConnectionRefusedError("nobody listens there")


@contextlib.contextmanager
def _listening(port):
    listener = socket.create_server(("", port), backlog=1024)

    def accept():
        with contextlib.suppress(OSError):  # closed: the wait is over
            while True:
                listener.accept()[0].close()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()

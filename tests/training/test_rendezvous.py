import socket
import threading
import time

import pytest

from keras_nn.training.rendezvous import wait_for_peers


@pytest.fixture
def addresses():
    sockets = [socket.socket() for _ in range(3)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    names = [f"127.0.0.1:{one.getsockname()[1]}" for one in sockets]
    for one in sockets:
        one.close()
    return names


def test_nobody_leaves_before_the_last_one_is_there(addresses):
    left = []

    def worker(own):
        wait_for_peers(addresses, own, 20)
        left.append(time.monotonic())
        # What TensorFlow's server does from here on: to be there.
        with socket.create_server(("", int(own.rpartition(":")[2]))):
            finished.wait(20)

    finished = threading.Event()
    threads = [threading.Thread(target=worker, args=[a]) for a in addresses]
    for thread in threads[:2]:
        thread.start()
    time.sleep(0.5)
    assert left == []
    threads[2].start()
    deadline = time.monotonic() + 20
    while len(left) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    finished.set()
    for thread in threads:
        thread.join()
    assert len(left) == 3


def test_says_who_is_missing(addresses):
    start = time.monotonic()
    with pytest.raises(TimeoutError, match="did not reach") as found:
        wait_for_peers(addresses[:2], addresses[0], 0.3)
    assert f"{addresses[1]} (" in str(found.value)
    assert "refused" in str(found.value)
    assert time.monotonic() - start < 10
    socket.create_server(("", int(addresses[0].rpartition(":")[2]))).close()


def test_a_taken_port_is_an_error(addresses):
    with socket.create_server(("", int(addresses[0].rpartition(":")[2]))):
        with pytest.raises(OSError, match="in use"):
            wait_for_peers(addresses, addresses[0], 5)

import os
import sys
import threading

import pytest

from keras_nn.callbacks.background_writer import BackgroundWriter


def test_writes_beside_what_goes_on_and_one_after_the_other():
    writer, order = BackgroundWriter(), []
    goes = threading.Event()

    def first(name):
        goes.wait(10)
        order.append(name)

    writer.start(first, "first")
    order.append("training")
    goes.set()
    writer.start(order.append, "second")
    writer.wait()
    assert order == ["training", "first", "second"]


def test_an_error_is_raised_where_it_is_asked_for_and_once():
    def fails():
        raise OSError("the disk is full")

    writer = BackgroundWriter()
    writer.start(fails)
    writer.join()
    with pytest.raises(OSError, match="full"):
        writer.raise_error()
    writer.raise_error()
    writer.start(fails)
    with pytest.raises(OSError, match="full"):
        writer.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority")
def test_the_writer_steps_back_and_the_training_does_not():
    def priority():
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    found = []
    before = priority()
    writer = BackgroundWriter()
    writer.start(lambda: found.append(priority()))
    writer.wait()
    assert found[0] > before == priority()


def test_what_was_written_is_not_held_any_longer():
    class Content:
        pass

    writer, content = BackgroundWriter(), Content()
    references = sys.getrefcount(content)
    writer.start(lambda _: None, content)
    writer._thread.join()
    assert sys.getrefcount(content) == references

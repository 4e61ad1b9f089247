"""What several workers agree on; two real ones do in `test_strategy.py`."""

import pytest
import tensorflow as tf

from keras_nn.training import agreement
from keras_nn.training.agreement import Agreement


class Workers:
    """Stands for a strategy of several workers, seen by the chief."""

    class extended:
        should_checkpoint = True


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass, and what the chief sends."""
    now = [0.0]
    monkeypatch.setattr(agreement.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(
        agreement.keras_internals, "spans_workers", lambda _: True
    )
    monkeypatch.setattr(
        agreement, "sum_over_workers", lambda _, numbers: list(numbers)
    )
    return now


def exchanges(one, clock, steps, seconds):
    """The steps behind which the workers exchange what they know."""
    found = []
    for step in range(steps):
        clock[0] += seconds
        if one.behind_step(True, False)[0]:
            found.append(step)
    return found


def test_a_worker_alone_agrees_at_once():
    one = Agreement(tf.distribute.get_strategy())
    assert one.behind_step(False, True) == (False, True)
    assert one.at_once(True, False) == (True, False)
    one.wait_for_all()


def test_workers_exchange_what_they_know_about_once_a_second(clock):
    found = exchanges(Agreement(Workers), clock, 200, 0.0625)
    assert found[:5] == [0, 1, 3, 7, 15]
    assert {b - a for a, b in zip(found[5:], found[6:], strict=False)} == {16}


def test_workers_ask_behind_every_step_that_takes_longer(clock):
    assert exchanges(Agreement(Workers), clock, 9, 1.5) == list(range(9))


def test_what_is_asked_at_once_is_agreed_at_once(clock):
    one = Agreement(Workers)
    exchanges(one, clock, 40, 0.05)
    assert one.behind_step(True, True) == (False, False)
    assert one.at_once(False, True) == (False, True)
    # The pace is kept where no step lay between.
    assert one.at_once(True, False) == (True, False)
    assert one._gap > 1

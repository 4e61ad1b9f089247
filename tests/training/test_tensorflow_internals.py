"""The private names of TensorFlow that workers stand on are where they were."""

import inspect

import numpy as np
import tensorflow as tf
from tensorflow.python.data.ops import map_op
from tensorflow.python.distribute import collective_all_reduce_strategy
from tensorflow.python.eager import context

from keras_nn.training import tensorflow_internals
from keras_nn.training.cluster import cluster_resolver


def test_knows_whether_something_has_run():
    tf.constant(1.0)
    assert tensorflow_internals.has_run()
    assert hasattr(context.Context(), "_context_handle")
    assert context.Context()._context_handle is None


def test_knows_whether_a_seed_is_set(monkeypatch):
    tf.random.set_seed(1)
    assert tensorflow_internals.seed_is_set()
    monkeypatch.setattr(context.context(), "_seed", None)
    assert not tensorflow_internals.seed_is_set()


def test_the_seed_of_operations_can_be_put_back():
    tf.random.set_seed(1)
    before = tensorflow_internals.global_seed()
    expected = float(tf.random.uniform(()))
    tf.random.set_seed(1)
    state = tensorflow_internals.global_seed()
    assert state[0] == before[0] == 1
    tf.random.set_seed(2)
    tensorflow_internals.restore_global_seed(state)
    assert float(tf.random.uniform(())) == expected


def test_a_seed_that_was_never_set_can_be_put_back(monkeypatch):
    tf.random.set_seed(1)
    monkeypatch.setattr(context.context(), "_seed", None)
    monkeypatch.delattr(context.context(), "_rng")
    state = tensorflow_internals.global_seed()
    tf.random.set_seed(2)
    tensorflow_internals.restore_global_seed(state)
    assert not tensorflow_internals.seed_is_set()
    tf.random.uniform(())


def test_knows_whether_xla_will_compile():
    found = []

    def step(x):
        found.append(tensorflow_internals.compiles())
        # Inside of what is compiled, too.
        inner = tf.function(lambda x: x + len(found))
        return inner(x)

    tf.function(step, jit_compile=True)(1.0)
    tf.function(step)(1.0)
    step(1.0)
    assert found == [True, False, False]


def test_an_inline_map_is_a_map():
    parameters = inspect.signature(map_op._MapDataset).parameters
    assert parameters["use_inter_op_parallelism"].default is True

    def doubled(x):
        return {"x": 2 * x}

    dataset = tf.data.Dataset.range(4).batch(2)
    inline = tensorflow_internals.inline_map(dataset, doubled)
    mapped = dataset.map(doubled)
    assert inline.element_spec == mapped.element_spec
    assert inline.cardinality() == 2
    for left, right in zip(inline, mapped, strict=True):
        np.testing.assert_array_equal(left["x"], right["x"])


def test_the_watch_is_configured_before_the_start(monkeypatch):
    fresh = context.Context()
    monkeypatch.setattr(context, "context", lambda: fresh)
    resolver = cluster_resolver(
        {"KERAS_NN_WORKERS": "a:1,b:2", "JOB_COMPLETION_INDEX": "1"}
    )
    tensorflow_internals.watch_workers(resolver, 20, 600)
    service = fresh.coordination_service
    assert service.heartbeat_timeout_in_ms == 20_000
    assert service.cluster_register_timeout_in_ms == 600_000
    assert service.service_leader == "/job:worker/replica:0/task:0"
    assert [(j.name, j.num_tasks) for j in service.coordinated_job_list] == [
        ("worker", 2)
    ]


def test_the_strategy_keeps_a_watch_that_is_configured():
    extended = collective_all_reduce_strategy.CollectiveAllReduceExtended
    source = inspect.getsource(extended._initialize_multi_worker)
    assert "if context.context().coordination_service is None:" in source
    assert "check_health = False" in source  # heartbeats take its place

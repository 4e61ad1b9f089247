"""One process, one strategy, one seed, and the folders a backend can test.

The parts are tested on JAX, without TensorFlow, by hand:
`KERAS_BACKEND=jax pytest`.
"""

import gc
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest

from keras_nn.testing import two_replicas

TENSORFLOW = keras.config.backend() == "tensorflow"
# What these folders and files test imports TensorFlow: the engine and all
# that stands on it.
collect_ignore = []
# The generators of each test file, and the states that they began in.
GENERATORS = {}
if TENSORFLOW:
    two_replicas()
else:
    collect_ignore += ["applications", "benchmarks", "callbacks", "cli"]
    collect_ignore += ["data", "explain", "generation", "training"]
    collect_ignore += ["tutorials"]
    collect_ignore += [
        f"models/diffusion/test_{name}.py"
        for name in ("diffusion_model", "guided_sampling")
    ]
    collect_ignore += [
        f"models/autoencoder/test_{name}.py"
        for name in ("autoencoder", "importance_sampling", "vae", "vqvae")
    ]
    collect_ignore += ["models/anomaly", "models/energy"]
    collect_ignore += [
        f"models/flow/test_{name}.py" for name in ("flow", "flow_sampling")
    ]
    collect_ignore += [
        f"models/graph/test_{name}.py"
        for name in (
            "dgi",
            "gae",
            "light_gcn",
            "link_network",
            "node2vec",
            "vgae",
        )
    ]
    collect_ignore += [
        f"models/gan/test_{name}.py"
        for name in ("gan", "gradient_penalty", "zero_centred_penalty")
    ]
    collect_ignore += [
        f"testing/test_{name}.py"
        for name in (
            "accumulated_step",
            "check_application",
            "check_callback",
            "compiled_steps",
            "events",
            "replica_step",
            "replicas",
            "training_run",
        )
    ]


def pytest_collection_finish(session):
    """Notes the generators of all files, and spares the garbage collector.

    Traced graphs are many small objects: searching all modules each time
    some hundred came to be costs a tenth of the whole run. So what lives as
    long as the process is left out.
    """
    for module in {getattr(item, "module", None) for item in session.items}:
        for value in vars(module).values() if module else ():
            if isinstance(value, np.random.Generator):
                state = value.bit_generator.state
                GENERATORS.setdefault(module, []).append((value, state))
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """A test, and what its file shares, draw alike whatever ran before."""
    keras.utils.set_random_seed(0)
    for generator, state in GENERATORS.get(getattr(item, "module", None), ()):
        generator.bit_generator.state = state


@pytest.fixture(autouse=True)
def fresh_names_and_seed():
    """Each test starts from the same seed and fresh automatic names."""
    keras.utils.set_random_seed(0)
    # Collecting garbage each time takes longer than most tests.
    keras.utils.clear_session(free_memory=False)

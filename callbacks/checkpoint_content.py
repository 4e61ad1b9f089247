"""What a checkpoint holds of a training, and how the training gets it back."""

from keras_nn.callbacks import callback_state
from keras_nn.callbacks import event_files
from keras_nn.training import plain_values
from keras_nn.training import state as training_state

_METRICS = "metric/"


def capture(session, callbacks, log_dirs, step):
    """All that the rest of the training depends on, as it is now.

    Called by every worker: some variables are read by all of them together.

    Args:
        session: `FitSession`.
        callbacks: list of the callbacks whose state is kept.
        log_dirs: list of str. Where event files are.
        step: int. Steps of this epoch that are done; None at its end.

    Returns:
        `(state, arrays)`: a dict for JSON, and a dict from name to NumPy
        array, which no further step changes.
    """
    model = session.model
    values = training_state.values_of(training_state.variables_of(model))
    held = {}
    state = plain_values.encode(
        {
            "variables": list(values),
            "model": callback_state.of(model),
            "callbacks": callback_state.of_all(callbacks),
            "history": model.history.history,
            "epochs": model.history.epoch,
            "position": session.position.state(step),
            "random": training_state.random_state(),
        },
        "state",
        held,
    )
    state["events"] = event_files.sizes(log_dirs)
    # A callback may write to its arrays while the checkpoint is written.
    held = {name: array.copy() for name, array in held.items()}
    return state, {**values, **held}


def restore(state, arrays, session, callbacks):
    """Gives everything back but the position, when callbacks have begun.

    Raises:
        ValueError: if the checkpoint is of another model.
    """
    model = session.model
    decoded = plain_values.decode(state, arrays)
    session.build()
    training_state.restore_variables(
        training_state.variables_of(model),
        {name: arrays[name] for name in state["variables"]},
    )
    if decoded["model"] is not None:
        model.restore_checkpoint_state(decoded["model"])
    callback_state.restore(callbacks, decoded["callbacks"])
    model.history.history = decoded["history"]
    model.history.epoch = decoded["epochs"]
    training_state.restore_random_state(decoded["random"])


def restore_metrics(state, arrays, model):
    """Gives the metrics back, which Keras zeroes as an epoch begins."""
    variables = training_state.variables_of(model).values()
    for variable, name in zip(variables, state["variables"], strict=True):
        if name.startswith(_METRICS):
            variable.assign(arrays[name])

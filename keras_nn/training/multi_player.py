import functools

import keras
import tensorflow as tf

from keras_nn.training import accumulation
from keras_nn.training.divergence import ADVICE
from keras_nn.training.model import Model


class MultiPlayerModel(Model):
    """A model whose parts are trained against each other, in turns.

    A subclass names its players and gives each its weights and its loss; a
    step plays the `schedule`, one update of one player after another, on the
    same batch. Each player has an optimiser of its own, made in `compile()`
    and built at once, so that saving and loading keep its state.

    An optimiser with `use_ema` leaves its player the averaged weights when
    `fit` ends. Where the optimisers accumulate gradients, each turn is played
    on all batches of the update before the next turn begins: the game is that
    of the larger batch.

    A subclass implements

    - `player_weights(player)`: list of the variables that the player moves;
    - `player_loss(player, x, y, sample_weight, training)`: scalar tensor,
      written as a mean over the examples at hand (see `Model`);
    - `schedule`: tuple of player names, the order of play. A name may recur:
      `("discriminator",) * 5 + ("generator",)`.

    Logs hold `<player>_loss` for every player, and `loss`, their sum.

    Raises:
        ValueError: where `compile` does not get one optimiser a player; where
            a loss of `fit` stops being a number.

    Example:

    >>> import keras, numpy as np
    >>> from keras_nn.training import MultiPlayerModel
    >>> class TugOfWar(MultiPlayerModel):
    ...     schedule = ("left", "right")
    ...     def __init__(self, **kwargs):
    ...         super().__init__(**kwargs)
    ...         self.left = self.add_weight(name="left")
    ...         self.right = self.add_weight(name="right")
    ...         self.built = True
    ...     def player_weights(self, player):
    ...         return [getattr(self, player)]
    ...     def player_loss(self, player, x, y, sample_weight, training):
    ...         rope = keras.ops.mean(x) * (self.left - self.right)
    ...         return rope if player == "left" else -rope
    ...     def call(self, x):
    ...         return x * (self.left - self.right)
    >>> model = TugOfWar()
    >>> model.compile(optimizer={"left": "sgd", "right": "adam"})
    >>> sorted(model.fit(np.ones((4, 1)), verbose=0).history)
    ['left_loss', 'loss', 'right_loss']

    Reference:
        [Goodfellow et al., 2014](https://arxiv.org/abs/1406.2661),
        algorithm 1.
    """

    divergence_advice = ADVICE
    schedule = ()

    def player_weights(self, player):
        """List of the variables that `player` moves."""
        raise _missing(self, "player_weights")

    def player_loss(self, player, x, y, sample_weight, training):
        """Scalar tensor that `player` makes small."""
        raise _missing(self, "player_loss")

    @property
    def players(self):
        """Tuple of player names, each once, in the order of play."""
        return tuple(dict.fromkeys(self.schedule))

    def compile(
        self,
        optimizer=None,
        metrics=None,
        auto_scale_loss=True,
        run_eagerly=False,
        jit_compile="auto",
    ):
        """Gives every player its optimiser.

        Args:
            optimizer: dict from player name to optimiser, by name, config or
                instance.
            metrics: as in `keras.Model.compile`.
            auto_scale_loss: bool. Wrap the optimisers in a
                `LossScaleOptimizer` under `mixed_float16`.
            run_eagerly: as in `keras.Model.compile`.
            jit_compile: as in `keras.Model.compile`.
        """
        given = dict(optimizer or {})
        if set(given) != set(self.players):
            raise ValueError(
                "`optimizer` must be a dict with one optimiser for each of "
                f"{self.players}. Received: optimizer={optimizer!r}"
            )
        given = {p: keras.optimizers.get(given[p]) for p in self.players}
        if len({id(one) for one in given.values()}) < len(given):
            raise ValueError(
                "Players must not share an optimiser instance. Received: "
                f"optimizer={optimizer!r}"
            )
        super().compile(
            optimizer=None,
            metrics=metrics,
            run_eagerly=run_eagerly,
            jit_compile=jit_compile,
        )
        half = self.dtype_policy.name == "mixed_float16" and auto_scale_loss
        self.optimizers = {
            player: _scaled(one) if half else one
            for player, one in given.items()
        }
        self.player_trackers = {
            player: keras.metrics.Mean(name=f"{player}_loss")
            for player in self.players
        }
        self._player_compile_config = {
            "optimizer": given,
            "metrics": metrics,
            "auto_scale_loss": auto_scale_loss,
            "run_eagerly": run_eagerly,
            "jit_compile": self.jit_compile,
        }
        self._build_optimizers()

    def get_compile_config(self):
        if not self.compiled:
            return None
        return keras.saving.serialize_keras_object(self._player_compile_config)

    def compile_from_config(self, config):
        self.compile(**keras.saving.deserialize_keras_object(config))

    @property
    def all_optimizers(self):
        return list(self.optimizers.values())

    @property
    def loss_trackers(self):
        return [*super().loss_trackers, *self.player_trackers.values()]

    @property
    def metrics(self):
        own = list(self.player_trackers.values()) if self.compiled else []
        inherited = [m for m in super().metrics if m not in own]
        return inherited + own

    def accumulate(self, steps):
        given = dict(self._player_compile_config)
        optimizers = {}
        for player, one in given["optimizer"].items():
            # They are built, for accumulation of another length.
            fresh = type(one).from_config(one.get_config())
            accumulation.set_steps(fresh, steps)
            optimizers[player] = fresh
        self.compile(**{**given, "optimizer": optimizers})

    def fit(self, *args, **kwargs):
        history = super().fit(*args, **kwargs)
        self.take_averages()
        return history

    def take_averages(self):
        """Leaves each player the averaged weights its optimiser holds.

        What Keras does at the end of `fit` for the one optimiser that it
        knows of.
        """
        for player, optimizer in self.optimizers.items():
            optimizer.finalize_variable_values(self.player_weights(player))

    def turns(self):
        if type(self).train_step is not MultiPlayerModel.train_step:
            return super().turns()
        last = {player: turn for turn, player in enumerate(self.schedule)}
        names = [(p, last[p] == turn) for turn, p in enumerate(self.schedule)]
        return [(name, functools.partial(self._play, *name)) for name in names]

    def train_step(self, data):
        for _, play in self.turns():
            logs = play(data)
        return logs

    def test_step(self, data):
        x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
        for player in self.players:
            loss = self.player_loss(player, x, y, sample_weight, False)
            self._track(player, loss)
        return self.get_metrics_result()

    def _play(self, player, is_last, data):
        """One update of one player; its last one on a batch is reported."""
        x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            loss = self.player_loss(player, x, y, sample_weight, True)
        self.minimize(
            loss, tape, self.player_weights(player), self.optimizers[player]
        )
        if is_last:
            self._track(player, loss)
        return self.get_metrics_result()

    def _track(self, player, loss):
        self.track_loss(loss, self.player_trackers[player])
        # The mean over the players of this is the sum of their losses.
        self.track_loss(len(self.players) * tf.cast(loss, "float32"))

    def _build_optimizers(self):
        with self.distribute_strategy.scope():
            for player, optimizer in self.optimizers.items():
                weights = self.player_weights(player) if self.built else []
                if weights and not optimizer.built:
                    optimizer.build(weights)


def _scaled(optimizer):
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        return optimizer
    return keras.optimizers.LossScaleOptimizer(optimizer)


def _missing(model, method):
    return TypeError(
        f"{type(model).__name__} must implement `{method}`. Received: a "
        "subclass of MultiPlayerModel without it"
    )

import warnings
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from keras_nn.explain.functional_view import FunctionalView
from keras_nn.explain.inner_views import tensor_of
from keras_nn.explain.scores import Scores


@dataclass(frozen=True)
class ConceptScore:
    """How a class depends on a concept.

    Args:
        concept: str.
        target: int. The class.
        scores: float array `(runs,)`: in each run the share of the inputs
            whose class score rises along the concept.
        random_scores: float array `(runs,)`: the same of random examples in
            place of the concept.
        p_value: float. Of Welch's two-sided test of the two means, times the
            number of concepts asked about (Bonferroni), at most 1.
        accuracy: float. Of telling the concept's examples from random ones, on
            a third that was held back; the mean over runs.
        level: float. Below it the test is significant.

    Example:

    >>> found = ConceptScore("stripes", 0, np.array([0.9, 0.8]),
    ...                      np.array([0.5, 0.4]), 0.02, 0.95)
    >>> round(found.score, 2), found.is_significant
    (0.85, True)
    """

    concept: str
    target: int
    scores: np.ndarray
    random_scores: np.ndarray
    p_value: float
    accuracy: float
    level: float = 0.05

    @property
    def score(self):
        """float. The mean over runs."""
        return float(self.scores.mean())

    @property
    def is_significant(self):
        """bool. Whether random examples would hardly give such scores."""
        return bool(self.p_value < self.level)


class ConceptVectors:
    """Does a class depend on a concept that examples show (TCAV)?

    `score = |{x : d y_target(a(x)) / da . v > 0}| / |{x}|`

    of the activations `a` of a layer; `v` is the normal of the plane by which
    a linear classifier tells examples of the concept from random ones. Each
    run has other random examples; the same is done with random examples in
    place of the concept, and the two means are tested. A score that is not
    significant says nothing, however high it is.

    Args:
        model: any built `keras.Model`, as for `Explainer`.
        layer: str. Name of a layer; of one in a nested model its own name.
        output: str, int or None. Which output is explained. Defaults to None.
        linear: bool. Whether to explain the logit. Defaults to True.
        runs: int. Vectors a concept, at least 2. Defaults to 10.
        penalty: float. Inverse strength of the linear classifier's. Defaults
            to 0.1.
        seed: int. Of what is drawn. Defaults to 0.
        batch_size: int. Rows that the model sees at once. Defaults to 64.

    Raises:
        ValueError: if there is no such layer, or examples are too few.

    Example:

    >>> model = keras.Sequential([
    ...     keras.Input((4,)), keras.layers.Dense(3, name="hidden"),
    ...     keras.layers.Dense(2),
    ... ])
    >>> random = np.random.default_rng(0)
    >>> x = random.normal(size=(90, 4)).astype("float32")
    >>> found = ConceptVectors(model, "hidden", runs=2).test(
    ...     {"first": x[:30] + np.array([3, 0, 0, 0])}, x[30:], x[:20], 1)
    >>> found[0].concept, found[0].accuracy > 0.7
    ('first', True)

    Reference:
        [Kim et al., 2018](https://arxiv.org/abs/1711.11279)
    """

    def __init__(
        self,
        model,
        layer,
        output=None,
        linear=True,
        runs=10,
        penalty=0.1,
        seed=0,
        batch_size=64,
    ):
        if runs < 2 or penalty <= 0:
            raise ValueError(
                "`runs` must be at least 2, `penalty` positive. "
                f"Received: {runs=}, {penalty=}"
            )
        self.model = model
        self.layer = layer
        self.output = output
        self.linear = linear
        self.runs = runs
        self.penalty = penalty
        self.seed = seed
        self.batch_size = batch_size

    def test(self, concepts, random, inputs, target):
        """Asks of each concept whether the class depends on it.

        Args:
            concepts: dict from a name to examples, inputs of the model.
            random: examples of anything, at least twice as many as of the
                largest concept.
            inputs: examples of the class, whose scores are looked at.
            target: int. The class.

        Returns:
            A list of `ConceptScore`, one a concept.
        """
        view = FunctionalView(self.model, inputs, linear=self.linear)
        scores = Scores(view, self.output, self.batch_size)
        watched = self._watched(view)
        size = len(keras.tree.flatten(inputs)[0])
        targets = scores.choose(view.flat_inputs(inputs), [target] * size)
        slopes = self._slopes(watched, view, scores, inputs, targets)
        of_random = self._activations(watched, view, random)
        most = max(len(keras.tree.flatten(x)[0]) for x in concepts.values())
        if most < 3 or len(of_random) < 2 * most:
            raise ValueError(
                "a concept needs at least 3 examples, and random ones must be "
                f"twice as many as the most of a concept. Received: {most} and "
                f"{len(of_random)} examples"
            )
        drawn = np.random.default_rng(self.seed)
        found = []
        for name, examples in concepts.items():
            of_concept = self._activations(watched, view, examples)
            ours, theirs, told = [], [], []
            for _ in range(self.runs):
                order = drawn.permutation(len(of_random))
                count = len(of_concept)
                beside = of_random[order[:count]]
                instead = of_random[order[count : 2 * count]]
                vector, accuracy = self._vector(of_concept, beside, drawn)
                ours.append((slopes @ vector > 0).mean())
                told.append(accuracy)
                vector, _ = self._vector(instead, beside, drawn)
                theirs.append((slopes @ vector > 0).mean())
            ours, theirs = np.array(ours), np.array(theirs)
            found.append(
                ConceptScore(
                    name,
                    int(target),
                    ours,
                    theirs,
                    min(1.0, len(concepts) * _p_value(ours, theirs)),
                    float(np.mean(told)),
                )
            )
        return found

    def _watched(self, view):
        """A model from inputs to the layer's activations and all outputs."""
        inner = tensor_of(view, self.layer)
        return keras.Model(view.model.inputs, [inner, *view.outputs])

    def _parts(self, view, inputs):
        flat = view.flat_inputs(inputs)
        for start in range(0, len(flat[0]), self.batch_size):
            rows = slice(start, start + self.batch_size)
            yield rows, [tf.convert_to_tensor(x[rows]) for x in flat]

    def _activations(self, watched, view, inputs):
        parts = [
            np.asarray(watched(part, training=False)[0])
            for _, part in self._parts(view, inputs)
        ]
        found = np.concatenate(parts)
        return found.reshape(len(found), -1).astype("float64")

    def _slopes(self, watched, view, scores, inputs, targets):
        """Gradients of the scores by the activations: `(n, features)`."""
        index = view.output_index(self.output)
        found = []
        for rows, part in self._parts(view, inputs):
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch([x for x in part if x.dtype.is_floating])
                inner, *outputs = watched(part, training=False)
                value = scores.of_classes(outputs[index], targets[rows])
            slope = tape.gradient(value, inner, unconnected_gradients="zero")
            found.append(np.asarray(slope).reshape(len(slope), -1))
        return np.concatenate(found).astype("float64")

    def _vector(self, concept, beside, drawn):
        """Unit normal towards the concept, and how well it tells."""
        from sklearn.linear_model import LogisticRegression

        x = np.concatenate([concept, beside])
        y = np.repeat([1, 0], [len(concept), len(beside)])
        order = drawn.permutation(len(x))
        held = order[: max(2, len(x) // 3)]
        learnt = order[len(held) :]
        if len(np.unique(y[learnt])) < 2:  # of a handful of examples
            learnt = order
        spread = x[learnt].std() + 1e-12  # one number: it turns no vector
        classifier = LogisticRegression(C=self.penalty, max_iter=1000)
        classifier.fit(x[learnt] / spread, y[learnt])
        accuracy = classifier.score(x[held] / spread, y[held])
        vector = classifier.coef_[0]
        return vector / (np.linalg.norm(vector) + 1e-12), accuracy


def _p_value(one, two):
    """Welch's two-sided test; equal constants do not differ."""
    from scipy import stats

    if one.std() + two.std() == 0:
        return 1.0 if one[0] == two[0] else 0.0
    with warnings.catch_warnings():
        # One of the two may be constant; the test holds all the same.
        warnings.simplefilter("ignore", RuntimeWarning)
        return float(stats.ttest_ind(one, two, equal_var=False).pvalue)

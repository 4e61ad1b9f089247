import weakref

from keras_nn import explain
from keras_nn.callbacks.classifier_instrument import ClassifierInstrument
from keras_nn.callbacks.drawing import sprites
from keras_nn.callbacks.last_look import LastLook
from keras_nn.callbacks.projector_files import show_points
from keras_nn.callbacks.validation_sample import ValidationSample


class EmbeddingProjector(LastLook, ClassifierInstrument):
    """Shows how a classifier arranges examples, in TensorBoard's Projector.

    Each example of the sample becomes a point: the features that the last
    layer with weights looks at, projected by PCA, t-SNE or UMAP.

    Read it for: choose "Color by: true". Separate islands of one colour are
    classes that the model tells apart; a bridge between two colours holds the
    examples it confuses; a point in a foreign island is a mistake or a wrong
    label. Click a point for its nearest neighbours.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `ValidationSample`, or anything `ValidationSample.of` takes.
        every: int or None. Write once per this many epochs, and when training
            ends; None means only then. Defaults to None.
        sprite_size: int. Side of the small pictures, in pixels. Defaults
            to 48.

    Writes to `log_dir/validation`, each time replacing what was there:
        `projector_config.pbtxt`: what TensorBoard reads first; what other
            instruments put there is kept.
        `penultimate.tensor.tsv`: one line per example, one feature per
            column, unitless.
        `penultimate.metadata.tsv`: true class, predicted class, its
            probability, and the example's number in the sample.
        `penultimate.sprites.png`: the pictures, if the sample has any.
        `embedding_projector`: text in the event file, at the epoch's index:
            what the points are. (TensorBoard lists only folders with events.)

    Example:

    >>> import keras, numpy as np, pathlib, tempfile
    >>> from keras_nn.testing import read_events
    >>> layers = [keras.layers.Conv2D(2, 3), keras.layers.Flatten()]
    >>> layers = [keras.Input((8, 8, 1)), *layers]
    >>> model = keras.Sequential([*layers, keras.layers.Dense(3, "softmax")])
    >>> model.compile("sgd", "sparse_categorical_crossentropy")
    >>> x, y = np.random.rand(6, 8, 8, 1).astype("float32"), np.arange(6) % 3
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> instrument = EmbeddingProjector(folder, (x, y))
    >>> _ = model.fit(x, y, verbose=0, callbacks=[instrument])
    >>> list((folder / "validation").glob("*.pbtxt"))[0].name
    'projector_config.pbtxt'"""

    def __init__(self, log_dir, sample, every=None, sprite_size=48):
        super().__init__(log_dir, sample, 1 if every is None else every)
        self.every = every
        self.sprite_size = sprite_size
        self._source = lambda: None

    def report(self, epoch, probabilities):
        features = self._features()
        names = self.sample.names(probabilities.shape[1])
        sheet = None
        if self.sample.has_pictures:
            sheet = sprites(self.sample.pictures, self.sprite_size)
            sheet = sheet, self.sprite_size
        show_points(
            self,
            epoch,
            "penultimate",
            "embedding_projector",
            "penultimate layer",
            f"{len(features)} examples, {features.shape[1]} features of the "
            "penultimate layer",
            features,
            _metadata(names, self.sample.labels, probabilities),
            sheet,
        )

    def _features(self):
        if self._source() is not self.model:
            self._source = weakref.ref(self.model)
            self._view = explain.FunctionalView(self.model, self.sample.x)
            self._to_features = explain.penultimate_features(
                self._view, self.sample.output
            )
            self._inputs = ValidationSample(
                self._view.flat_inputs(self.sample.x)
            )
        else:
            self._view.refresh()
        return self._inputs.predictions(self._to_features)


def _metadata(names, labels, probabilities):
    predicted = probabilities.argmax(axis=1)
    rows = [["true", "predicted", "probability", "example"]]
    for i, (label, guess) in enumerate(zip(labels, predicted, strict=True)):
        believed = probabilities[i, guess]
        rows.append([names[label], names[guess], f"{believed:.3f}", str(i)])
    return rows

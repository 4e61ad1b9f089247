"""The instruments that suit a classifier of pictures."""


def classifier_inspectors(app, log_dir, validation_data, every):
    """Instruments beyond those that suit every application: a list.

    Args:
        app: `ImageClassifier`.
        log_dir, validation_data, every: as of `Application.inspectors`.
    """
    from keras_nn import callbacks

    found = []
    if callbacks.FilterGallery.suits(app):
        found.append(callbacks.FilterGallery(log_dir, every=5 * every))
    if validation_data is None:
        return found
    sample = callbacks.ValidationSample.of(
        validation_data, class_names=app.class_names
    )
    found += [
        callbacks.ActivationMonitor(log_dir, sample.x, every),
        callbacks.ConfusionMatrix(log_dir, sample, every),
        callbacks.PrecisionRecallCurves(log_dir, sample, every),
        callbacks.ReliabilityDiagram(log_dir, sample, every),
        callbacks.EmbeddingProjector(log_dir, sample),
    ]
    if not sample.has_pictures:  # for example, 13 spectral bands
        return found
    found += [
        callbacks.WorstExamples(log_dir, sample, every),
        callbacks.SaliencyMaps(log_dir, sample, 5 * every),
    ]
    return found + _of_network(app, log_dir, sample, every)


def label_inspectors(app, log_dir, validation_data, every):
    """The same for pictures with any number of labels each: a list.

    Args:
        app: `MultiLabelImageClassifier`.
        log_dir, validation_data, every: as of `Application.inspectors`.
    """
    from keras_nn import callbacks

    found = []
    if callbacks.FilterGallery.suits(app):
        found.append(callbacks.FilterGallery(log_dir, every=5 * every))
    if validation_data is None:
        return found
    sample = callbacks.ValidationSample.of(
        validation_data, class_names=app.class_names, multi_label=True
    )
    found += [
        callbacks.ActivationMonitor(log_dir, sample.x, every),
        callbacks.PrecisionRecallCurves(log_dir, sample, every),
    ]
    if not sample.has_pictures:
        return found
    shown = callbacks.LabelPictures(
        log_dir, sample, every, threshold=app.threshold
    )
    return [*found, shown, *_of_network(app, log_dir, sample, every)]


def _of_network(app, log_dir, sample, every):
    """Instruments that look into the network, at pictures."""
    from keras_nn import callbacks

    found = []
    if callbacks.FeatureMaps.suits(app):
        found.append(callbacks.FeatureMaps(log_dir, sample, 5 * every))
    if callbacks.AttentionMaps.suits(app):
        found.append(callbacks.AttentionMaps(log_dir, sample, 5 * every))
    if any((app.crop, app.policy, app.augmentation, app.mixing)):
        found.append(callbacks.AugmentationPreview(log_dir, sample, 5 * every))
    return found

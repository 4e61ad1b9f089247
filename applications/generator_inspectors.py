"""The instruments that suit a generator of pictures."""

from keras_nn import data


def generator_inspectors(app, log_dir, validation_data, every):
    """Instruments beyond those that suit every application: a list.

    Args:
        app: `ImageGenerator`.
        log_dir, validation_data, every: as of `Application.inspectors`.
    """
    from keras_nn import callbacks

    how, options = {}, app.generator.generation_options
    if "steps" in options:
        how["steps"] = 20
    found = []
    if app.scoring and isinstance(validation_data, data.Split):
        found.append(
            app.scoring.instrument(log_dir, validation_data, 5 * every, **how)
        )
    if "shared" in options:
        how["shared"] = app.label_count or 1
    found.append(callbacks.SampleGrid(log_dir, 5 * every, **how))
    if callbacks.DenoisingStrips.suits(app):
        strips = callbacks.DenoisingStrips(log_dir, 10 * every, **how)
        found.append(strips)
    if validation_data is None:
        return found
    if callbacks.PictureComparison.suits(app):
        found.append(
            callbacks.PictureComparison(
                log_dir, validation_data, 5 * every, count=10, tile=64
            )
        )
    sample = callbacks.CodeSample(
        callbacks.ValidationSample.of(
            validation_data, class_names=app.class_names
        )
    )
    for instrument, how_often in (
        (callbacks.ActiveUnits, every),
        (callbacks.LatentTraversals, 10 * every),
        (callbacks.LatentMap, 10 * every),
        (callbacks.CodeProjector, None),
    ):
        if instrument.suits(app):
            found.append(instrument(log_dir, sample, how_often))
    return found

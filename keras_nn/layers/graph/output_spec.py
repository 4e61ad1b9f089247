import keras


def output_spec(shapes, dtypes):
    """Symbolic outputs of a layer that gives several types of tensors.

    Args:
        shapes: dict of shapes.
        dtypes: dict of types, with the same keys or more.
    """
    return {
        key: keras.KerasTensor(shape, dtype=dtypes[key])
        for key, shape in shapes.items()
    }

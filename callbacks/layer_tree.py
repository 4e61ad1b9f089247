import keras


def children(layer):
    """The layers that a layer or model is made of, one level down.

    Args:
        layer: `keras.layers.Layer` or `keras.Model`.

    Returns:
        A list of layers, in the order in which they were made, each once.

    Example:

    >>> block = keras.Sequential([keras.layers.Dense(1, name="dense")])
    >>> model = keras.Sequential([keras.Input((2,), name="in"), block])
    >>> [layer.name for layer in children(block)]
    ['dense']
    """
    if isinstance(layer, keras.Model):
        return list(layer.layers)
    found = {}
    for value in vars(layer).values():
        for item in _flatten(value):
            if isinstance(item, keras.layers.Layer):
                found.setdefault(id(item), item)
    return list(found.values())


def descendants(layer):
    """All layers below a layer or model, parents before their children.

    Args:
        layer: `keras.layers.Layer` or `keras.Model`.

    Returns:
        A list of `(path, layer)`, each layer once. The path is made of layer
        names and does not contain the name of `layer` itself; where two
        siblings bear one name, the later one gets a number.
    """
    pairs = []
    _walk(layer, "", pairs, {id(layer)})
    return pairs


def owners(model):
    """Which layer holds each weight of a model.

    Args:
        model: a built `keras.Model`.

    Returns:
        A dict from `id(variable)` to the path of the innermost layer that
        holds it, as in `descendants`; to the variable's own name where the
        model holds it directly.
    """
    found = {id(weight): weight.name for weight in model.variables}
    for path, layer in descendants(model):
        for weight in layer.variables:
            found[id(weight)] = path
    return found


def is_built(model):
    """Whether all weights of a model exist.

    Without a `tf.distribute` strategy Keras builds a subclassed model in its
    first training step, after `on_train_begin`.

    Args:
        model: `keras.Model`.

    Returns:
        bool.
    """
    return model.built and all(layer.built for _, layer in descendants(model))


def _walk(layer, prefix, pairs, seen):
    names = set()
    for child in children(layer):
        if id(child) in seen:
            continue
        seen.add(id(child))
        name, number = child.name, 1
        while name in names:
            name, number = f"{child.name}_{number}", number + 1
        names.add(name)
        pairs.append((f"{prefix}{name}", child))
        _walk(child, f"{prefix}{name}/", pairs, seen)


def _flatten(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [item for part in value for item in _flatten(part)]
    return [value]

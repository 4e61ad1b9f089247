from keras import ops

FAR = 1e12  # a distance that nothing reaches
DEAR = 1e6  # what a cost that is no number counts


def linear_assignment(costs, valid=None):
    """The cheapest way to give every object a place of its own.

    `min_s sum_j costs[s(j), j]` over all `s` that give no place twice

    The shortest augmenting paths of Jonker and Volgenant, one object after
    the other, for all pictures of a batch at once: exact, of a known number of
    steps, and so part of a compiled step.

    Args:
        costs: float tensor `(batch, places, objects)`, not fewer places than
            objects. Gradients do not pass. What is not finite is dearer than
            anything else.
        valid: bool tensor `(batch, objects)` or None. False for what fills up
            and needs no place.

    Returns:
        An int32 tensor `(batch, places)`: the number of the object, -1 for
        none.

    Raises:
        ValueError: if there are more objects than places.

    Example:

    >>> from keras import ops
    >>> costs = ops.convert_to_tensor([[[1.0, 2.0], [2.0, 9.0], [8.0, 8.0]]])
    >>> ops.convert_to_numpy(linear_assignment(costs)).tolist()
    [[1, 0, -1]]

    Reference:
        [Crouse, 2016](https://doi.org/10.1109/TAES.2016.140952)
    """
    costs = ops.stop_gradient(ops.cast(costs, "float32"))
    places, objects = costs.shape[1:]
    if objects > places:
        raise ValueError(
            "Every object needs a place of its own. Received: "
            f"{objects} objects and {places} places"
        )
    batch = ops.shape(costs)[0]
    if valid is None:
        valid = ops.ones((batch, objects), "bool")
    costs = ops.where(ops.isfinite(costs), costs, DEAR)
    rows = ops.transpose(costs, (0, 2, 1))  # (batch, objects, places)

    def assign(index, state):
        u, v, owner = state
        present = ops.take(valid, index, axis=1)
        return _augment(rows, index, present, u, v, owner)

    u = ops.zeros_like(rows[:, :, 0])  # prices of objects
    v = ops.zeros_like(rows[:, 0])  # prices of places
    owner = ops.cast(v, "int32") - 1  # the object of each place
    _, _, owner = ops.fori_loop(0, objects, assign, (u, v, owner))
    return ops.stop_gradient(owner)


def _augment(rows, index, present, u, v, owner):
    """One more object gets a place, others may move for it.

    A tree of places grows from the object, the nearest first, until it holds
    a free one in every picture; along the way back each object moves on.
    """
    objects, places = rows.shape[1:]
    row_ids, place_ids = ops.arange(objects), ops.arange(places)
    start = ops.zeros_like(owner[:, 0]) + ops.cast(index, "int32")

    def unfinished(last, row, *_):
        return ops.any(row >= 0)

    def grow(last, row, u, v, seen, rows_seen, distance, back):
        active = row >= 0
        at = ops.maximum(row, 0)
        here = ops.logical_and(row_ids == at[:, None], active[:, None])
        rows_seen = ops.logical_or(rows_seen, here)
        cost = ops.take_along_axis(rows, at[:, None, None], axis=1)[:, 0]
        price = ops.take_along_axis(u, at[:, None], axis=1)
        reduced = ops.where(seen, FAR, cost - price - v)
        nearer = ops.logical_and(reduced < distance, active[:, None])
        distance = ops.where(nearer, reduced, distance)
        back = ops.where(nearer, last[:, None], back)
        open_distance = ops.where(seen, FAR, distance)
        nearest = ops.cast(ops.argmin(open_distance, axis=1), "int32")
        delta = ops.min(open_distance, axis=1, keepdims=True)
        delta = ops.where(active[:, None], delta, 0.0)
        u = u + ops.where(rows_seen, delta, 0.0)
        v = v - ops.where(seen, delta, 0.0)
        distance = ops.where(seen, distance, distance - delta)
        chosen = ops.logical_and(place_ids == nearest[:, None], active[:, None])
        seen = ops.logical_or(seen, chosen)
        holder = ops.take_along_axis(owner, nearest[:, None], axis=1)[:, 0]
        row = ops.where(active, holder, -1)  # -1 at a free place
        last = ops.where(active, nearest, last)
        return last, row, u, v, seen, rows_seen, distance, back

    nowhere = ops.zeros_like(owner) - 1
    state = (
        ops.zeros_like(start) - 1,  # the place that the tree grew by
        ops.where(present, start, -1),  # the object to look from
        u,
        v,
        nowhere >= 0,
        ops.zeros_like(u) > 0,
        ops.zeros_like(v) + FAR,
        nowhere,  # the place before each place, -1 for the object itself
    )
    state = ops.while_loop(
        unfinished, grow, state, maximum_iterations=objects + 1
    )
    last, _, u, v, _, _, _, back = state

    def on_the_way(place, owner):
        return ops.any(place >= 0)

    def move(place, owner):
        active = place >= 0
        at = ops.maximum(place, 0)[:, None]
        before = ops.take_along_axis(back, at, axis=1)[:, 0]
        moved = ops.take_along_axis(
            owner, ops.maximum(before, 0)[:, None], axis=1
        )[:, 0]
        moved = ops.where(before >= 0, moved, start)
        here = ops.logical_and(place_ids == at, active[:, None])
        owner = ops.where(here, moved[:, None], owner)
        return ops.where(active, before, -1), owner

    _, owner = ops.while_loop(
        on_the_way, move, (last, owner), maximum_iterations=objects + 1
    )
    return u, v, owner

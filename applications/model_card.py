"""The model card: what a reader must know before using a model."""

import datetime

TEMPLATE = """\
# {title}

{summary}

## Model

- Application: `{application}`
- Parameters: {parameters:,}
- Trained: {date}
- Seed: {seed}

## Data

{data}

## Test results

{metrics}

{spread}

## Training

{training}

- Energy: {energy}

## Versions

{versions}

## Limits

The numbers hold for data drawn as the test part was. On other data, measure
first: `keras-nn evaluate RUN --data PATH`.
"""


def render(
    model,
    title=None,
    summary="",
    splits=None,
    metrics=None,
    intervals=None,
    expectation=None,
    training=None,
    seed=None,
    energy="not measured",
    versions=None,
):
    """Writes the card.

    Args:
        model: `Application`.
        title: str. Defaults to the model's name.
        summary: str. One sentence on the run.
        splits: `keras_nn.data.Splits` that the model was trained on.
        metrics: dict of test metrics.
        intervals: dict of metric name to `(low, high)`.
        expectation: `Expectation` of the recipe.
        training: dict of what the run was told: epochs, settings ...
        seed: int.
        energy: str. What was measured, or that nothing was.
        versions: dict of package name to version.

    Returns:
        str, Markdown.
    """
    return TEMPLATE.format(
        title=title or model.name,
        summary=summary,
        application=type(model).__name__,
        parameters=model.count_params(),
        date=datetime.date.today().isoformat(),
        seed="not set" if seed is None else seed,
        data=_data(splits),
        metrics=_metrics(metrics or {}, intervals or {}),
        spread=_spread(intervals, expectation),
        training=_list(training or {}),
        energy=energy,
        versions=_list(versions or {}),
    )


def _data(splits):
    if splits is None:
        return "Not recorded."
    sizes = ", ".join(
        f"{name} {len(part)}"
        for name in ("train", "validation", "test")
        if (part := getattr(splits, name)) is not None
    )
    facts = {
        "Name": splits.name,
        "Source": splits.source,
        "Licence": splits.licence,
        "Examples": sizes,
    }
    if splits.class_names is not None:
        names = [str(name) for name in splits.class_names]
        shown = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
        facts["Classes"] = f"{len(names)} ({shown})"
    return f"{splits.description}\n\n{_list(facts)}".strip()


def _metrics(metrics, intervals):
    rows = ["| metric | value | 95 % interval |", "|---|---|---|"]
    for name, value in metrics.items():
        spread = "not computed"
        if name in intervals:
            low, high = intervals[name]
            spread = f"{low:.4f} to {high:.4f}"
        rows.append(f"| {name} | {value:.4f} | {spread} |")
    return "\n".join(rows)


def _spread(intervals, expectation):
    lines = []
    if intervals:
        lines.append(
            "Intervals: bootstrap over test examples, 1000 resamples; they "
            "do not hold the spread over seeds (one training run)."
        )
    if expectation is not None and expectation.published is not None:
        lines.append(
            f"Published: {expectation.metric} {expectation.published} "
            f"({expectation.source})."
        )
    return "\n".join(lines)


def _list(facts):
    return "\n".join(f"- {key}: {value}" for key, value in facts.items())

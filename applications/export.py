"""Exports of an application, each compared with its own predictions."""

import importlib.util
import shutil
import tempfile
import warnings
from pathlib import Path

import numpy as np
import tensorflow as tf

from keras_nn.applications.unknown_choice import UnknownChoice
from keras_nn.data import atomic_file

KERAS_NAMES = {
    "saved_model": "tf_saved_model",
    "onnx": "onnx",
    "litert": "litert",
}
SUFFIXES = {"saved_model": "", "onnx": ".onnx", "litert": ".tflite"}
PACKAGES = {"onnx": ("tf2onnx", "onnx", "onnxruntime")}


def export(
    keras_export, model, path, format, verbose=None, check=None, **kwargs
):
    """Writes a model's forward pass and compares its predictions.

    Args:
        keras_export: callable, `keras.Model.export` of the model.
        model: `Application`.
        path: str. A file (`.onnx`, `.tflite`), or a folder. Replaced only
            once the comparison has succeeded.
        format: str. `"saved_model"`, `"onnx"` or `"litert"`.
        verbose: bool or None, as in Keras.
        check: callable like `compare`, which it stands for, or None.
        **kwargs: further arguments of `keras.Model.export`.

    Raises:
        UnknownChoice: if the format is none of these.
        ImportError: naming what to install, if a package is missing.
        RuntimeError: if the exported network predicts otherwise.
    """
    format = {"tf_saved_model": "saved_model"}.get(format, format)
    if format not in KERAS_NAMES:
        raise UnknownChoice("export format", format, KERAS_NAMES)
    for package in PACKAGES.get(format, ()):
        if importlib.util.find_spec(package) is None:
            raise ImportError(
                f"Export to {format} needs {package}: "
                f'pip install "keras-nn[export]". Received: {format=}'
            )
    path = Path(path)
    if SUFFIXES[format] and path.suffix != SUFFIXES[format]:
        raise ValueError(
            f"The file of format {format} must end in {SUFFIXES[format]}. "
            f"Received: {path}"
        )
    kwargs.setdefault("input_signature", model.input_signature())
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        temporary = Path(folder) / f"export{SUFFIXES[format]}"
        with warnings.catch_warnings():
            # tf2onnx asks for names that NumPy has renamed.
            warnings.simplefilter("ignore", FutureWarning)
            keras_export(
                str(temporary), KERAS_NAMES[format], bool(verbose), **kwargs
            )
        (check or compare)(model, temporary, format)
        if temporary.is_dir():
            if path.is_dir():
                shutil.rmtree(path)
            temporary.rename(path)
        else:
            with atomic_file.atomic_path(path) as target:
                shutil.copyfile(temporary, target)


def compare(model, path, format, count=3, tolerance=1e-4):
    """Raises unless an exported network predicts what the model predicts."""
    inputs = model.example_inputs(count)
    expected = tf.nest.flatten(model.predict(inputs, verbose=0))
    received = RUNNERS[format](str(path), inputs)
    difference = max(
        float(np.max(np.abs(np.asarray(a, "float32") - b)))
        for a, b in zip(expected, received, strict=True)
    )
    if not difference <= tolerance:
        raise RuntimeError(
            f"The exported {format} network does not predict what the model "
            f"predicts: outputs differ by up to {tolerance=}. "
            f"Received: {difference}"
        )


def run_saved_model(path, inputs):
    """Outputs of a SavedModel, as a list of arrays."""
    loaded = tf.saved_model.load(path)  # holds the variables
    outputs = loaded.serve(inputs)
    return [output.numpy() for output in tf.nest.flatten(outputs)]


def run_onnx(path, inputs):
    """Outputs of an ONNX file under onnxruntime, as a list of arrays."""
    import onnxruntime

    session = onnxruntime.InferenceSession(
        path, providers=["CPUExecutionProvider"]
    )
    names = [spec.name for spec in session.get_inputs()]
    values = tf.nest.flatten(inputs)
    return session.run(None, dict(zip(names, values, strict=True)))


def run_litert(path, inputs):
    """Outputs of a LiteRT file, as a list of arrays."""
    interpreter = _litert_interpreter(path)
    details = interpreter.get_input_details()
    values = tf.nest.flatten(inputs)
    for detail, value in zip(details, values, strict=True):
        interpreter.resize_tensor_input(detail["index"], np.shape(value))
    interpreter.allocate_tensors()
    for detail, value in zip(details, values, strict=True):
        interpreter.set_tensor(detail["index"], value)
    interpreter.invoke()
    # Their names end in the place of each among the outputs.
    details = interpreter.get_output_details()
    details = sorted(details, key=lambda d: (len(d["name"]), d["name"]))
    return [interpreter.get_tensor(detail["index"]) for detail in details]


def _litert_interpreter(path):
    if importlib.util.find_spec("ai_edge_litert") is not None:
        from ai_edge_litert.interpreter import Interpreter

        return Interpreter(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it is to move one day
        return tf.lite.Interpreter(path)


RUNNERS = {
    "saved_model": run_saved_model,
    "onnx": run_onnx,
    "litert": run_litert,
}

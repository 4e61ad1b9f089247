"""What a `ConsistencyModel` learns from a trained diffusion model."""

import keras
import numpy as np
from keras import ops

from keras_nn.schedules import EDMNoise
from keras_nn.training import freeze


class FlowOfTeacher:
    """A Heun step along the probability flow of a trained model.

    `y' = y + (r' - r) * (noise(y, r) + noise(y_euler, r')) / 2`

    Args:
        teacher: `DiffusionModel`, of any schedule and prediction.
        student: `ConsistencyModel`, whose number of levels does not change.

    Raises:
        ValueError: If it does, or the two differ in pictures or classes.
    """

    def __init__(self, teacher, student):
        course = student.course
        if course.first != course.last:
            raise ValueError(
                "With a `teacher` the number of levels must not change. "
                f"Received: levels={student.levels}"
            )
        if teacher.code_shape != student.code_shape:
            raise ValueError(
                "Teacher and student must draw pictures of one shape. "
                f"Received: {teacher.code_shape}, {student.code_shape}"
            )
        if teacher.num_classes != student.num_classes:
            raise ValueError(
                "Teacher and student must have the same classes. Received: "
                f"{teacher.num_classes} and {student.num_classes}"
            )
        freeze(teacher)
        self.teacher = teacher
        self.wide = student.wide
        index = np.arange(course.first, dtype="float64")
        self.ratios = course.ratios(index, course.first)
        self.tables = teacher.schedule.at_ratios(self.ratios)

    def __call__(self, noisy, index, labels):
        """Noisy pictures one level below that of `index`, a float tensor."""
        index = ops.cast(index, "int32")
        high, low = (
            self._at(self.ratios, index),
            self._at(self.ratios, index - 1),
        )
        slope = self._noise(noisy, index, labels)
        reached = noisy + (low - high) * slope
        after = self._noise(reached, index - 1, labels)
        return noisy + (low - high) * (slope + after) / 2

    def _at(self, table, index):
        table = ops.convert_to_tensor(table, "float32")
        return self.wide(ops.take(table, index))

    def _noise(self, noisy, index, labels):
        times, alphas, sigmas = self.tables
        alpha, sigma = self._at(alphas, index), self._at(sigmas, index)
        seen = alpha * noisy
        known = {
            "noisy": seen,
            "times": ops.take(ops.convert_to_tensor(times, "float32"), index),
        }
        if self.teacher.num_classes:
            known["labels"] = labels
        said = ops.cast(self.teacher.denoiser(known, training=False), "float32")
        prediction = self.teacher.levels.prediction
        return prediction.parts(said, seen, alpha, sigma)[1]


def student_of(cls, teacher, given):
    """See `ConsistencyModel.from_teacher`.

    Args:
        cls: `ConsistencyModel`.
        teacher: `DiffusionModel`.
        given: dict of further arguments.
    """
    is_edm = isinstance(teacher.schedule, EDMNoise)
    is_edm = is_edm and teacher.levels.prediction.name == "edm"
    student = cls(
        keras.models.clone_model(teacher.denoiser),
        teacher=teacher,
        num_classes=teacher.num_classes,
        **{
            "schedule": teacher.schedule if is_edm else None,
            "as_teacher": not is_edm,
            "clip": teacher.clip,
            **given,
        },
    )
    student.denoiser.set_weights(teacher.denoiser.get_weights())
    return student

import numpy as np

from keras_nn import data
from keras_nn.applications.classification import ranked_labels
from keras_nn.applications.clip_files import clip_files
from keras_nn.applications.clip_files import labelled_clips


class ClipPrediction:
    """What a classifier of clips does with clips in files.

    A mixin for a `keras.Model` from clips to class probabilities, with
    `num_classes` and `class_names`.
    """

    def predict_labels(self, clips, top=5, **kwargs):
        """The most probable labels of each clip.

        Args:
            clips: what `predict` takes.
            top: int. How many labels, best first; at most `num_classes`.
            **kwargs: further arguments of `predict`; `verbose` is 0 here.

        Returns:
            A list, one entry a clip, of lists of `(label, probability)`.
        """
        probabilities = self.predict(clips, **{"verbose": 0, **kwargs})
        return ranked_labels(probabilities, self.class_names, top)

    def read_test(self, path, settings):
        frames, height, width, _ = self.input_shape[1:]
        return labelled_clips(
            path,
            self.class_names,
            frames=frames,
            image_size=(height, width),
            color_mode=self.color_mode(),
            on_error=settings["on_error"],
        )

    def predict_path(self, path, top=1):
        files = np.array(clip_files(path))
        split = data.Split(files, np.zeros(len(files)), self._reader())
        return [
            {
                "file": file,
                "rank": rank,
                "label": label,
                "probability": round(probability, 6),
            }
            for file, ranked in zip(
                files.tolist(), self.predict_labels(split, top), strict=True
            )
            for rank, (label, probability) in enumerate(ranked, start=1)
        ]

    def explain_path(self, path, folder, method, label=None, settings=None):
        from keras_nn.applications.picture_explanations import explain_pictures

        return explain_pictures(
            self,
            path,
            folder,
            method,
            label,
            settings,
            files=clip_files,
            read=self._reader(),
        )

    def color_mode(self):
        """How files are read: `"grayscale"` or `"rgb"`."""
        modes = {1: "grayscale", 3: "rgb"}
        shape = self.input_shape[1:]
        if None in shape or shape[-1] not in modes:
            raise ValueError(
                "Files are read for networks of one clip size, with 1 or 3 "
                "channels; read them yourself and call `predict_labels`. "
                f"Received: input_shape={shape}"
            )
        return modes[shape[-1]]

    def _reader(self):
        mode = self.color_mode()
        frames, height, width, _ = self.input_shape[1:]
        return data.ClipReader(frames, (height, width), mode)

"""How the challenge ISBI 2012 would score a run: borders, not only pixels.

    keras-nn train image-segmenter --recipe isbi2012-unet --data FOLDER
    python benchmarks/isbi2012.py RUN --data FOLDER

The challenge's own test labels were never published; these are the last five
of its 30 labelled pictures. The paper of the U-Net states, for the hidden
ones, a pixel error of 0.0611 and a Rand error of 0.0382: one less the highest
F-score of pixels, and of pairs of pixels. The organisers later replaced both
by V_rand and V_info after thinning, because they depend on how wide a person
draws the membranes.
"""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from keras_nn import data
from keras_nn.applications import Run
from keras_nn.metrics import segment_scores


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run")
    parser.add_argument("--data", required=True)
    parser.add_argument("--split", choices=("test", "train"), default="test")
    arguments = parser.parse_args()
    app = Run.open(arguments.run).load()
    splits = data.load("isbi2012", path=arguments.data, validation_fraction=0)
    x, masks = (
        np.asarray(a) for a in getattr(splits, arguments.split).arrays()
    )
    cells = np.concatenate(
        [app.predict_on_batch(x[i : i + 1])[..., 1] for i in range(len(x))]
    )
    inside = cells > 0.5
    shared, either = np.sum(inside & masks), np.sum(inside | masks)
    print(
        f"{len(x)} pictures, at 0.5: foreground IoU {shared / either:.4f}, "
        f"pixel accuracy {np.mean(inside == masks):.4f}"
    )
    thin = segment_scores(masks, cells)
    wide = segment_scores(masks, cells, thinned=False)
    print(
        f"V_rand {thin['rand']:.4f} (split {thin['rand_split']:.4f}, merge "
        f"{thin['rand_merge']:.4f}), V_info {thin['information']:.4f} (thinned)"
    )
    print(
        f"pixel error {1 - thin['pixel_f1']:.4f}, Rand error "
        f"{1 - wide['rand']:.4f} (borders as they are)"
    )


if __name__ == "__main__":
    main()

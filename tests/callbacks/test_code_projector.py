import numpy as np
from keras.ops import convert_to_tensor as tensor

from keras_nn.callbacks import CodeProjector


def test_points_are_codes_with_class_and_picture(coders, tmp_path):
    model = coders.vae(num_classes=3)
    events = coders.look(CodeProjector(tmp_path, (coders.x, coders.y)), model)
    assert [event.step for event in events["code_projector"]] == [0]
    folder = tmp_path / "validation"
    np.testing.assert_allclose(
        np.loadtxt(folder / "codes.tensor.tsv"),
        model.posterior(tensor(coders.x), tensor(coders.y))[0],
        rtol=1e-3,
        atol=1e-5,
    )
    rows = (folder / "codes.metadata.tsv").read_text().splitlines()
    assert rows[:3] == ["class\tpicture", "0\t0", "1\t1"]
    assert (folder / "codes.sprites.png").exists()


def test_maps_of_codes_are_laid_flat_without_labels(coders, tmp_path):
    coders.look(
        CodeProjector(tmp_path, (coders.x, None), every=1), coders.maps()
    )
    folder = tmp_path / "validation"
    assert np.loadtxt(folder / "codes.tensor.tsv").shape == (12, 32)
    assert (folder / "codes.metadata.tsv").read_text().startswith("0\n1\n")

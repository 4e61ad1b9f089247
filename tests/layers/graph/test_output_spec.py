from keras_nn.layers.graph.output_spec import output_spec


def test_every_tensor_has_its_own_type():
    found = output_spec({"a": (2, None)}, {"a": "int32", "b": "bool"})
    assert found["a"].shape == (2, None) and found["a"].dtype == "int32"
    assert set(found) == {"a"}

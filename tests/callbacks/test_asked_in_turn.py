from types import SimpleNamespace

from keras_nn.callbacks.asked_in_turn import asked_in_turn


def test_labels_of_codes_come_before_classes_and_may_be_missing():
    asked, labels = asked_in_turn(
        SimpleNamespace(num_classes=3, label_count=2), 3
    )
    assert labels == 2 and asked["labels"].tolist() == [0, 1, 0]
    assert asked_in_turn(SimpleNamespace(num_classes=None), 3) == ({}, None)

from keras_nn import data
from keras_nn.applications.span_prediction import SpanPrediction


class Fake(SpanPrediction):
    """Capital letters begin a name; what follows in capitals belongs to it."""

    tokenizer = data.WordTokenizer.of(["In New York, not York."])

    def predict_tags(self, texts):
        found = []
        for words in texts:
            tags = ["O"]
            for word in words:
                inside = tags[-1] != "O"
                tag = "I-place" if inside else "B-place"
                tags.append(tag if word[0].isupper() else "O")
            found.append(tags[1:])
        return found


def test_words_become_spans_of_characters(tmp_path):
    text = "in New York, not York."
    spans, nothing, empty = Fake().predict_spans([text, "nowhere", ""])
    assert [span["text"] for span in spans] == ["New York", "York"]
    for span in spans:
        assert text[span["start"] : span["end"]] == span["text"]
    assert nothing == [] and empty == []
    path = tmp_path / "a.txt"
    path.write_text(f"{text}\nnowhere\n")
    rows = Fake().predict_path(path)
    assert [row["label"] for row in rows] == ["place", "place", ""]

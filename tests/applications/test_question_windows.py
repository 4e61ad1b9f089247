import pytest

from keras_nn import data
from keras_nn.applications.question_windows import QuestionWindows

WORDS = [f"w{i}" for i in range(30)]
CONTEXT = " ".join(WORDS)
SPECIALS = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
TOKENIZER = data.WordTokenizer.of([CONTEXT], specials=SPECIALS)


def test_windows_cover_the_text_and_overlap():
    cut = QuestionWindows(TOKENIZER, 16, 5, matches=True)
    windows = cut(["w3 or w4"], [CONTEXT])
    # 2 marks and 3 words in front, a mark behind: room for 10
    assert windows.ids.shape == (5, 16)
    assert windows.owners.tolist() == [0] * 5
    seen = [
        [CONTEXT[s:e] for s, e in spans.values()] for spans in windows.spans
    ]
    assert seen == [WORDS[i : i + 10] for i in (0, 5, 10, 15, 20)]
    first = windows.ids[0].tolist()
    assert TOKENIZER.words_of(first[:5]) == [
        "[CLS]",
        "w3",
        "[UNK]",
        "w4",
        "[SEP]",
    ]
    kinds = windows.segments[0].tolist()
    assert kinds == [0] * 5 + [1, 1, 1, 2, 2, 1, 1, 1, 1, 1] + [0]
    plain = QuestionWindows(TOKENIZER, 16, 5, matches=False)
    assert plain(["w3"], [CONTEXT]).segments.max() == 1


def test_targets_are_whole_answers_or_the_mark():
    cut = QuestionWindows(TOKENIZER, 16, 5, matches=False)
    windows = cut(["w3 or w4"], [CONTEXT])
    text = "w8 w9 w10"
    places = cut.targets(windows, [[(text, CONTEXT.index(text))]])
    assert places.tolist() == [[0, 0], [8, 10], [0, 0], [0, 0], [0, 0]]
    assert not cut.targets(windows, [[]]).any()


@pytest.mark.parametrize("kind", ["bpe", "byte-level", "wordpiece"])
def test_subwords_find_their_characters(kind):
    pytest.importorskip("tokenizers")
    text = "Ada wrote the first program, in 1843."
    tokenizer = data.SubwordTokenizer.train([text] * 3, 290, kind)
    spans = tokenizer.spans(text)
    assert len(spans) == len(tokenizer.encode(text))
    assert "".join(text[s:e] for s, e in spans) == text.replace(" ", "")
    cut = QuestionWindows(tokenizer, 128, 32, matches=True)
    windows = cut(["Who wrote it?"], [text])
    places = cut.targets(windows, [[("first program", 14)]])
    held = windows.spans[0]
    first, last = places[0]
    assert text[held[first][0] : held[last][1]] == "first program"


def test_refuses():
    with pytest.raises(ValueError, match="Received: stride=9, max_length=16"):
        QuestionWindows(TOKENIZER, 16, 9, True)
    cut = QuestionWindows(TOKENIZER, 16, 5, True)
    with pytest.raises(ValueError, match="must have a token each"):
        cut([""], [CONTEXT])

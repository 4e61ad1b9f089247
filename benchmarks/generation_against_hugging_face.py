"""Tokens a second beside Hugging Face's `generate`, on the same cores.

    python benchmarks/generation_against_hugging_face.py --peer PYTHON

PYTHON is the interpreter of an environment with torch and transformers. A
GPT of 4 layers, 4 heads, 128 wide, context 512, 65 tokens; prompts of 8
tokens, 256 new ones, greedy, float32, batches of 1 and 8. Both sides have
their caches and warm up first; they are measured in turns, each in a process
of its own while the other waits. Then what a token costs us as the text
grows: milliseconds a token, 63 tokens at a time up to a full context.
"""

import argparse
import json
import statistics
import sys
import time
from itertools import pairwise

LAYERS, HEADS, WIDTH, CONTEXT, VOCABULARY = 4, 4, 128, 512, 65
PROMPT, NEW = 8, 256


def prompts(batch):
    return [
        [(3 * i + 7 * row) % VOCABULARY for i in range(PROMPT)]
        for row in range(batch)
    ]


def serve_torch(batch):
    import torch
    import transformers
    from peer import serve

    config = transformers.GPT2Config(
        vocab_size=VOCABULARY,
        n_positions=CONTEXT,
        n_embd=WIDTH,
        n_layer=LAYERS,
        n_head=HEADS,
        bos_token_id=None,
        eos_token_id=None,
    )
    torch.manual_seed(0)
    model = transformers.GPT2LMHeadModel(config).eval()
    ids = torch.tensor(prompts(batch))

    def run():
        with torch.inference_mode():
            texts = model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                do_sample=False,
                max_new_tokens=NEW,
                eos_token_id=None,
                pad_token_id=0,
            )
        assert texts.shape[1] == PROMPT + NEW

    serve(run)


def ours():
    """A function from a batch size to a function that generates once."""
    import keras

    from keras_nn.generation import Sampler
    from keras_nn.generation import TokenGenerator
    from keras_nn.models import GPT2

    keras.utils.set_random_seed(0)
    model = GPT2(VOCABULARY, CONTEXT, LAYERS, HEADS, WIDTH, dropout=0.0)
    generate = TokenGenerator(model, Sampler(0.0))

    def of(batch, new=NEW, **how):
        def run():
            texts = generate(prompts(batch), new, **how)
            assert len(texts[0]) == new

        run()
        return run

    return of


def growth(of):
    """Milliseconds a token, of every 63 tokens of a full context."""
    clock = []

    def tick(_):
        clock.append(time.perf_counter())

    run = of(1, CONTEXT - PROMPT, on_tokens=tick, stride=63)
    clock.clear()
    run()
    return [round(1000 * (b - a) / 63, 3) for a, b in pairwise(clock)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", help="python of an environment with torch")
    parser.add_argument("--serve", type=int, help="the peer's side: a batch")
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    if arguments.serve:
        serve_torch(arguments.serve)
        return
    from peer import Peer
    from peer import seconds

    of = ours()
    for batch in (1, 8):
        run = of(batch)
        peer = Peer(arguments.peer, __file__, "--serve", str(batch))
        pairs = [
            (seconds(run), peer.seconds()) for _ in range(arguments.rounds)
        ]
        peer.close()
        rates = [
            [round(batch * NEW / second, 1) for second in side]
            for side in zip(*pairs, strict=True)
        ]
        ratios = [theirs / mine for mine, theirs in pairs]
        print(
            json.dumps(
                {
                    "batch": batch,
                    "tokens_per_second": statistics.median(rates[0]),
                    "hugging_face": statistics.median(rates[1]),
                    "ratio": round(statistics.median(ratios), 2),
                    "ratios": [round(min(ratios), 2), round(max(ratios), 2)],
                }
            ),
            flush=True,
        )
    print("milliseconds a token as the text grows:", growth(of))


if __name__ == "__main__":
    sys.exit(main())

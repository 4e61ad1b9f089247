"""Training steps of nanoGPT's configuration for the CPU beside PyTorch.

    python benchmarks/gpt_against_torch.py --torch-python PYTHON --data FOLDER

PYTHON is the interpreter of an environment with torch. Both sides train a GPT
of 4 layers, 4 heads, 128 wide, context 64, batch 12, without dropout, with
AdamW (betas 0.9 and 0.99, decay 0.1 of matrices, gradients clipped at 1) on
random crops of `input.txt` in FOLDER (without FOLDER, of random letters),
`--steps` steps at a time, in turns. The torch side is eager, as nanoGPT is on
a CPU. The median and the range of the ratios are printed.
"""

import argparse
import os
import statistics

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import peer

LAYERS, HEADS, WIDTH, CONTEXT, BATCH = 4, 4, 128, 64, 12


def text_of(folder):
    if folder is not None:
        with open(os.path.join(folder, "input.txt"), encoding="utf-8") as file:
            return file.read()
    letters = np.random.default_rng(0).integers(65, 65 + 60, 100_000)
    return "".join(map(chr, letters))


def ours(text, steps):
    import keras

    from keras_nn import data
    from keras_nn.applications import TextGenerator
    from keras_nn.models import GPT2

    keras.utils.set_random_seed(0)
    tokenizer = data.CharacterTokenizer.of(text)
    network = GPT2.from_preset(
        "nanogpt-cpu", vocabulary_size=tokenizer.vocabulary_size
    )
    app = TextGenerator(network, tokenizer, steps_per_epoch=steps)
    app.compile(jit_compile=True)
    crops = app.crops(text, BATCH)

    def run():
        app.fit(crops, verbose=0)

    run()
    return run


def theirs(text, steps):
    import torch
    from torch import nn
    from torch.nn import functional

    torch.manual_seed(0)
    letters = sorted(set(text))
    table = {letter: index for index, letter in enumerate(letters)}
    ids = torch.tensor([table[letter] for letter in text])

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm_before = nn.LayerNorm(WIDTH, bias=False)
            self.norm_after = nn.LayerNorm(WIDTH, bias=False)
            self.enter = nn.Linear(WIDTH, 3 * WIDTH, bias=False)
            self.leave = nn.Linear(WIDTH, WIDTH, bias=False)
            self.up = nn.Linear(WIDTH, 4 * WIDTH, bias=False)
            self.down = nn.Linear(4 * WIDTH, WIDTH, bias=False)

        def forward(self, x):
            batch, length, _ = x.shape
            heads = [
                part.view(batch, length, HEADS, -1).transpose(1, 2)
                for part in self.enter(self.norm_before(x)).split(WIDTH, -1)
            ]
            y = functional.scaled_dot_product_attention(*heads, is_causal=True)
            y = y.transpose(1, 2).reshape(batch, length, WIDTH)
            x = x + self.leave(y)
            hidden = functional.gelu(self.up(self.norm_after(x)))
            return x + self.down(hidden)

    class GPT(nn.Module):
        def __init__(self):
            super().__init__()
            self.tokens = nn.Embedding(len(letters), WIDTH)
            self.places = nn.Embedding(CONTEXT, WIDTH)
            self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
            self.norm = nn.LayerNorm(WIDTH, bias=False)
            for weight in self.parameters():
                if weight.ndim > 1:
                    nn.init.normal_(weight, std=0.02)

        def forward(self, x):
            x = self.tokens(x) + self.places(torch.arange(x.shape[1]))
            for block in self.blocks:
                x = block(x)
            return self.norm(x) @ self.tokens.weight.T

    model = GPT().train()
    matrices = [w for w in model.parameters() if w.ndim > 1]
    vectors = [w for w in model.parameters() if w.ndim < 2]
    optimizer = torch.optim.AdamW(
        [
            {"params": matrices, "weight_decay": 0.1},
            {"params": vectors, "weight_decay": 0.0},
        ],
        1e-3,
        betas=(0.9, 0.99),
    )

    def run():
        for _ in range(steps):
            starts = torch.randint(len(ids) - CONTEXT, (BATCH, 1))
            block = ids[starts + torch.arange(CONTEXT + 1)]
            logits = model(block[:, :-1])
            loss = functional.cross_entropy(
                logits.reshape(-1, len(letters)), block[:, 1:].reshape(-1)
            )
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)

    return run


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--torch-python", default=None)
    parser.add_argument("--data", default=None, help="folder of input.txt")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=9)
    given = parser.parse_args()
    text = text_of(given.data)
    if given.torch_python is None:
        peer.serve(theirs(text, given.steps))
        return
    more = [] if given.data is None else ["--data", given.data]
    other = peer.Peer(
        given.torch_python, __file__, "--steps", str(given.steps), *more
    )
    run = ours(text, given.steps)
    pairs = [(peer.seconds(run), other.seconds()) for _ in range(given.pairs)]
    other.close()
    mine, torch = (
        statistics.median(side) * 1000 / given.steps
        for side in zip(*pairs, strict=True)
    )
    ratios = [a / b for a, b in pairs]
    print(
        f"{mine:.1f} ms a step, torch {torch:.1f}; ours / torch "
        f"{statistics.median(ratios):.3f} ({min(ratios):.3f} to "
        f"{max(ratios):.3f})"
    )


if __name__ == "__main__":
    main()

"""The side of PyTorch in `generative_against_torch.py`, which starts it.

Networks are those of keras_nn, layer for layer; diffusers makes the noise
levels and the steps of the sampler.
"""

import math
import sys

import torch
from diffusers import DDIMScheduler
from peer import serve
from torch import nn
from torch.nn import functional as F

BATCH = 64


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.map = nn.Linear(100, 7 * 7 * 128, bias=False)
        self.norm_0 = nn.BatchNorm2d(128)
        self.double_1 = nn.ConvTranspose2d(128, 64, 5, 2, 2, 1, bias=False)
        self.norm_1 = nn.BatchNorm2d(64)
        self.double_2 = nn.ConvTranspose2d(64, 1, 5, 2, 2, 1)

    def forward(self, noise):
        x = F.relu(self.norm_0(self.map(noise).view(-1, 128, 7, 7)))
        x = F.relu(self.norm_1(self.double_1(x)))
        return torch.tanh(self.double_2(x))


def discriminator():
    return nn.Sequential(
        nn.Conv2d(1, 64, 5, 2, 2),
        nn.LeakyReLU(0.2),
        nn.Conv2d(64, 128, 5, 2, 2, bias=False),
        nn.BatchNorm2d(128),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(7 * 7 * 128, 1),
    )


class Residual(nn.Module):
    def __init__(self, inside, outside):
        super().__init__()
        self.norm_0 = nn.GroupNorm(math.gcd(8, inside), inside, 1e-3)
        self.conv_0 = nn.Conv2d(inside, outside, 3, padding=1)
        self.told = nn.Linear(64, outside)
        self.norm_1 = nn.GroupNorm(math.gcd(8, outside), outside, 1e-3)
        self.conv_1 = nn.Conv2d(outside, outside, 3, padding=1)
        self.shortcut = nn.Identity()
        if inside != outside:
            self.shortcut = nn.Conv2d(inside, outside, 1)

    def forward(self, x, e):
        y = self.conv_0(F.silu(self.norm_0(x)))
        y = y + self.told(e)[:, :, None, None]
        return self.conv_1(F.silu(self.norm_1(y))) + self.shortcut(x)


class UNet(nn.Module):
    def __init__(self, filters=(32, 64)):
        super().__init__()
        first, second = filters
        self.time_0, self.time_1 = nn.Linear(64, 64), nn.Linear(64, 64)
        self.stem = nn.Conv2d(1, first, 3, padding=1)
        self.down_0 = Residual(first, first)
        self.halve = nn.Conv2d(first, first, 3, 2, 1)
        self.down_1 = Residual(first, second)
        self.middle = Residual(second, second)
        self.up = nn.ModuleList(
            [
                Residual(second + second, second),
                Residual(second + first, second),
                Residual(second + first, first),
                Residual(first + first, first),
            ]
        )
        self.smooth = nn.Conv2d(second, second, 3, padding=1)
        self.norm = nn.GroupNorm(8, first, 1e-3)
        self.head = nn.Conv2d(first, 1, 3, padding=1)

    def forward(self, x, times):
        speeds = torch.exp(-math.log(1e4) * torch.arange(32) / 32)
        angles = times[:, None].float() * speeds
        e = torch.cat([angles.sin(), angles.cos()], dim=1)
        e = self.time_1(F.silu(self.time_0(e)))
        kept = [self.stem(x)]
        kept.append(self.down_0(kept[-1], e))
        kept.append(self.halve(kept[-1]))
        kept.append(self.down_1(kept[-1], e))
        x = self.middle(kept[-1], e)
        for index, block in enumerate(self.up):
            x = block(torch.cat([x, kept.pop()], dim=1), e)
            if index == 1:
                x = self.smooth(F.interpolate(x, scale_factor=2))
        return self.head(F.silu(self.norm(x)))


def gan_task():
    generator, judge = Generator(), discriminator()
    adam = {"lr": 2e-4, "betas": (0.5, 0.999)}
    moves = torch.optim.Adam(generator.parameters(), **adam)
    judges = torch.optim.Adam(judge.parameters(), **adam)
    real = torch.rand(BATCH, 1, 28, 28) * 2 - 1

    def step():
        fake = generator(torch.randn(BATCH, 100)).detach()
        loss = F.softplus(-judge(real)) + F.softplus(judge(fake))
        judges.zero_grad()
        loss.mean().backward()
        judges.step()
        loss = F.softplus(-judge(generator(torch.randn(BATCH, 100))))
        moves.zero_grad()
        loss.mean().backward()
        moves.step()

    return step, [generator, judge]


def diffusion_tasks():
    network = UNet()
    scheduler = DDIMScheduler(1000, prediction_type="epsilon")
    adam = torch.optim.Adam(network.parameters(), lr=1e-3)
    real = torch.rand(BATCH, 1, 28, 28) * 2 - 1

    def step():
        noise = torch.randn_like(real)
        times = torch.randint(0, 1000, (BATCH,))
        said = network(scheduler.add_noise(real, noise, times), times)
        loss = F.mse_loss(said, noise)
        adam.zero_grad()
        loss.backward()
        adam.step()

    @torch.no_grad()
    def sample():
        scheduler.set_timesteps(50)
        x = torch.randn(16, 1, 28, 28)
        for t in scheduler.timesteps:
            said = network(x, t.expand(16))
            x = scheduler.step(said, t, x).prev_sample

    return step, sample, [network]


def main():
    task, steps, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    if task == "gan":
        step, networks = gan_task()
    else:
        train, sample, networks = diffusion_tasks()
        step = sample if task == "sample" else train
    count = sum(p.numel() for m in networks for p in m.parameters())
    print(f"torch has {count} weights", file=sys.stderr)

    def run():
        for _ in range(steps):
            step()

    serve(run)


if __name__ == "__main__":
    main()

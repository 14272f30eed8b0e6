"""The randomized matmul of arXiv 2201.13195, algorithm 1, for PyTorch's linear layers.

A layer z = x Wᵀ + b with rows x [B, N] keeps Sᵀx [p, N] and a seed instead of x, for a random
S [B, p] with E[S Sᵀ] = I, and draws S again in the backward pass: dW ≈ (Sᵀdz)ᵀ (Sᵀx). The
gradients by x and b are exact.
"""

from dataclasses import dataclass

import torch
from torch import nn

SKETCHES = ("gaussian", "rademacher")


@dataclass
class Estimator:
    """How the linear layers get dW. Shared by all of them, so that one model can do both."""

    name: str = "dense"
    sketch: str = "gaussian"
    rate: float = 0.1


def draw_sketch(kind: str, rows: int, kept: int, seed: int) -> torch.Tensor:
    """S, f32 [rows, kept], the same for the same seed."""
    generator = torch.Generator().manual_seed(seed)
    s = torch.empty(rows, kept)
    if kind == "gaussian":
        s.normal_(generator=generator)
    elif kind == "rademacher":
        s.bernoulli_(0.5, generator=generator).mul_(2).sub_(1)
    else:
        raise ValueError(f"unknown sketch '{kind}'; accepted: {', '.join(SKETCHES)}")
    return s.mul_(kept**-0.5)


class RandomizedLinear(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, sketch, kept, seed):
        rows = x.reshape(-1, x.shape[-1])
        s = draw_sketch(sketch, rows.shape[0], kept, seed)
        ctx.save_for_backward(weight, s.T @ rows)
        ctx.sketch, ctx.seed = sketch, seed
        return nn.functional.linear(x, weight, bias)

    @staticmethod
    def backward(ctx, dz):
        weight, projected = ctx.saved_tensors
        rows = dz.reshape(-1, dz.shape[-1])
        s = draw_sketch(ctx.sketch, rows.shape[0], projected.shape[0], ctx.seed)
        return dz @ weight, (s.T @ rows).T @ projected, rows.sum(0), None, None, None


class SketchableLinear(nn.Module):
    """Stands in for an nn.Linear, with its parameters."""

    def __init__(self, linear: nn.Linear, estimator: Estimator):
        super().__init__()
        self.weight, self.bias, self.estimator = linear.weight, linear.bias, estimator

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.estimator.name == "dense" or not torch.is_grad_enabled():
            return nn.functional.linear(x, self.weight, self.bias)
        rows = x.numel() // x.shape[-1]
        kept = max(1, round(self.estimator.rate * rows))
        seed = int(torch.randint(2**62, ()))
        return RandomizedLinear.apply(
            x, self.weight, self.bias, self.estimator.sketch, kept, seed
        )


def replace_linear_layers(module: nn.Module, estimator: Estimator) -> int:
    """Replaces every nn.Linear below `module`; returns how many."""
    replaced = 0
    for name, child in list(module.named_children()):
        if isinstance(child, nn.Linear):
            setattr(module, name, SketchableLinear(child, estimator))
            replaced += 1
        else:
            replaced += replace_linear_layers(child, estimator)
    return replaced

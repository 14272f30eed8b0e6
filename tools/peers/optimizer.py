"""AdamW as the paper sets it: β = 0.9, 0.98, ε = 1e-6, weight decay 0.1 not on biases and norms."""

import math

import torch
from torch import nn
from transformers import get_linear_schedule_with_warmup


def make_optimizer(
    model: nn.Module, learning_rate: float, fused: bool = False
) -> torch.optim.AdamW:
    # Biases and the scales of normalisations are the parameters with one dimension.
    decayed = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    groups = [
        {"params": decayed, "weight_decay": 0.1},
        {"params": others, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=learning_rate, betas=(0.9, 0.98), eps=1e-6, fused=fused)


def make_schedule(optimizer: torch.optim.Optimizer, steps: int, warm_up: float = 0.06):
    """Linear from 0 over the first 6 % of the steps (rounded up), then linear to 0."""
    return get_linear_schedule_with_warmup(optimizer, math.ceil(warm_up * steps), steps)

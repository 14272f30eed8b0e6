"""Times epochs of GCN2 over a whole graph in PyTorch: the counterpart of `pnpm gcn step`.

    .venv/bin/python tools/peers/gcn2.py --data DIR/ogbn_arxiv --layers 16 --hidden 256 --epochs 5

GCNII's convolutions (arXiv 2007.02133) written as PyTorch Geometric's GCN2Conv computes them, over
torch.sparse CSR with int32 indices; batch normalisation, residual, dropout and Adam as EXACT has
them for ogbn-arxiv. An epoch is one step over all nodes: forward, backward, update. Random weights;
the graph is in OGB's raw layout and is made undirected. Prints one JSON object:

    secondsPerEpoch      wall time, after one epoch of warm-up
    residentPeakBytes    the largest resident memory, less what was resident before the model was
                         built, the graph included; null where there is no /proc
"""

import argparse
import gzip
import json
import math
import statistics
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from memory import resident_bytes
from ogb import csr, undirected_with_loops


def normalized_adjacency(folder: Path) -> torch.Tensor:
    """D^-1/2 (A + I) D^-1/2 of the undirected graph, CSR."""
    nodes, rows, columns = undirected_with_loops(folder)
    scales = 1 / np.sqrt(np.bincount(rows, minlength=nodes))
    return csr(nodes, rows, columns, scales[rows] * scales[columns])


class SymmetricProduct(torch.autograd.Function):
    """A x for a symmetric A, whose cotangent is A dy: autograd's own would transpose A every time."""

    @staticmethod
    def forward(context, matrix, x):
        context.matrix = matrix
        return torch.sparse.mm(matrix, x)

    @staticmethod
    def backward(context, dy):
        return None, torch.sparse.mm(context.matrix, dy)


class Gcn2(nn.Module):
    def __init__(self, options, inputs: int, classes: int):
        super().__init__()
        self.options = options
        hidden = options.hidden
        self.first = nn.Linear(inputs, hidden)
        self.weights = nn.ParameterList(
            nn.init.xavier_uniform_(torch.empty(hidden, hidden)) for _ in range(options.layers)
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(hidden) for _ in range(options.layers))
        self.last = nn.Linear(hidden, classes)

    def forward(self, features, adjacency):
        alpha, dropout = self.options.alpha, self.options.dropout
        first = F.relu(self.first(features))
        x = first
        for index, (weight, norm) in enumerate(zip(self.weights, self.norms)):
            beta = math.log(self.options.scale / (index + 1) + 1)
            before = F.dropout(x, dropout, self.training)
            sums = SymmetricProduct.apply(adjacency, before).mul_(1 - alpha)
            sums = sums.add_(alpha * first)
            made = torch.addmm(sums, sums, weight, beta=1 - beta, alpha=beta)
            x = F.relu(norm(made) + before)
        return self.last(F.dropout(x, dropout, self.training))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=16)
    parser.add_argument("--hidden", type=int, default=256)
    parser.add_argument("--alpha", type=float, default=0.5)
    parser.add_argument("--scale", type=float, default=1.0, help="λ of β = ln(λ/l + 1)")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    before = resident_bytes("VmRSS")
    adjacency = normalized_adjacency(options.data)
    features = torch.from_numpy(np.load(options.data / "raw/node-feat.npy").astype(np.float32))
    raw_labels = gzip.open(options.data / "raw/node-label.csv.gz")
    labels = torch.from_numpy(np.loadtxt(raw_labels, dtype=np.int64))
    split = next((options.data / "split").iterdir())
    train = torch.from_numpy(np.loadtxt(gzip.open(split / "train.csv.gz"), dtype=np.int64))
    model = Gcn2(options, features.shape[1], int(labels.max()) + 1).train()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    times, losses = [], []
    for epoch in range(options.epochs + 1):
        start = time.perf_counter()
        loss = F.cross_entropy(model(features, adjacency)[train], labels[train])
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if epoch > 0:
            times.append(time.perf_counter() - start)
        losses.append(round(loss.item(), 4))
    peak = resident_bytes("VmHWM")
    seconds = {"min": min(times), "median": statistics.median(times), "max": max(times)}
    found = {
        "layers": options.layers,
        "hidden": options.hidden,
        "backend": "pytorch",
        "secondsPerEpoch": seconds,
        "residentPeakBytes": None if before is None or peak is None else peak - before,
        "loss": losses,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()

"""Times PyTorch's sparse times dense product on a graph in OGB's raw layout, made undirected.

Prints one JSON object: nodes, entries, the median and least milliseconds of a product of the
adjacency matrix with self-loops, CSR with int32 indices, and a dense matrix of --width columns.

    .venv/bin/python tools/peers/sparse.py --data DIR/ogbn_arxiv --width 256 --threads 2
"""

import argparse
import json
import statistics
import time
from pathlib import Path

import numpy as np
import torch

from ogb import csr, undirected_with_loops


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=9)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    nodes, rows, columns = undirected_with_loops(options.data)
    matrix = csr(nodes, rows, columns, np.full(len(rows), 0.5))
    x = torch.rand(matrix.shape[1], options.width)
    torch.sparse.mm(matrix, x)
    times = []
    for _ in range(options.steps):
        start = time.perf_counter()
        torch.sparse.mm(matrix, x)
        times.append(1000 * (time.perf_counter() - start))
    found = {
        "nodes": matrix.shape[0],
        "entries": matrix.values().numel(),
        "medianMilliseconds": round(statistics.median(times), 1),
        "leastMilliseconds": round(min(times), 1),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()

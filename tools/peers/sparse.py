"""Times PyTorch's sparse times dense product on a graph in OGB's raw layout, made undirected.

Prints one JSON object: nodes, entries, the median and least milliseconds of a product of the
adjacency matrix with self-loops, CSR with int32 indices, and a dense matrix of --width columns.

    .venv/bin/python tools/peers/sparse.py --data DIR/ogbn_arxiv --width 256 --threads 2
"""

import argparse
import gzip
import json
import statistics
import time
import warnings
from pathlib import Path

import numpy as np
import torch


def adjacency(folder: Path) -> torch.Tensor:
    raw = folder / "raw"
    nodes = int(gzip.open(raw / "num-node-list.csv.gz").read())
    edges = np.loadtxt(gzip.open(raw / "edge.csv.gz"), delimiter=",", dtype=np.int64, ndmin=2)
    loops = np.repeat(np.arange(nodes)[:, None], 2, axis=1)
    both = np.concatenate([edges, edges[:, ::-1], loops])
    rows, columns = np.divmod(np.unique(both[:, 0] * nodes + both[:, 1]), nodes)
    pointers = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=nodes))])
    warnings.filterwarnings("ignore", message="Sparse CSR tensor support is in beta")
    return torch.sparse_csr_tensor(
        torch.from_numpy(pointers.astype(np.int32)),
        torch.from_numpy(columns.astype(np.int32)),
        torch.full((len(rows),), 0.5),
        (nodes, nodes),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=9)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    matrix = adjacency(options.data)
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

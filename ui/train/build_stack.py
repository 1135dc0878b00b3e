"""Build a network of one's own, layer on layer; what cannot stand on the stack is not offered."""

from __future__ import annotations

from typing import Final

import streamlit as st

from cnn.architectures import Shape
from cnn.architectures.built import FIRST_STACK, KINDS, StackedLayer, check_stack, kind_of, stack_name
from cnn.errors import BadInput
from ui.text.numbers import abbreviated

OWN: Final = "built"  # among the names of architectures
STACK: Final = "train:stack"  # in the session: the tokens of its layers
TIMES: Final = "\N{MULTIPLICATION SIGN}"
WORDS: Final = {"drop": "{} % dropped", "dense": "{} numbers"}

Tokens = tuple[str, ...]


def choose_stack(shape: Shape, classes: int) -> str:
    """Let a person build a stack; name its architecture, which can always be trained.

    Args:
        shape: (height, width, channels) of what it reads.
        classes: how many it tells apart.
    """
    tokens: Tokens = st.session_state.setdefault(STACK, FIRST_STACK)
    if not stands(tokens, shape, classes):  # it was built for pictures of another size
        tokens = st.session_state[STACK] = FIRST_STACK
    layers = check_stack(tokens, shape, classes)
    st.markdown(stack_list(layers))
    with st.container(border=True):
        _offer_layer(tokens, shape, classes)
        _offer_removal(tokens, shape, classes)
    return stack_name(tokens)


def stands(tokens: Tokens, shape: Shape, classes: int) -> bool:
    """Say whether a stack can be trained."""
    try:
        check_stack(tokens, shape, classes)
    except BadInput:
        return False
    return True


def with_layer(tokens: Tokens, token: str) -> Tokens:
    """Put a layer on a stack: what reads maps goes below the first dense layer, anything else on top."""
    dense = next((at for at, one in enumerate(tokens) if kind_of(one) == "dense"), len(tokens))
    at = len(tokens) if kind_of(token) in ("dense", "drop") else dense
    return (*tokens[:at], token, *tokens[at:])


def _offer_layer(tokens: Tokens, shape: Shape, classes: int) -> None:
    fitting = {
        kind: [token for token in one.tokens if stands(with_layer(tokens, token), shape, classes)]
        for kind, one in KINDS.items()
    }
    kinds = [kind for kind, on_offer in fitting.items() if on_offer]
    if not kinds:
        st.caption("Nothing more fits on this stack.")
        return
    kind = st.selectbox("Next layer", kinds, format_func=lambda one: KINDS[one].title, key=f"train kind {len(kinds)}")
    token = fitting[kind][0]
    if len(fitting[kind]) > 1:
        token = st.selectbox(
            "Of which size", fitting[kind], format_func=size_words, key=f"train size {kind} {len(fitting[kind])}"
        )
    st.button("Put it on", on_click=_set, args=(with_layer(tokens, token),), key="train put")


def _offer_removal(tokens: Tokens, shape: Shape, classes: int) -> None:
    without = {at: (*tokens[:at], *tokens[at + 1 :]) for at in range(len(tokens))}
    fitting = [at for at, left in without.items() if stands(left, shape, classes)]
    if not fitting:
        return
    titles = {at: f"{at + 1}: {layer_words(tokens[at])}" for at in fitting}
    at = st.selectbox(
        "A layer", fitting, len(fitting) - 1, titles.__getitem__, key=f"train layer of {' '.join(tokens)}"
    )
    st.button("Take it away", on_click=_set, args=(without[at],), key="train take away")


def _set(tokens: Tokens) -> None:
    st.session_state[STACK] = tokens


def size_words(token: str) -> str:
    """Say how large a layer is.

    >>> size_words("dense64"), size_words("drop25"), size_words("max2")
    ('64 numbers', '25 % dropped', '2x2')
    """
    kind = kind_of(token)
    if kind == "conv":
        filters, size = token.removeprefix("conv").split("x")
        return f"{filters} filters of {size}x{size}"
    return WORDS[kind].format(token.removeprefix(kind)) if kind in WORDS else "" if kind == "norm" else "2x2"


def layer_words(token: str) -> str:
    """Name a layer with its size, such as "Convolution and ReLU, 16 filters of 3x3"; the last one's token is ""."""
    if not token:
        return "Dense: the logits"
    size = size_words(token)
    return KINDS[kind_of(token)].title + (f", {size}" if size else "")


def stack_list(layers: tuple[StackedLayer, ...]) -> str:
    """Write what each layer gives and costs, and the whole, as a list in Markdown: it fits a narrow column."""
    lines = [
        f"{at}. {layer_words(layer.token)} → {TIMES.join(map(str, layer.shape))}"
        + (f": {layer.parameters:,} parameters" if layer.parameters else "")
        + (f", {abbreviated(layer.multiply_adds)} multiply-adds" if layer.multiply_adds else "")
        for at, layer in enumerate(layers, 1)
    ]
    parameters, multiply_adds = sum(one.parameters for one in layers), sum(one.multiply_adds for one in layers)
    whole = f"In all **{parameters:,}** parameters, **{abbreviated(multiply_adds)}** multiply-adds an answer."
    return "\n".join((*lines, "", whole))

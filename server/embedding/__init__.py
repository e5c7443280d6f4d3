"""Embedding: pages of other origins that show the park, and the tokens that let them."""

from server.embedding.embedding import Embedding, Grant
from server.embedding.settings import Embed
from server.embedding.tokens import EmbedToken, EmbedTokens

__all__ = ["Embed", "EmbedToken", "EmbedTokens", "Embedding", "Grant"]

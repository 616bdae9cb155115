"""The databases of `tests/store`, here too."""

from ..store.conftest import address, sqlite, store

__all__ = ["address", "sqlite", "store"]

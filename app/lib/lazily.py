"""Modules that are loaded when something of them is asked for, for what few processes ever need."""

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType
from typing import Any


def lazily(name: str) -> Any:
    """Return a module, loaded or not. Raises ModuleNotFoundError when it is not there at all.

    Its first use must not come from two threads at once: Python 3.11 may load it twice then.
    """
    if name in sys.modules:
        return sys.modules[name]
    found = find_spec(name)
    if found is None or found.loader is None:
        raise ModuleNotFoundError(name)
    found.loader = LazyLoader(found.loader)
    module: ModuleType = module_from_spec(found)
    sys.modules[name] = module
    found.loader.exec_module(module)
    return module

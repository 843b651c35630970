"""Starts MiniStack with the additions of this folder: python launch.py. README.md lists them, with what each stands for."""

import importlib
import pkgutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from ministack import app  # noqa: E402

import additions  # noqa: E402

for found in pkgutil.iter_modules(additions.__path__):
    importlib.import_module(f"additions.{found.name}").add()

sys.exit(app.main())

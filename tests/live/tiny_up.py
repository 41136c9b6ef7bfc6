"""`vito up` with the smallest API: `python tiny_up.py [--port P] [--data DIR]`."""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module
from pathlib import Path

from vitograph.api.cli import main

API = (sys.executable, str(Path(__file__).with_name("tiny_api.py")))

if __name__ == "__main__":
    command = import_module("vitograph.api.cli.up")
    command.__dict__["run_instance"] = partial(command.run_instance, api=API)
    sys.argv.insert(1, "up")
    main()

"""`vito up` whose API and worker reach their servers over lines: `python up.py [--port P] [--data DIR]`."""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module
from pathlib import Path

from vitograph.api.cli import main

THROUGH = (sys.executable, str(Path(__file__).with_name("through.py")))

# As that of the session (`tests.servers`): no plan is made anew because a graph was emptied or filled.
PLANS = {"dbms.cypher.min_replan_interval": "1h"}

if __name__ == "__main__":
    command = import_module("vitograph.api.cli.up")
    programs = {"api": (*THROUGH, "vitograph.api.serve"), "worker": (*THROUGH, "vitograph.api.worker")}
    command.__dict__["run_instance"] = partial(command.run_instance, **programs)
    processes = import_module("vitograph.api.running.processes")
    processes.__dict__["open_embedded"] = partial(processes.open_embedded, more=PLANS)
    sys.argv.insert(1, "up")
    main()

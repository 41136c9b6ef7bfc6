"""The smallest API: ready at once. Stands in for the real one where only its process matters."""

from __future__ import annotations

import os
import socket

import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.get("/readyz")
def get_ready() -> dict[str, str]:
    """Which process answers, and what it was told."""
    return {"pid": str(os.getpid()), **{name: value for name, value in os.environ.items() if name.startswith("VITO_")}}


if __name__ == "__main__":
    endpoint = socket.socket(fileno=int(os.environ["VITO_LISTEN_FD"]))
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[endpoint])

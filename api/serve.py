"""The API's process: the application on the socket it inherited, or on the host and port that were set."""

from __future__ import annotations

import socket

import uvicorn

from vitograph.api.app import create_app
from vitograph.api.running.stopping import end_with_status_0, told_in_a_sentence
from vitograph.api.settings import read_settings
from vitograph.api.telemetry.logs import configure_logs
from vitograph.api.telemetry.traces import open_traces
from vitograph.api.wire.http import BoundedHttp


class Server(uvicorn.Server):
    """Uvicorn, which ends the lines that would stay open for ever before it waits for the rest."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.config.app.state.vito.changes.close()  # type: ignore[union-attr]
        await super().shutdown(sockets)


def main() -> None:
    """Serves until SIGTERM; open requests get some seconds to finish.

    Ends with status 0; with 1, and why in a sentence, when it could not start.
    """
    settings = read_settings()
    configure_logs("api", settings.log_level)
    end_with_status_0()
    with told_in_a_sentence(), open_traces("vito-api") as traces:
        app = create_app(settings, traces)
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            log_config=None,
            log_level=settings.log_level,
            access_log=False,
            server_header=False,
            http=BoundedHttp,
            timeout_graceful_shutdown=settings.drain_seconds,
            # Longer than clients and proxies keep an idle connection, so that they never send into a closing one.
            timeout_keep_alive=75,
        )
        sockets = None if settings.listen_fd is None else [socket.socket(fileno=settings.listen_fd)]
        try:
            Server(config).run(sockets=sockets)
        finally:  # it exits, with a status of its own, when the application did not start
            if (refused := getattr(app.state, "refused", None)) is not None:
                raise refused


if __name__ == "__main__":
    main()

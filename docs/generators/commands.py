"""The commands, as `vito --help` has them."""

from __future__ import annotations

import html
import re

import typer
from typer.cli import get_docs_for_click

from vitograph.api.cli import app


def write() -> str:
    """Markdown of every command: usage, arguments, options with types and defaults."""
    command = typer.main.get_command(app)
    text = get_docs_for_click(obj=command, ctx=typer.Context(command), name="vito")
    body = re.sub(r"\A# `vito`\n", "", text)
    return html.unescape(body.replace("```console\n$ ", "```text\n"))

"""What a statement costs the server, and how it would walk."""

from __future__ import annotations

from vitograph.graph.driver import Graph
from vitograph.graph.queries import Statement


async def db_hits(graph: Graph, statement: Statement, **parameters: object) -> int:
    """Reads of the store, as the server counts them."""
    async with graph.driver.session() as session:
        result = await session.run(f"PROFILE {statement.text}", parameters)  # type: ignore[arg-type]
        return _total((await result.consume()).profile)


async def plan(graph: Graph, statement: Statement) -> set[str]:
    """How the server would walk if it planned now, what it would read and by which index."""
    text = statement.text.replace("CYPHER replan=skip", "CYPHER replan=force")
    assert text != statement.text
    async with graph.driver.session() as session:
        result = await session.run(f"EXPLAIN {text}", dict.fromkeys(statement.used))  # type: ignore[arg-type]
        return _walked((await result.consume()).plan)


def _total(plan: dict | None) -> int:  # type: ignore[type-arg]
    assert plan is not None
    return int(plan["args"].get("DbHits", 0)) + sum(_total(child) for child in plan.get("children", ()))


def _walked(plan: dict | None) -> set[str]:  # type: ignore[type-arg]
    assert plan is not None
    operator = plan["operatorType"].partition("@")[0]
    walks = any(word in operator for word in ("Scan", "Seek", "Join", "Expand"))
    own = {f"{operator} {plan['args'].get('Details', '')}"} if walks else set()
    return own.union(*(_walked(child) for child in plan.get("children", ())))

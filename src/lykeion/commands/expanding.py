"""Which migrations are safe while the code before them still runs: those that only expand the database.

A release goes through the web hosts one by one, so for some minutes old code meets the new tables. What it must not
meet is a column that is gone or has another name, one that it does not know and that has to be filled, or a rule that
it breaks. Such a change takes two releases: one that no longer uses the old, then one that takes it away. ``lykeion
migrate --expand-only`` refuses the second kind; a test judges the migrations of this checkout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import connection
from django.db.migrations import Migration, operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Field
from django.db.models.fields import NOT_PROVIDED

_TAKES_AWAY: Final = (
    operations.RemoveField,
    operations.DeleteModel,
    operations.RenameField,
    operations.RenameModel,
    operations.AlterModelTable,
)
_RULES: Final = (operations.AddConstraint, operations.AlterUniqueTogether)


def unsafe_waiting() -> list[str]:
    """A sentence for each change, of the migrations that wait, that running code could not bear.

    Apps that have no tables yet are left out: nothing running uses them.
    """
    executor = MigrationExecutor(connection)
    applied = executor.loader.applied_migrations
    known = {app for app, _name in applied}
    state = executor.loader.project_state(list(executor.loader.graph.nodes.keys() & applied.keys()))
    plan = [migration for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    return list(_judged(plan, state, known))


def _judged(plan: Sequence[Migration], state: ProjectState, known: set[str]) -> Iterator[str]:
    fresh: set[tuple[str, str]] = set()  # models made by the same plan: nothing running uses them either
    for migration in plan:
        for operation in migration.operations:
            if migration.app_label in known:
                for why in why_unsafe(operation, migration.app_label, state, fresh):
                    yield f"{migration.app_label}.{migration.name}: {operation.describe()}: {why}"
            operation.state_forwards(migration.app_label, state)


def why_unsafe(operation: Operation, app: str, state: ProjectState, fresh: set[tuple[str, str]]) -> Iterator[str]:
    """Sentences why code from before ``operation`` cannot bear it; none when it can.

    ``state``: the models before it. ``fresh``: (app, model) made since that code was released; new ones are added.
    """
    if isinstance(operation, operations.CreateModel):
        fresh.add((app, operation.name_lower))
    elif isinstance(operation, operations.SeparateDatabaseAndState):
        for part in operation.database_operations:
            yield from why_unsafe(part, app, state, fresh)
    elif isinstance(operation, operations.RunSQL):
        if not operation.hints.get("expands"):
            yield "SQL cannot be judged; when old code bears it, say so with hints={'expands': True}"
    elif (app, _model(operation)) not in fresh:
        yield from _why_of_a_model(operation, app, state)


def _model(operation: Operation) -> str:
    return str(getattr(operation, "model_name", getattr(operation, "name", ""))).lower()


def _why_of_a_model(operation: Operation, app: str, state: ProjectState) -> Iterator[str]:
    if isinstance(operation, _TAKES_AWAY):
        yield "running code still uses what it takes away or renames"
    elif isinstance(operation, _RULES):
        yield "running code may write rows that break the rule"
    elif isinstance(operation, operations.AddField) and _must_be_filled(operation.field):
        yield "running code does not fill it; make it null=True, or give it a db_default"
    elif isinstance(operation, operations.AlterField):
        before = state.models[app, operation.model_name_lower].fields[operation.name]
        yield from _why_altered(before, operation.field)


def _must_be_filled(field: Field[Any, Any]) -> bool:
    return not (field.null or field.many_to_many or field.db_default is not NOT_PROVIDED)


def _why_altered(before: Field[Any, Any], after: Field[Any, Any]) -> Iterator[str]:
    if before.null and not after.null:
        yield "running code may leave it empty"
    if after.unique and not before.unique:
        yield "running code may write the same value twice"
    if before.get_internal_type() != after.get_internal_type():
        yield "running code expects another type"
    if before.max_length is not None and after.max_length is not None and after.max_length < before.max_length:
        yield "running code may write longer values"

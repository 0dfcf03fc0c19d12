"""Migrations that are safe while code of the release before still runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from lykeion.commands import expanding
from lykeion.commands.expanding import why_unsafe

RELEASED = Path(__file__).with_name("released-migrations.txt")

COURSE = migrations.CreateModel(
    "Course", [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=20, null=True))]
)


def reasons(operation: migrations.operations.base.Operation, *, fresh: bool = False) -> list[str]:
    state = ProjectState()
    COURSE.state_forwards("school", state)
    return list(why_unsafe(operation, "school", state, {("school", "course")} if fresh else set()))


@pytest.mark.parametrize(
    "operation",
    [
        migrations.CreateModel("Pupil", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("course", "motto", models.TextField(null=True)),
        migrations.AddField("course", "level", models.IntegerField(default=1, db_default=1)),
        migrations.AddIndex("course", models.Index(fields=["name"], name="by_name")),
        migrations.AlterField("course", "name", models.CharField(max_length=40, null=True)),
        migrations.RunSQL("UPDATE school_course SET name = ''", hints={"expands": True}),
        migrations.RunPython(migrations.RunPython.noop),
    ],
)
def test_what_only_expands_is_safe(operation):
    assert reasons(operation) == []


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        (migrations.RemoveField("course", "name"), "running code still uses what it takes away or renames"),
        (migrations.RenameField("course", "name", "title"), "running code still uses what it takes away or renames"),
        (migrations.DeleteModel("Course"), "running code still uses what it takes away or renames"),
        (
            migrations.AddField("course", "level", models.IntegerField(default=1)),
            "running code does not fill it; make it null=True, or give it a db_default",
        ),
        (
            migrations.AddConstraint("course", models.UniqueConstraint(fields=["name"], name="one")),
            "running code may write rows that break the rule",
        ),
        (
            migrations.AlterField("course", "name", models.CharField(max_length=20)),
            "running code may leave it empty",
        ),
        (
            migrations.AlterField("course", "name", models.CharField(max_length=10, null=True)),
            "running code may write longer values",
        ),
        (
            migrations.AlterField("course", "name", models.IntegerField(null=True)),
            "running code expects another type",
        ),
        (
            migrations.RunSQL("DROP TABLE school_course"),
            "SQL cannot be judged; when old code bears it, say so with hints={'expands': True}",
        ),
    ],
)
def test_what_running_code_cannot_bear_is_named_with_its_reason(operation, why):
    assert reasons(operation) == [why]


def test_a_table_of_the_same_release_may_change_as_it_likes():
    assert reasons(migrations.AddField("course", "level", models.IntegerField()), fresh=True) == []


def test_nothing_is_unsafe_where_nothing_waits(db):
    assert expanding.unsafe_waiting() == []


def test_migrations_since_the_last_release_only_expand(db):
    """After a release, list its migrations in released-migrations.txt; until then they may not take anything away."""
    released = {tuple(line.split(".", 1)) for line in RELEASED.read_text().split()}
    loader = MigrationExecutor(connection).loader
    ours = {app.label for app in expanding_apps()}
    state = loader.project_state([node for node in loader.graph.nodes if node[0] not in ours or node in released])
    since = [
        migration
        for migration, _ in _in_order(loader)
        if migration.app_label in ours and (migration.app_label, migration.name) not in released
    ]

    found = list(expanding._judged(since, state, {app for app, _ in released}))

    assert found == []


def expanding_apps():
    from django.apps import apps

    return [app for app in apps.get_app_configs() if app.name.startswith("lykeion.")]


def _in_order(loader):
    executor = MigrationExecutor(connection)
    return executor.migration_plan(loader.graph.leaf_nodes(), clean_start=True)

"""Guards: what the database itself refuses, whoever asks. Declared once, on both engines.

A guard is a set of triggers with a name; the few that note what changed are kept with them. Batch
migrations on SQLite rebuild a table and drop its triggers without a word; ``restore`` puts them
back after every migration, and ``missing`` lets ``make check``, boot and ``ideation doctor``
compare the database with this list.
"""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.engine import Connection

# Percent signs are doubled for the driver.
PG_REFUSE = """
CREATE OR REPLACE FUNCTION ideation_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%% is append-only: correct by a new row', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


@dataclass(frozen=True)
class Trigger:
    """One trigger: its name, its table, and how each engine is told to make it."""

    name: str
    table: str
    sqlite: str
    postgresql: tuple[str, ...]
    #: Another table that it writes to; made only where that exists.
    writes: str = ""


_declared: dict[str, Trigger] = {}


def declare(trigger: Trigger) -> None:
    """Add a trigger to the list that every database must have."""
    _declared[trigger.name] = trigger


def append_only(table: str) -> None:
    """Refuse every UPDATE and DELETE of the table's rows: facts are corrected by new ones."""
    for verb in ("update", "delete"):
        name = f"guard_{table}_{verb}"
        declare(
            Trigger(
                name=name,
                table=table,
                sqlite=(
                    f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} BEGIN "
                    f"SELECT RAISE(ABORT, '{table} is append-only: correct by a new row'); END"
                ),
                postgresql=(
                    PG_REFUSE,
                    (
                        f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} "
                        "FOR EACH ROW EXECUTE FUNCTION ideation_refuse()"
                    ),
                ),
            )
        )
    name = f"guard_{table}_truncate"
    declare(
        Trigger(
            name=name,
            table=table,
            sqlite="",  # SQLite has no TRUNCATE
            postgresql=(
                PG_REFUSE,
                (
                    f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION ideation_refuse()"
                ),
            ),
        )
    )


def balanced(header: str, entries: str) -> None:
    """Refuse a header whose entries do not sum to zero per currency, and any entry after it.

    Entries are written first, under a deferred foreign key to a header that comes last.
    """
    off_balance = (
        f"NOT EXISTS (SELECT 1 FROM {entries} WHERE transaction_id = NEW.id) OR EXISTS "  # noqa: S608
        f"(SELECT 1 FROM {entries} WHERE transaction_id = NEW.id "  # names of our own tables
        "GROUP BY currency HAVING SUM(amount_minor) <> 0)"
    )
    closed = f"EXISTS (SELECT 1 FROM {header} WHERE id = NEW.transaction_id)"  # noqa: S608  # ours too
    _refuse_insert(f"guard_{header}_balance", header, off_balance, "entries do not balance")
    _refuse_insert(f"guard_{entries}_closed", entries, closed, "this transaction is closed")


def _refuse_insert(name: str, table: str, condition: str, words: str) -> None:
    declare(
        Trigger(
            name=name,
            table=table,
            sqlite=(
                f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            ),
            postgresql=(
                (
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                    f"BEGIN IF {condition} THEN RAISE EXCEPTION '{words}' "
                    "USING ERRCODE = 'integrity_constraint_violation'; "
                    "END IF; RETURN NEW; END $$"
                ),
                (
                    f"CREATE TRIGGER {name} BEFORE INSERT ON {table} "
                    f"FOR EACH ROW EXECUTE FUNCTION {name}()"
                ),
            ),
        )
    )


def declared() -> dict[str, Trigger]:
    """All triggers by name."""
    return dict(_declared)


def missing(connection: Connection) -> list[str]:
    """Names of declared triggers that this database lacks, in order."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE NOT tgisinternal AND tgenabled <> 'D' AND pg_table_is_visible(pg_class.oid)"
        )
    present = set(connection.execute(text(query)).scalars())
    return [trigger.name for trigger in _wanted(connection) if trigger.name not in present]


def restore(connection: Connection) -> list[str]:
    """Make every declared trigger that is missing and whose table exists; return their names."""
    made = []
    tables = set(_tables(connection))
    absent = set(missing(connection))
    for trigger in _wanted(connection):
        if trigger.name not in absent or not {trigger.table, trigger.writes} - {""} <= tables:
            continue
        is_sqlite = connection.dialect.name == "sqlite"
        for statement in (trigger.sqlite,) if is_sqlite else trigger.postgresql:
            connection.exec_driver_sql(statement)
        made.append(trigger.name)
    return made


def _wanted(connection: Connection) -> list[Trigger]:
    is_sqlite = connection.dialect.name == "sqlite"
    return [trigger for trigger in _declared.values() if not is_sqlite or trigger.sqlite]


def _tables(connection: Connection) -> list[str]:
    return connection.dialect.get_table_names(connection)

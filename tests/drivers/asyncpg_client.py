"""asyncpg: binary everywhere, its own look at types, prepared statements, copy, notify, timeout."""

import asyncio
import io
import os
import sys

import asyncpg


async def connect():
    return await asyncpg.connect(server_settings={"pgpurpose.purpose": os.environ["PURPOSE"]})


def show(title, value):
    print(f"{title}: {value!r}")


async def refused(coroutine):
    try:
        await coroutine
    except asyncpg.PostgresError as error:
        return (error.sqlstate, error.schema_name, error.table_name, error.column_name)
    except asyncio.TimeoutError:
        return "timed out"
    return "no error"


async def everything():
    db = await connect()
    show("purpose", await db.fetchval("SHOW pgpurpose.purpose"))
    show("types", await db.fetchrow("SELECT * FROM person WHERE id = $1", 7))
    statement = await db.prepare("SELECT name, mood, tags FROM person WHERE id = $1")
    show("described", [(a.name, a.type.name) for a in statement.get_attributes()])
    show("prepared", [tuple(await statement.fetchrow(n)) for n in range(1, 8)])
    transaction = db.transaction()
    await transaction.start()
    await db.executemany(
        "INSERT INTO visit (id, person_id, place) VALUES ($1, $2, $3)",
        [(9100 + n, 1, f"place {n}") for n in range(50)],
    )
    show("many", await db.fetchrow("SELECT count(*), max(place) FROM visit WHERE id >= 9100"))
    cursor = await db.cursor("SELECT id FROM person ORDER BY id")
    show("portions", [len(await cursor.fetch(70)) for _ in range(8)])
    await transaction.rollback()
    await db.copy_records_to_table("visit", columns=["id", "person_id", "place"], records=[(9001, 1, "Köln")])
    out = io.BytesIO()
    await db.copy_from_query("SELECT id, place FROM visit WHERE id > $1", 9000, output=out)
    show("copy", out.getvalue())
    await db.execute("DELETE FROM visit WHERE id > 9000")
    show("duplicate", await refused(db.execute("INSERT INTO person (id, name) VALUES (1, 'x')")))
    heard = asyncio.Future()
    await db.add_listener("news", lambda *args: heard.set_result(args[2:]))
    await db.execute("NOTIFY news, 'hello'")
    show("notify", await asyncio.wait_for(heard, 5))
    show("timeout", await refused(db.execute("SELECT pg_sleep(20)", timeout=0.4)))
    show("still there", await db.fetchval("SELECT 1"))
    await db.reset()
    await db.close()


async def masked():
    db = await connect()
    rows = await db.fetch("SELECT id, name, email FROM person WHERE id <= $1 ORDER BY id", 3)
    show("rows", [tuple(row) for row in rows])
    show("refused", await refused(db.fetch("SELECT born FROM person WHERE id = 1")))
    async with db.transaction():
        await db.execute("SELECT set_config('pgpurpose.purpose', $1, true)", "work")
        show("inside", [tuple(r) for r in await db.fetch("SELECT name FROM person WHERE id = 1")])
    show("after", [tuple(r) for r in await db.fetch("SELECT name FROM person WHERE id = 1")])
    await db.close()


asyncio.run({"everything": everything, "masked": masked}[sys.argv[1]]())

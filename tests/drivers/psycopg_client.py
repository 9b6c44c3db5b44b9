"""psycopg 3: text and binary results, prepared statements, pipeline, copy, notify, cancel."""

import os
import sys
import threading

import psycopg


def connect(**more):
    # Host, port, user, password and database come from the PG* variables.
    return psycopg.connect(options=f"-c pgpurpose.purpose={os.environ['PURPOSE']}", **more)


def show(title, value):
    print(f"{title}: {value!r}")


def refused(run):
    try:
        run()
    except psycopg.Error as error:
        diag = error.diag
        return (error.sqlstate, diag.schema_name, diag.table_name, diag.column_name)
    return "no error"


def everything():
    with connect(autocommit=True) as db:
        show("purpose", db.execute("SHOW pgpurpose.purpose").fetchone())
        for binary in (False, True):
            cursor = db.cursor(binary=binary)
            show("types", cursor.execute("SELECT * FROM person WHERE id = %s", (7,)).fetchone())
            show("columns", [(c.name, c.type_code) for c in cursor.description])
        for number in range(8):
            row = db.execute("SELECT name FROM person WHERE id = %s", (number,), prepare=True).fetchone()
            show("prepared", row)
        with db.pipeline():
            cursors = [db.execute("SELECT %s::int + 1", (n,)) for n in range(20)]
        show("pipeline", [c.fetchone() for c in cursors])
        show("many", many(db))
        with db.cursor().copy("COPY visit (id, person_id, place) FROM STDIN") as copy:
            copy.write_row((9001, 1, "Köln"))
            copy.write_row((9002, 2, "copied"))
        with db.cursor().copy("COPY (SELECT id, place FROM visit WHERE id > 9000 ORDER BY id) TO STDOUT") as copy:
            show("copy", list(copy.rows()))
        db.execute("DELETE FROM visit WHERE id > 9000")
        show("duplicate", refused(lambda: db.execute("INSERT INTO person (id, name) VALUES (1, 'x')")))
        db.execute("LISTEN news")
        db.execute("SELECT pg_notify('news', 'hello')")
        show("notify", [n.payload for n in db.notifies(timeout=5, stop_after=1)])
        threading.Timer(0.3, db.cancel).start()
        show("cancel", refused(lambda: db.execute("SELECT pg_sleep(20)")))
    with connect() as db:
        with db.cursor("portions") as cursor:
            cursor.itersize = 50
            cursor.execute("SELECT id FROM person ORDER BY id")
            show("server cursor", sum(row[0] for row in cursor))
        db.execute("UPDATE person SET name = 'lost'")
        db.rollback()
        show("rolled back", db.execute("SELECT count(*) FROM person WHERE name = 'lost'").fetchone())


def many(db):
    with db.transaction(force_rollback=True):
        db.cursor().executemany(
            "INSERT INTO visit (id, person_id, place) VALUES (%s, %s, %s)",
            [(9100 + n, 1, f"place {n}") for n in range(50)],
        )
        return db.execute("SELECT count(*), max(place) FROM visit WHERE id >= 9100").fetchone()


def masked():
    with connect(autocommit=True) as db:
        show("rows", db.execute("SELECT id, name, email FROM person WHERE id <= %s ORDER BY id", (3,)).fetchall())
        show("refused", refused(lambda: db.execute("SELECT born FROM person WHERE id = 1")))
        with db.transaction():
            db.execute("SELECT set_config('pgpurpose.purpose', %s, true)", ("work",))
            show("inside", db.execute("SELECT name FROM person WHERE id = 1").fetchall())
        show("after", db.execute("SELECT name FROM person WHERE id = 1").fetchall())


{"everything": everything, "masked": masked}[sys.argv[1]]()

"""SQLAlchemy: reads the whole catalog to know the tables, then works through mapped classes."""

import os
import sys

from sqlalchemy import MetaData, create_engine, func, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, load_only, relationship, selectinload
from sqlalchemy.orm.attributes import flag_modified

url = "postgresql+psycopg://{PGUSER}:{PGPASSWORD}@{PGHOST}:{PGPORT}/{PGDATABASE}".format(**os.environ)
engine = create_engine(url, connect_args={"options": f"-c pgpurpose.purpose={os.environ['PURPOSE']}"})
tables = MetaData()
tables.reflect(engine, views=True, only=["person", "visit", "recent"])


class Base(DeclarativeBase):
    pass


class Person(Base):
    __table__ = tables.tables["person"]


class Visit(Base):
    __table__ = tables.tables["visit"]
    person = relationship(Person, backref="visits")


def show(title, value):
    print(f"{title}: {value!r}")


def everything():
    for table in tables.sorted_tables:
        for column in table.columns:
            default = column.server_default and str(column.server_default.arg)
            show(table.name, (column.name, str(column.type), column.nullable, default))
        show("foreign keys", sorted(key.target_fullname for key in table.foreign_keys))
    about = inspect(engine)
    show("view", about.get_view_definition("recent"))
    show("checks", about.get_check_constraints("visit"))
    show("types", about.get_enums())
    show("sequences", about.get_sequence_names())
    with Session(engine) as session:
        person = session.get(Person, 7)
        show("person", (person.name, person.tags, person.profile, len(person.visits)))
        session.add_all([Visit(id=9500 + n, person_id=1, place=f"place {n}") for n in range(30)])
        session.flush()
        eager = select(Visit).where(Visit.id >= 9500).options(selectinload(Visit.person))
        show("made", [visit.person.name for visit in session.scalars(eager.order_by(Visit.id))][:3])
        counted = select(func.count(), func.max(Visit.place)).join(Person).where(Person.active)
        show("counted", session.execute(counted).one())
        session.rollback()


def masked():
    with Session(engine) as session:
        rows = select(Person.id, Person.name, Person.email).where(Person.id <= 3)
        show("rows", [tuple(row) for row in session.execute(rows.order_by(Person.id))])
        session.commit()
        try:
            session.scalars(select(Person.born).where(Person.id == 1)).all()
        except DBAPIError as error:
            diag = error.orig.diag
            show("refused", (error.orig.sqlstate, diag.schema_name, diag.table_name, diag.column_name))
        session.rollback()
        name = select(Person.name).where(Person.id == 1)
        session.execute(text("SELECT set_config('pgpurpose.purpose', :p, true)"), {"p": "work"})
        show("inside", session.scalar(name))
        session.commit()
        show("after", session.scalar(name))


def saves():
    """Reads a masked object, changes it and saves it: the mask must not replace the value."""
    columns = load_only(Person.id, Person.name, Person.email, Person.active)
    first = select(Person).options(columns).where(Person.id == 1)
    with Session(engine) as session:
        person = session.scalars(first).one()
        show("read", (person.name, person.email))
        for column in ["name", "email"]:
            flag_modified(person, column)
        try:
            session.commit()
        except DBAPIError as error:
            diag = error.orig.diag
            show("refused", (error.orig.sqlstate, diag.table_name, diag.column_name, diag.message_primary))
            session.rollback()
        person = session.scalars(first).one()
        flag_modified(person, "active")
        session.commit()
        show("plain", session.scalars(first).one().name)
        stolen = session.scalar(select(Person.name).where(Person.id == 1))
        session.add(Visit(id=9700, person_id=1, place=stolen))
        session.flush()
        show("copied", session.scalar(select(Visit.place).where(Visit.id == 9700)))
        session.rollback()


{"everything": everything, "masked": masked, "saves": saves}[sys.argv[1]]()

// node-postgres: simple and extended, named statements, errors with fields, notify.
"use strict";
const { createRequire } = require("module");
const { Client } = createRequire(process.env.NODE_HOME + "/")("pg");

const connect = async () => {
  const db = new Client({ options: `-c pgpurpose.purpose=${process.env.PURPOSE}` });
  await db.connect();
  return db;
};
const show = (title, value) => console.log(`${title}: ${JSON.stringify(value)}`);
const refused = (run) =>
  run().then(() => "no error", (e) => [e.code, e.schema ?? null, e.table ?? null, e.column ?? null]);

async function everything() {
  const db = await connect();
  show("purpose", (await db.query("SHOW pgpurpose.purpose")).rows);
  const types = await db.query("SELECT * FROM person WHERE id = $1", [7]);
  show("types", types.rows);
  show("columns", types.fields.map((f) => [f.name, f.dataTypeID, f.tableID > 0, f.columnID]));
  for (const id of [1, 2, 3]) {
    const named = { name: "by id", text: "SELECT name, tags FROM person WHERE id = $1", values: [id] };
    show("named", (await db.query(named)).rows);
  }
  show("binary", (await db.query({ text: "SELECT id, ratio FROM person WHERE id = 3", binary: true })).rows);
  show("arrays", (await db.query({ text: "SELECT id, place FROM visit ORDER BY id LIMIT 3", rowMode: "array" })).rows);
  show("several", (await db.query("SELECT 1 AS a; SELECT 2 AS b")).map((r) => r.rows));
  const together = await Promise.all([...Array(20).keys()].map((n) => db.query("SELECT $1::int + 1 AS n", [n])));
  show("queued", together.map((r) => r.rows[0].n));
  await db.query("BEGIN");
  await db.query("UPDATE person SET name = $1", ["lost"]);
  show("duplicate", await refused(() => db.query("INSERT INTO person (id, name) VALUES (1, 'x')")));
  show("aborted", await refused(() => db.query("SELECT 1")));
  await db.query("ROLLBACK");
  show("rolled back", (await db.query("SELECT count(*) FROM person WHERE name = 'lost'")).rows);
  const heard = new Promise((resolve) => db.once("notification", (n) => resolve([n.channel, n.payload])));
  await db.query("LISTEN news");
  await db.query("SELECT pg_notify('news', 'hello')");
  show("notify", await heard);
  await db.end();
}

async function masked() {
  const db = await connect();
  show("rows", (await db.query({ text: "SELECT id, name, email FROM person WHERE id <= $1 ORDER BY id", values: [3], rowMode: "array" })).rows);
  show("refused", await refused(() => db.query("SELECT born FROM person WHERE id = 1")));
  await db.query("BEGIN");
  await db.query("SELECT set_config('pgpurpose.purpose', $1, true)", ["work"]);
  show("inside", (await db.query("SELECT name FROM person WHERE id = 1")).rows);
  await db.query("COMMIT");
  show("after", (await db.query("SELECT name FROM person WHERE id = 1")).rows);
  await db.end();
}

({ everything, masked })[process.argv[2]]().catch((error) => {
  console.error(error);
  process.exit(1);
});

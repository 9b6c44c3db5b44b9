// JDBC: server-prepared statements, portions, batches, metadata, copy, cancel.
import java.io.StringReader;
import java.io.StringWriter;
import java.sql.*;
import java.util.*;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

public class JdbcClient {
    interface Run { void run() throws Exception; }

    static Connection connect() throws SQLException {
        Map<String, String> env = System.getenv();
        Properties how = new Properties();
        how.put("user", env.get("PGUSER"));
        how.put("password", env.get("PGPASSWORD"));
        how.put("options", "-c pgpurpose.purpose=" + env.get("PURPOSE"));
        how.put("prepareThreshold", "3");
        how.put("sslmode", "disable");
        String url = "jdbc:postgresql://" + env.get("PGHOST") + ":" + env.get("PGPORT") + "/" + env.get("PGDATABASE");
        return DriverManager.getConnection(url, how);
    }

    static void show(String title, Object value) { System.out.println(title + ": " + value); }

    static List<List<String>> rows(ResultSet result) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        while (result.next()) {
            List<String> row = new ArrayList<>();
            for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) row.add(text(result, i));
            rows.add(row);
        }
        return rows;
    }

    static String text(ResultSet result, int column) throws SQLException {
        boolean bytes = result.getMetaData().getColumnType(column) == Types.BINARY;
        return bytes ? Arrays.toString(result.getBytes(column)) : result.getString(column);
    }

    static String refused(Run what) throws Exception {
        try {
            what.run();
        } catch (PSQLException error) {
            ServerErrorMessage m = error.getServerErrorMessage();
            return error.getSQLState() + " " + m.getSchema() + " " + m.getTable() + " " + m.getColumn();
        } catch (SQLException error) {
            return error.getSQLState();
        }
        return "no error";
    }

    static void everything() throws Exception {
        try (Connection db = connect()) {
            Statement plain = db.createStatement();
            show("purpose", rows(plain.executeQuery("SHOW pgpurpose.purpose")));
            try (PreparedStatement byId = db.prepareStatement("SELECT * FROM person WHERE id = ?")) {
                for (int id = 1; id <= 8; id++) {
                    byId.setInt(1, id);
                    show("prepared", rows(byId.executeQuery()));
                }
                ResultSetMetaData columns = byId.getMetaData();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    show("column", columns.getColumnName(i) + " " + columns.getColumnTypeName(i) + " "
                        + columns.getPrecision(i) + " " + columns.isNullable(i) + " " + columns.isAutoIncrement(i));
                }
            }
            db.setAutoCommit(false);
            Statement portions = db.createStatement();
            portions.setFetchSize(60);
            show("portions", rows(portions.executeQuery("SELECT id FROM person ORDER BY id")).size());
            try (PreparedStatement insert = db.prepareStatement("INSERT INTO visit (id, person_id, place) VALUES (?, ?, ?)")) {
                for (int n = 0; n < 300; n++) {
                    insert.setInt(1, 9100 + n);
                    insert.setInt(2, 1);
                    insert.setString(3, "place " + n);
                    insert.addBatch();
                }
                show("batch", Arrays.stream(insert.executeBatch()).sum());
            }
            Savepoint before = db.setSavepoint("before");
            show("duplicate", refused(() -> plain.execute("INSERT INTO person (id, name) VALUES (1, 'x')")));
            db.rollback(before);
            show("after savepoint", rows(plain.executeQuery("SELECT count(*) FROM visit WHERE id >= 9100")));
            db.rollback();
            db.setAutoCommit(true);
            try (PreparedStatement keys = db.prepareStatement(
                    "INSERT INTO visit (id, person_id, place) VALUES (9001, 1, 'Köln')", Statement.RETURN_GENERATED_KEYS)) {
                keys.executeUpdate();
                show("generated", rows(keys.getGeneratedKeys()));
            }
            org.postgresql.copy.CopyManager copy = db.unwrap(PGConnection.class).getCopyAPI();
            show("copied in", copy.copyIn("COPY visit (id, person_id, place) FROM STDIN", new StringReader("9002\t2\tcopied\n")));
            StringWriter out = new StringWriter();
            copy.copyOut("COPY (SELECT id, place FROM visit WHERE id > 9000 ORDER BY id) TO STDOUT", out);
            show("copied out", out.toString().replace("\n", "|"));
            plain.execute("DELETE FROM visit WHERE id > 9000");
            DatabaseMetaData about = db.getMetaData();
            show("tables", names(about.getTables(null, "public", "%", new String[] {"TABLE", "VIEW"}), "TABLE_NAME"));
            show("columns", names(about.getColumns(null, "public", "visit", "%"), "COLUMN_NAME"));
            show("keys", names(about.getPrimaryKeys(null, "public", "person"), "COLUMN_NAME"));
            show("foreign", names(about.getImportedKeys(null, "public", "visit"), "FKCOLUMN_NAME"));
            plain.setQueryTimeout(1);
            show("timeout", refused(() -> plain.execute("SELECT pg_sleep(20)")));
        }
    }

    static List<String> names(ResultSet result, String column) throws SQLException {
        List<String> names = new ArrayList<>();
        while (result.next()) names.add(result.getString(column));
        return names;
    }

    static void masked() throws Exception {
        try (Connection db = connect()) {
            Statement plain = db.createStatement();
            try (PreparedStatement some = db.prepareStatement("SELECT id, name, email FROM person WHERE id <= ? ORDER BY id")) {
                for (int again = 0; again < 5; again++) {
                    some.setInt(1, 3);
                    show("rows", rows(some.executeQuery()));
                }
            }
            show("refused", refused(() -> plain.executeQuery("SELECT born FROM person WHERE id = 1")));
            db.setAutoCommit(false);
            try (PreparedStatement declare = db.prepareStatement("SELECT set_config('pgpurpose.purpose', ?, true)")) {
                declare.setString(1, "work");
                declare.executeQuery();
            }
            show("inside", rows(plain.executeQuery("SELECT name FROM person WHERE id = 1")));
            db.commit();
            show("after", rows(plain.executeQuery("SELECT name FROM person WHERE id = 1")));
            db.commit();
        }
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("masked")) masked(); else everything();
    }
}

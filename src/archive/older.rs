//! Archives as programs left them that knew only an older format; only in tests.

use rusqlite::Connection;

/// Takes from an archive what its format did not have.
pub(crate) fn age(db: &Connection, format: i64) {
    if format == super::TELLING {
        return db.execute_batch(&format!("DROP TABLE fed; PRAGMA user_version = {format};")).unwrap();
    }
    let tables = ["fed", "asked", "digest_article", "digest_mark", "digest", "told", "mark", "identity", "gone"];
    let mut sql: String = tables.iter().map(|table| format!("DROP TABLE {table};")).collect();
    sql += "DROP INDEX page_recheck; ALTER TABLE version DROP COLUMN reread;";
    for column in ["recheck", "etag", "modified", "candidate", "lost"] {
        sql += &format!("ALTER TABLE page DROP COLUMN {column};");
    }
    if format < super::FOLLOWING {
        sql += "DROP TABLE item; DROP TABLE page; DROP TABLE source; DROP TABLE host;
                ALTER TABLE version DROP COLUMN form; ALTER TABLE place DROP COLUMN lower;";
    }
    db.execute_batch(&format!("{sql} PRAGMA user_version = {format};")).unwrap();
}

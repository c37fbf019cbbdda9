-- Mail servers that turned everything away, and since when: any node sends, every page tells.
CREATE TABLE mail_servers (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    place TEXT NOT NULL UNIQUE,
    trouble TEXT NOT NULL,
    trouble_since INTEGER NOT NULL
);

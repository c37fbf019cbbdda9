-- Where reports of e-mails that came back are read, and what stands in the way.
CREATE TABLE bounce_boxes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    place TEXT NOT NULL,
    looked_at INTEGER NOT NULL,
    trouble TEXT,
    trouble_since INTEGER
);
CREATE UNIQUE INDEX bounce_boxes_by_place ON bounce_boxes (place);

-- By which a database knows that it was restored: its own word, how far it has come, and where it lies.
CREATE TABLE instances (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    word TEXT NOT NULL,
    generation INTEGER NOT NULL,
    home TEXT NOT NULL
);

-- While one of these stands, no e-mail leaves. Kept, with who released it.
CREATE TABLE mail_holds (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    because TEXT NOT NULL,
    held_at INTEGER NOT NULL,
    held_by INTEGER REFERENCES users (id),
    released_at INTEGER,
    released_by INTEGER REFERENCES users (id),
    withdrawn INTEGER
);
CREATE UNIQUE INDEX mail_holds_standing ON mail_holds ((released_at IS NULL)) WHERE released_at IS NULL;

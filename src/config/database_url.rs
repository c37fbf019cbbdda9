//! Which database: chosen by the URL's scheme and nothing else.

use std::path::{Path, PathBuf};

/// Where the data are.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file of SQLite's.
    Sqlite(PathBuf),
    /// A PostgreSQL server, with its password in the URL.
    Postgres(String),
}

/// A URL that names no database we know. A typo must not make an empty SQLite file.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the database URL must begin with sqlite: or postgres://, not with {scheme:?}")]
pub struct UrlError {
    scheme: String,
}

impl DatabaseUrl {
    /// Reads `sqlite:FILE` (relative to `data_dir`) or `postgres://…`.
    pub fn parse(text: &str, data_dir: &Path) -> Result<Self, UrlError> {
        if let Some(file) = text.strip_prefix("sqlite:") {
            let file = file.strip_prefix("//").unwrap_or(file);
            return Ok(Self::Sqlite(data_dir.join(file)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let scheme = text
            .split(':')
            .next()
            .unwrap_or_default()
            .chars()
            .take(20)
            .collect();
        Err(UrlError { scheme })
    }
}

impl DatabaseUrl {
    /// Whether it holds a password.
    pub fn has_password(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(url) => {
                let login = url.rsplit_once('@').map_or("", |(login, _)| login);
                let login = login.split_once("://").map_or(login, |(_, login)| login);
                login.contains(':') || url.contains("password=")
            }
        }
    }

    /// The file, where the database is SQLite.
    pub const fn file(&self) -> Option<&PathBuf> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }
}

/// Without the password: safe to print.
impl std::fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let place = url.rsplit_once('@').map_or_else(
                    || url.split_once("://").map_or(url.as_str(), |(_, rest)| rest),
                    |(_, place)| place,
                );
                write!(f, "postgres://{}", place.split('?').next().unwrap_or_default())
            }
        }
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_scheme_is_refused() {
        let error = DatabaseUrl::parse("postgress://localhost/x", Path::new("/d")).unwrap_err();
        assert!(error.to_string().contains("postgress"));
    }

    #[test]
    fn a_password_is_never_printed() {
        let url = DatabaseUrl::parse("postgres://ana:secret@db:5432/makegood?x=y", Path::new("/d")).unwrap();
        assert_eq!(url.to_string(), "postgres://db:5432/makegood");
        assert!(url.has_password());
        let without = DatabaseUrl::parse("postgres://ana@db:5432/makegood", Path::new("/d")).unwrap();
        assert!(!without.has_password());
    }

    #[test]
    fn a_sqlite_file_stands_in_the_data_directory() {
        let url = DatabaseUrl::parse("sqlite:makegood.db", Path::new("/d")).unwrap();
        assert_eq!(url, DatabaseUrl::Sqlite("/d/makegood.db".into()));
    }
}

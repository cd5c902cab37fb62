use std::path::PathBuf;

/// Why something local could not start or go on. Each message is one line, meant for the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// template.yaml cannot be read, or says something that cannot be run here.
    #[error("{path}: {reason}", path = path.display())]
    Template {
        /// The template's path.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Another program listens on the port.
    #[error("port {port} on 127.0.0.1 is in use; stop what listens there or choose another port")]
    PortInUse {
        /// The port asked for.
        port: u16,
    },
    /// The port cannot be listened on for another reason.
    #[error("port {port} on 127.0.0.1: {source}")]
    Listen {
        /// The port asked for.
        port: u16,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A tool is missing or of another version than the one the project is made for.
    #[error("{0}")]
    Tool(String),
    /// Another process runs on the same data directory.
    #[error("{directory} is in use by another `local` process; stop it or choose another data directory", directory = .0.display())]
    DataInUse(PathBuf),
    /// No system was ever started on the data directory.
    #[error("{directory} holds no database; `make dev` and `make database` make one, in the folder that DATA names", directory = .0.display())]
    NoDatabase(PathBuf),
    /// The database does not start or does not answer as it should.
    #[error("database: {0}")]
    Database(String),
    /// The functions could not be built or started, or have stopped.
    #[error("functions: {0}")]
    Functions(String),
    /// The gateway could not be started, or an answer through it was not the one expected.
    #[error("gateway: {0}")]
    Gateway(String),
    /// A key could not be issued.
    #[error("{0}")]
    Key(String),
    /// A file with audit trails cannot be read as such.
    #[error("{path} {reason}", path = path.display())]
    Trail {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A file or a directory cannot be read or written.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The file or directory.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
}

impl Error {
    /// Adds the path to a file error, which the system's own message lacks.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}

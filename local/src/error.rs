use std::net::SocketAddr;
use std::path::PathBuf;

/// The errors of this program. Each message is one line, for the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// template.yaml declares something that is not supported here.
    #[error("template.yaml: {0}")]
    Template(String),
    /// Another program listens on the address.
    #[error("{0} is in use; stop what listens there or choose another port")]
    AddressInUse(SocketAddr),
    /// Listening on the address failed for another reason.
    #[error("{address}: {source}")]
    Listen {
        /// The requested address.
        address: SocketAddr,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A tool is missing, or failed.
    #[error("{0}")]
    Tool(String),
    /// Another process runs on the same data directory.
    #[error("{directory} is in use by another `assent` process; stop it or choose another data directory", directory = .0.display())]
    DataInUse(PathBuf),
    /// The data directory does not exist, or has no database.
    #[error("{directory} holds no database; `assent serve`, `make dev` and `make database` create one in the directory that they are given", directory = .0.display())]
    NoDatabase(PathBuf),
    /// The database does not start, or returned an error.
    #[error("database: {0}")]
    Database(String),
    /// The functions could not be built or started, or have stopped.
    #[error("functions: {0}")]
    Functions(String),
    /// The gateway could not be started, or a response through it was unexpected.
    #[error("gateway: {0}")]
    Gateway(String),
    /// The system has no secrets, or two values for one.
    #[error("{0}")]
    Secrets(String),
    /// A backup cannot be made or restored.
    #[error("{0}")]
    Backup(String),
    /// Functions cannot be set back to older versions.
    #[error("{0}")]
    RollBack(String),
    /// A command after a restore failed.
    #[error("{0}")]
    Repair(String),
    /// A command about the shards of lists failed.
    #[error("{0}")]
    Shards(String),
    /// A command about keys failed.
    #[error("{0}")]
    Key(String),
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

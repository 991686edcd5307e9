//! The configuration of a server.

use std::{fmt, net::SocketAddr, path::PathBuf};

/// An access key and its secret. `Debug` shows neither the secret nor its length.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The access key id that requests must be signed with.
    pub access_key: String,
    /// The secret that belongs to it.
    pub secret_key: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("access_key", &self.access_key).field("secret_key", &"***").finish()
    }
}

/// Everything that [`start`](crate::start) needs.
#[derive(Clone)]
pub struct ServerConfig {
    /// Directory of the journal and the stored bytes. It is created if it does not exist, and locked while the server
    /// runs.
    pub state_dir: PathBuf,
    /// The address to listen on, which must be a loopback address. Port 0 picks a free port.
    pub listen: SocketAddr,
    /// The one pair of credentials that requests must be signed with.
    pub credentials: Credentials,
    /// The region that the server says it is in.
    pub region: String,
    /// Bearer token of the admin calls.
    pub admin_token: String,
}

impl fmt::Debug for ServerConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerConfig")
            .field("state_dir", &self.state_dir)
            .field("listen", &self.listen)
            .field("credentials", &self.credentials)
            .field("region", &self.region)
            .field("admin_token", &"***")
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let config = ServerConfig {
            state_dir: "state".into(),
            listen: ([127, 0, 0, 1], 0).into(),
            credentials: Credentials { access_key: "id".into(), secret_key: "hush-secret".into() },
            region: "us-east-1".into(),
            admin_token: "hush-token".into(),
        };
        let shown = format!("{config:?}");
        assert!(shown.contains("\"id\""));
        assert!(!shown.contains("hush"));
    }
}

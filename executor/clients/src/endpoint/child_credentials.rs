//! Credentials for programs that do not know the whole AWS chain: resolved here once, and passed by variables.

use aws_sdk_s3::config::ProvideCredentials;
use workload_schema::ErrorKind;

use super::{Connection, Failure, error_chain};

impl Connection {
    /// The variables that give a child process the credentials of this connection: values to set, or names to
    /// remove (`None`). They are as fresh as can be, and are not renewed.
    pub async fn credential_variables(&self) -> Result<Vec<(String, Option<String>)>, Failure> {
        let denied = |words: String| Failure::local(ErrorKind::Denied, format!("no credentials: {words}"));
        let Some(provider) = self.credentials().await else {
            return Err(denied("none are configured".to_owned()));
        };
        let credentials = provider.provide_credentials().await.map_err(|error| denied(error_chain(&error)))?;
        let variables = [
            ("AWS_ACCESS_KEY_ID", Some(credentials.access_key_id())),
            ("AWS_SECRET_ACCESS_KEY", Some(credentials.secret_access_key())),
            ("AWS_SESSION_TOKEN", credentials.session_token()),
            // It would be looked for in the configuration file again.
            ("AWS_PROFILE", None),
        ];
        Ok(variables.map(|(name, value)| (name.to_owned(), value.map(str::to_owned))).into())
    }
}

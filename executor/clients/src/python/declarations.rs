//! What each Python client is and can do.
//!
//! The runner refuses by itself what its clients cannot do, because other drivers start it too; a test compares what it
//! declares (`wlx_runner/capabilities.py`) with this.

use workload_schema::Checksum;

use crate::declaration::{Capabilities, Declaration, DirectoryBuckets, Validation};
use crate::environments::Environment;

/// A client of our Python runner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PythonClient {
    /// What it is.
    pub declaration: Declaration,
    /// Where its packages are installed.
    pub environment: Environment,
    /// The package whose version is the client's.
    pub package: &'static str,
}

const ALL: Capabilities = Capabilities::ALL;
/// Everything is left to the AWS CRT, which may take an endpoint of its own.
const OVER_THE_CRT: Capabilities = Capabilities { may_leave_the_endpoint: true, ..ALL };
/// botocore validates whole GETs only.
const OVER_BOTOCORE: Capabilities = Capabilities { validates: Validation::UpToAPart, ..ALL };
/// Bytes move as they are; the signatures are those of ordinary buckets.
const PLAIN_HTTP: Capabilities =
    Capabilities { sends: &[], validates: Validation::Nothing, directory_buckets: DirectoryBuckets::Nowhere, ..ALL };

/// All of them, in the order in which they are listed.
pub const PYTHON_CLIENTS: [PythonClient; 9] = [
    PythonClient {
        declaration: Declaration {
            id: "crt-python",
            about: "Python: the AWS CRT's S3 client (awscrt)",
            library: "awscrt",
            capabilities: OVER_THE_CRT,
        },
        environment: Environment::Python,
        package: "awscrt",
    },
    PythonClient {
        declaration: Declaration {
            id: "boto3-classic",
            about: "Python: boto3's own transfer manager",
            library: "boto3",
            capabilities: OVER_BOTOCORE,
        },
        environment: Environment::Python,
        package: "boto3",
    },
    PythonClient {
        declaration: Declaration {
            id: "boto3-crt",
            about: "Python: boto3's requests over the AWS CRT",
            library: "s3transfer",
            capabilities: OVER_THE_CRT,
        },
        environment: Environment::Python,
        package: "boto3",
    },
    PythonClient {
        declaration: Declaration {
            id: "aioboto3",
            about: "Python, async: boto3 over aiohttp",
            library: "aioboto3",
            capabilities: OVER_BOTOCORE,
        },
        environment: Environment::Aioboto3,
        package: "aioboto3",
    },
    plain_http("aiohttp", "Python, async: plain HTTP, signed"),
    plain_http("httpx", "Python, async: plain HTTP, signed"),
    plain_http("requests", "Python, threads: plain HTTP, signed"),
    PythonClient {
        declaration: Declaration {
            id: "s3fs",
            about: "Python: files over aiobotocore, as dataframes use them",
            library: "s3fs",
            capabilities: Capabilities { sends: &[], validates: Validation::Nothing, ..ALL },
        },
        environment: Environment::S3fs,
        package: "s3fs",
    },
    PythonClient {
        declaration: Declaration {
            id: "obstore",
            about: "Python: the Rust crate object_store",
            library: "obstore",
            capabilities: Capabilities {
                sends: &[Checksum::Crc64nvme, Checksum::Sha256],
                validates: Validation::Nothing,
                directory_buckets: DirectoryBuckets::Nowhere,
                ..ALL
            },
        },
        environment: Environment::Python,
        package: "obstore",
    },
];

const fn plain_http(id: &'static str, about: &'static str) -> PythonClient {
    PythonClient {
        declaration: Declaration { id, about, library: id, capabilities: PLAIN_HTTP },
        environment: Environment::Python,
        package: id,
    }
}

impl PythonClient {
    /// The client `id`, if it is one of the Python runner.
    pub fn of_id(id: &str) -> Option<&'static Self> {
        PYTHON_CLIENTS.iter().find(|client| client.declaration.id == id)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;
    use std::process::Command;

    use super::*;

    /// What the Python runner declares of one client.
    #[derive(Debug, PartialEq, Eq, serde::Deserialize)]
    struct Declared {
        library: String,
        sends: Vec<Checksum>,
        validates: String,
        directory_buckets: bool,
    }

    #[test]
    fn the_python_runner_declares_the_same() {
        let script = "import json; from wlx_runner.capabilities import CAPABILITIES; \
                      print(json.dumps({id: vars(one) for id, one in CAPABILITIES.items()}))";
        let runner = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runners/python");
        let output = Command::new("python3").args(["-B", "-c", script]).current_dir(runner).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let there: BTreeMap<String, Declared> = serde_json::from_slice(&output.stdout).unwrap();
        let here: BTreeMap<String, Declared> = PYTHON_CLIENTS
            .iter()
            .map(|PythonClient { declaration: Declaration { id, library, capabilities, .. }, .. }| {
                let validates = match capabilities.validates {
                    Validation::Nothing => "nothing",
                    Validation::UpToAPart => "up to a part",
                    Validation::Everything => "everything",
                };
                let declared = Declared {
                    library: (*library).to_owned(),
                    sends: capabilities.sends.to_vec(),
                    validates: validates.to_owned(),
                    directory_buckets: capabilities.directory_buckets != DirectoryBuckets::Nowhere,
                };
                ((*id).to_owned(), declared)
            })
            .collect();
        assert_eq!(there, here);
    }
}

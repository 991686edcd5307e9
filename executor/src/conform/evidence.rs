//! What was found of a client, as it is stored, and as later comparisons find it again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use workload_schema::Checksum;
use workload_schema::event::Hello;
use workload_schema::record::Outcome;

use super::fault::Fault;
use super::work::Work;
use crate::store::{FindingKind, Store, StoreError};

/// Format version of [`Evidence`].
pub const VERSION: u32 = 1;

/// The client that all others are compared with.
pub const REFERENCE: &str = "sdk-rust";

/// What one client did on small forms of workloads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// [`VERSION`].
    pub version: u32,
    /// Client id.
    pub client: String,
    /// Its version, where it says one.
    #[serde(default)]
    pub client_version: Option<String>,
    /// When it was found, RFC 3339 in UTC.
    #[serde(default)]
    pub found_at: String,
    /// The throughput that it was told to plan for, in gigabit/s.
    pub target_gbps: f64,
    /// What it did, a form each.
    pub forms: Vec<FormEvidence>,
}

/// What a client did on one small form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FormEvidence {
    /// Name of the workload that it is a form of.
    pub form: String,
    /// What was asked for.
    pub asked: Asked,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it was skipped or failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it says of itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hello: Option<Hello>,
    /// What it did in the repeat that was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<Work>,
    /// Whether it failed when it was served a corrupted body; only asked of downloads with a checksum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notices_corruption: Option<bool>,
    /// Why this is not the work that was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
}

/// What a form asks of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    /// Tasks of a repeat.
    pub tasks: u64,
    /// Bytes to send in a repeat.
    pub upload_bytes: u64,
    /// Bytes to receive in a repeat.
    pub download_bytes: u64,
    /// Whether payloads come from files and go to files.
    pub on_disk: bool,
    /// The checksum to send or to validate.
    pub checksum: Option<Checksum>,
}

impl Evidence {
    /// The form `name`, if it was run.
    pub fn form(&self, name: &str) -> Option<&FormEvidence> {
        self.forms.iter().find(|form| form.form == name)
    }

    /// Whether anything was not the work that was asked for, or failed.
    pub fn is_faulty(&self) -> bool {
        self.forms.iter().any(|form| !form.faults.is_empty())
    }

    /// `boto3-classic 1.43.104`, or the id alone.
    pub fn name(&self) -> String {
        match &self.client_version {
            // Crates are named with their version already.
            Some(version) => format!("{} ({version})", self.client),
            None => self.client.clone(),
        }
    }
}

/// The newest evidence on each form of `client` in this very version, found by this version of wlx; `None` where it
/// was never checked.
pub fn evidence(store: &Store, client: &str, version: Option<&str>) -> Result<Option<Evidence>, StoreError> {
    let mut found: Option<Evidence> = None;
    let mut forms = BTreeMap::new();
    for finding in store.findings::<Evidence>(FindingKind::Conformance)? {
        let same = finding.client.as_deref() == Some(client) && finding.client_version.as_deref() == version;
        // Most clients are part of wlx, or driven by it.
        if !same || finding.wlx_version != env!("CARGO_PKG_VERSION") || finding.body.version != VERSION {
            continue;
        }
        let newest = found.get_or_insert_with(|| Evidence { found_at: finding.found_at, ..finding.body.clone() });
        for form in finding.body.forms {
            if !newest.forms.contains(&form) {
                forms.entry(form.form.clone()).or_insert(form);
            }
        }
    }
    if let Some(found) = &mut found {
        let known: Vec<String> = found.forms.iter().map(|form| form.form.clone()).collect();
        found.forms.extend(forms.into_values().filter(|form| !known.contains(&form.form)));
    }
    Ok(found)
}

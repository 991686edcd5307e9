//! What was found of a client, as it is stored, and as later comparisons find it again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use workload_schema::Checksum;
use workload_schema::event::Hello;
use workload_schema::record::Outcome;

use super::fault::Fault;
use super::work::Work;
use crate::results_file::{FindingKind, ResultsFile, ResultsFileError};

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
pub fn evidence(
    results: &ResultsFile,
    client: &str,
    version: Option<&str>,
) -> Result<Option<Evidence>, ResultsFileError> {
    let mut found: Option<Evidence> = None;
    let mut forms = BTreeMap::new();
    for finding in results.findings::<Evidence>(FindingKind::Conformance)? {
        let same = finding.client.as_deref() == Some(client) && finding.client_version.as_deref() == version;
        // Most clients are part of wlx, or driven by it.
        if !same || finding.wlx_version != env!("CARGO_PKG_VERSION") || finding.body.version != VERSION {
            continue;
        }
        let newest = found.get_or_insert_with(|| Evidence { found_at: finding.found_at, ..finding.body.clone() });
        for form in finding.body.forms {
            if newest.form(&form.form).is_none() {
                forms.entry(form.form.clone()).or_insert(form);
            }
        }
    }
    if let Some(found) = &mut found {
        found.forms.extend(forms.into_values());
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results_file::NewFinding;

    fn form(name: &str, tasks: u64) -> FormEvidence {
        FormEvidence {
            form: name.to_owned(),
            asked: Asked { tasks, upload_bytes: 0, download_bytes: 1, on_disk: true, checksum: None },
            outcome: Outcome::Succeeded,
            reason: None,
            hello: None,
            work: Some(Work::default()),
            notices_corruption: None,
            faults: Vec::new(),
        }
    }

    fn keep(results: &mut ResultsFile, client_version: &str, forms: Vec<FormEvidence>) {
        let body = Evidence {
            version: VERSION,
            client: "x".to_owned(),
            client_version: Some(client_version.to_owned()),
            found_at: String::new(),
            target_gbps: 10.0,
            forms,
        };
        let (client, client_version) = (Some("x"), Some(client_version));
        let kind = FindingKind::Conformance;
        results.add_finding(&NewFinding { kind, session: "s", client, client_version, body: &body }).unwrap();
    }

    #[test]
    fn evidence_is_of_one_version_and_the_newest_of_each_form_counts() {
        let folder = tempfile::tempdir().unwrap();
        let mut results = ResultsFile::open(&folder.path().join("results.sqlite")).unwrap();
        assert_eq!(evidence(&results, "x", Some("1")).unwrap(), None, "never checked");
        keep(&mut results, "1", vec![form("a", 1), form("b", 1)]);
        keep(&mut results, "1", vec![form("b", 2), form("c", 2)]);
        keep(&mut results, "2", vec![form("a", 3)]);
        let found = evidence(&results, "x", Some("1")).unwrap().unwrap();
        let forms: Vec<(&str, u64)> = found.forms.iter().map(|form| (form.form.as_str(), form.asked.tasks)).collect();
        assert_eq!(forms, [("b", 2), ("c", 2), ("a", 1)]);
        assert!(found.found_at.ends_with('Z') && found.client_version.as_deref() == Some("1"), "{found:?}");
        assert_eq!(evidence(&results, "x", Some("3")).unwrap(), None);
        assert_eq!(evidence(&results, "x", None).unwrap(), None, "of no known version");
        assert_eq!(evidence(&results, "y", Some("1")).unwrap(), None);
    }
}

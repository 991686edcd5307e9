//! Resolution of the settings, once, from all their sources.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use workload_schema::{BucketName, Gbps, Scale};

use s3_clients::catalog::{CLIENTS_DIR, Catalog, CatalogError, ClientSection, STATE_DIR};
use s3_clients::endpoint::Connection;

use super::{CommonArgs, FileError, Origin, Setting, SettingsFile};

const DEFAULT_BUCKET: &str = "wlx-bench";
const DEFAULT_REGION: &str = "us-east-1";
/// The throughput of the network card of a small cloud machine, in gigabit/s. People with more set it.
const DEFAULT_TARGET: f64 = 10.0;

/// The environment variables that settings may come from.
pub type Environment = BTreeMap<String, String>;

/// All settings, typed, each with its origin.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Endpoint URL; `None` means AWS, or the embedded server if nothing is configured at all.
    pub endpoint_url: Setting<Option<String>>,
    /// Bucket; `None` only if a real store was configured without one.
    pub bucket: Setting<Option<BucketName>>,
    /// Region.
    pub region: Setting<String>,
    /// Profile of the AWS configuration.
    pub profile: Setting<Option<String>>,
    /// Folder of files to upload and of downloaded files.
    pub files_dir: Setting<PathBuf>,
    /// Folder of compiled workloads.
    pub workloads_dir: Setting<PathBuf>,
    /// Throughput that clients plan their concurrency for.
    pub target_throughput: Setting<Gbps>,
    /// Results database.
    pub db: Setting<PathBuf>,
    /// Folder of installed clients.
    pub clients_dir: Setting<PathBuf>,
    /// Shrink factor.
    pub scale: Setting<Scale>,
    /// The settings file, and its `[clients.NAME]` sections.
    pub client_sections: Option<(PathBuf, BTreeMap<String, ClientSection>)>,
    /// Folder for what wlx keeps: `.wlx`.
    pub state_dir: PathBuf,
}

/// Why settings cannot be used. All of them are usage errors.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The settings file.
    #[error(transparent)]
    File(#[from] FileError),
    /// A value that does not fit.
    #[error("{setting} from {origin}: `{value}` does not fit: {reason}")]
    Value {
        /// Name of the setting.
        setting: &'static str,
        /// Where the value came from.
        origin: Origin,
        /// The value.
        value: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A real store needs a bucket.
    #[error("no bucket is set for {store}\nhint: name one with --bucket, WLX_BUCKET or bucket in wlx.toml")]
    NoBucket {
        /// The store that was configured.
        store: String,
    },
}

/// The sources of settings: flags, environment and file.
struct Sources<'a> {
    environment: &'a Environment,
    file: Option<(PathBuf, SettingsFile)>,
}

impl Sources<'_> {
    /// The first source that has the setting, as text.
    fn find<V: Display>(
        &self,
        flag: (&'static str, Option<V>),
        variables: &[&'static str],
        in_file: impl Fn(&SettingsFile) -> Option<String>,
    ) -> Option<Setting<String>> {
        if let Some(value) = flag.1 {
            return Some(Setting { value: value.to_string(), origin: Origin::Flag(flag.0) });
        }
        let set = |name: &&&str| self.environment.get(**name).is_some_and(|value| !value.is_empty());
        if let Some(name) = variables.iter().find(set) {
            return Some(Setting { value: self.environment[*name].clone(), origin: Origin::Environment(name) });
        }
        let (path, file) = self.file.as_ref()?;
        in_file(file).map(|value| Setting { value, origin: Origin::File(path.clone()) })
    }
}

fn parsed<T: FromStr<Err: Display>>(
    setting: &'static str,
    found: Option<Setting<String>>,
    default: T,
) -> Result<Setting<T>, SettingsError> {
    let Some(Setting { value, origin }) = found else {
        return Ok(Setting { value: default, origin: Origin::Default });
    };
    match value.parse() {
        Ok(value) => Ok(Setting { value, origin }),
        Err(error) => Err(SettingsError::Value { setting, origin, reason: error.to_string(), value }),
    }
}

fn optional(found: Option<Setting<String>>) -> Setting<Option<String>> {
    match found {
        Some(Setting { value, origin }) => Setting { value: Some(value), origin },
        None => Setting { value: None, origin: Origin::Default },
    }
}

fn path_text(path: Option<&PathBuf>) -> Option<String> {
    path.map(|path| path.to_string_lossy().into_owned())
}

impl Settings {
    /// Resolves everything for a program working in `directory`.
    pub fn resolve(args: &CommonArgs, environment: &Environment, directory: &Path) -> Result<Self, SettingsError> {
        let file = SettingsFile::load(args.config.as_deref(), directory)?;
        let from = Sources { environment, file };
        let path = |found: Option<Setting<String>>, default: PathBuf| match found {
            Some(Setting { value, origin }) => Setting { value: directory.join(value), origin },
            None => Setting { value: default, origin: Origin::Default },
        };
        let endpoint_url = optional(from.find(
            ("--endpoint-url", args.endpoint_url.as_ref()),
            &["WLX_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"],
            |file| file.endpoint_url.clone(),
        ));
        check_endpoint(&endpoint_url)?;
        let profile =
            optional(from.find(("--profile", args.profile.as_ref()), &["WLX_PROFILE", "AWS_PROFILE"], |file| {
                file.profile.clone()
            }));
        let bucket = from.find(("--bucket", args.bucket.as_ref()), &["WLX_BUCKET"], |file| file.bucket.clone());
        let region = from.find(
            ("--region", args.region.as_ref()),
            &["WLX_REGION", "AWS_REGION", "AWS_DEFAULT_REGION"],
            |file| file.region.clone(),
        );
        let target =
            from.find(("--target-throughput", args.target_throughput.as_ref()), &["WLX_TARGET_THROUGHPUT"], |file| {
                file.target_throughput.map(|gbps| gbps.to_string())
            });
        let scale = from.find(("--scale", args.scale.as_ref()), &["WLX_SCALE"], |_| None);
        let files = from.find(("--files-dir", path_text(args.files_dir.as_ref())), &["WLX_FILES_DIR"], |file| {
            path_text(file.files_dir.as_ref())
        });
        let workloads =
            from.find(("--workloads-dir", path_text(args.workloads_dir.as_ref())), &["WLX_WORKLOADS_DIR"], |file| {
                path_text(file.workloads_dir.as_ref())
            });
        let db = from.find(("--db", path_text(args.db.as_ref())), &["WLX_DB"], |file| path_text(file.db.as_ref()));
        let clients =
            from.find(("--clients-dir", path_text(args.clients_dir.as_ref())), &["WLX_CLIENTS_DIR"], |file| {
                path_text(file.clients_dir.as_ref())
            });
        let state_dir = directory.join(STATE_DIR);
        Ok(Self {
            bucket: bucket_setting(bucket, endpoint_url.value.is_none() && profile.value.is_none())?,
            region: parsed("region", region, DEFAULT_REGION.to_owned())?,
            target_throughput: parsed("target throughput", target, Gbps::new(DEFAULT_TARGET).expect("above zero"))?,
            scale: parsed("scale", scale, Scale::ONE)?,
            files_dir: path(files, state_dir.join("files")),
            workloads_dir: path(workloads, find_workloads(directory)),
            db: path(db, state_dir.join("results.sqlite")),
            clients_dir: path(clients, state_dir.join(CLIENTS_DIR)),
            client_sections: from.file.as_ref().map(|(file, text)| (file.clone(), text.clients.clone())),
            endpoint_url,
            profile,
            state_dir,
        })
    }

    /// All clients: those of wlx, and those of the settings file.
    pub fn catalog(&self) -> Result<Catalog, CatalogError> {
        Catalog::new(&self.clients_dir.value, self.client_sections.as_ref())
    }

    /// How the configured store is reached.
    pub fn connection(&self) -> Connection {
        Connection {
            endpoint_url: self.endpoint_url.value.clone(),
            region: self.region.value.clone(),
            profile: self.profile.value.clone(),
            credentials: None,
        }
    }

    /// Whether the embedded server is used, as nothing that names a store was configured.
    pub fn wants_embedded_server(&self) -> bool {
        self.endpoint_url.value.is_none() && self.profile.value.is_none() && self.bucket.is_default()
    }

    /// The bucket; an error if a store was configured without one.
    pub fn bucket(&self) -> Result<&BucketName, SettingsError> {
        self.bucket.value.as_ref().ok_or_else(|| SettingsError::NoBucket {
            store: self.endpoint_url.value.clone().unwrap_or_else(|| "AWS".to_owned()),
        })
    }

    /// Each setting as name, value and origin, in the order of the flags.
    pub fn rows(&self) -> Vec<(&'static str, String, String)> {
        fn row<T>(
            name: &'static str,
            setting: &Setting<T>,
            text: impl Fn(&T) -> String,
        ) -> (&'static str, String, String) {
            (name, text(&setting.value), setting.origin.to_string())
        }
        let path = |path: &PathBuf| path.display().to_string();
        let or_none = |value: &Option<String>| value.clone().unwrap_or_else(|| "(none)".to_owned());
        vec![
            row("endpoint-url", &self.endpoint_url, |url| match url {
                Some(url) => url.clone(),
                None if self.wants_embedded_server() => "(embedded server)".to_owned(),
                None => "(AWS)".to_owned(),
            }),
            row("bucket", &self.bucket, |bucket| {
                bucket.as_ref().map_or_else(|| "(none)".to_owned(), ToString::to_string)
            }),
            row("region", &self.region, Clone::clone),
            row("profile", &self.profile, or_none),
            row("files-dir", &self.files_dir, path),
            row("workloads-dir", &self.workloads_dir, path),
            row("target-throughput", &self.target_throughput, ToString::to_string),
            row("db", &self.db, path),
            row("clients-dir", &self.clients_dir, path),
            row("scale", &self.scale, ToString::to_string),
        ]
    }
}

fn check_endpoint(endpoint: &Setting<Option<String>>) -> Result<(), SettingsError> {
    let Some(url) = &endpoint.value else {
        return Ok(());
    };
    let wrong = |reason: &str| SettingsError::Value {
        setting: "endpoint URL",
        origin: endpoint.origin.clone(),
        value: url.clone(),
        reason: reason.to_owned(),
    };
    let uri: http::Uri = url.parse().map_err(|_| wrong("it is not a URL"))?;
    match uri.scheme_str() {
        Some("http" | "https") if uri.host().is_some_and(|host| !host.is_empty()) => Ok(()),
        _ => Err(wrong("it must start with http:// or https:// and name a host")),
    }
}

fn bucket_setting(
    found: Option<Setting<String>>,
    embedded: bool,
) -> Result<Setting<Option<BucketName>>, SettingsError> {
    if found.is_none() && !embedded {
        return Ok(Setting { value: None, origin: Origin::Default });
    }
    let default = BucketName::new(DEFAULT_BUCKET).expect("a valid name");
    let Setting { value, origin } = parsed("bucket", found, default)?;
    Ok(Setting { value: Some(value), origin })
}

/// `workloads` in the working directory or the nearest folder above that has one.
fn find_workloads(directory: &Path) -> PathBuf {
    directory
        .ancestors()
        .map(|ancestor| ancestor.join("workloads"))
        .find(|candidate| candidate.is_dir())
        .unwrap_or_else(|| directory.join("workloads"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(args: &CommonArgs, environment: &[(&str, &str)], toml: &str) -> Result<Settings, SettingsError> {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("wlx.toml"), toml).unwrap();
        let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Settings::resolve(args, &environment, directory.path())
    }

    #[test]
    fn flags_win_over_environment_over_file_over_default() {
        let args = CommonArgs { region: Some("flag-1".to_owned()), ..CommonArgs::default() };
        let file = "region = 'file-1'\nbucket = 'file-bucket'\ntarget-throughput = 25.0";
        let all = resolve(&args, &[("WLX_REGION", "env-1"), ("WLX_BUCKET", "env-bucket")], file).unwrap();
        assert_eq!((all.region.value.as_str(), &all.region.origin), ("flag-1", &Origin::Flag("--region")));
        assert_eq!(all.bucket.value.as_ref().unwrap().as_str(), "env-bucket");
        assert!((all.target_throughput.value.get() - 25.0).abs() < f64::EPSILON);
        assert!(matches!(&all.target_throughput.origin, Origin::File(path) if path.ends_with("wlx.toml")));
        assert!(all.db.is_default() && all.db.value.ends_with(".wlx/results.sqlite"));
    }

    #[test]
    fn the_embedded_server_is_for_when_nothing_is_configured() {
        let none = CommonArgs::default();
        assert!(resolve(&none, &[], "").unwrap().wants_embedded_server());
        assert!(!resolve(&none, &[("AWS_PROFILE", "work")], "").unwrap().wants_embedded_server());
        assert!(!resolve(&none, &[("AWS_ENDPOINT_URL", "http://127.0.0.1:1")], "").unwrap().wants_embedded_server());
        let bucket = resolve(&none, &[], "bucket = 'mine'").unwrap();
        assert!(!bucket.wants_embedded_server() && bucket.bucket().unwrap().as_str() == "mine");
        let no_bucket = resolve(&none, &[("AWS_ENDPOINT_URL", "http://127.0.0.1:1")], "").unwrap();
        assert!(matches!(no_bucket.bucket(), Err(SettingsError::NoBucket { .. })));
    }

    #[test]
    fn a_value_that_does_not_fit_is_told_with_its_origin() {
        let errors: Vec<_> = [
            resolve(&CommonArgs { scale: Some("2/3".into()), ..CommonArgs::default() }, &[], ""),
            resolve(&CommonArgs::default(), &[("WLX_BUCKET", "Not A Bucket")], ""),
            resolve(&CommonArgs::default(), &[("WLX_TARGET_THROUGHPUT", "0")], ""),
            resolve(&CommonArgs { endpoint_url: Some("127.0.0.1:80".into()), ..CommonArgs::default() }, &[], ""),
        ]
        .into_iter()
        .map(|result| result.unwrap_err().to_string())
        .collect();
        insta::assert_snapshot!(errors.join("\n"));
    }

    #[test]
    fn an_unknown_key_in_the_file_is_an_error_with_its_line() {
        let error = resolve(&CommonArgs::default(), &[], "bucket = 'abc'\nregoin = 'x'").unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains("regoin"), "{error}");
    }
}

//! Files are made whole, kept if they are correct, and never made outside the files directory.

use std::os::unix::fs::symlink;

use synthetic_content::Content;
use tokio_util::sync::CancellationToken;

use super::fixture::{Fixture, Plain, files_below};
use crate::prep::{Part, PrepArgs, PrepError, PrepWork, ensure_files};

#[tokio::test]
async fn files_to_upload_are_made_and_only_folders_for_those_to_download() {
    let fixture = Fixture::new().await;
    let workloads = [
        fixture.workload(Plain::upload("empty", "upload/empty", 1, 0)),
        fixture.workload(Plain::upload("some", "upload/some", 3, 2_500_000)),
        fixture.workload(Plain { files_on_disk: false, ..Plain::upload("ram", "upload/ram", 1, 5) }),
        fixture.workload(Plain::download("down", "download/deep/er", 2, 7)),
    ];
    let root = fixture.files_dir();
    ensure_files(&PrepWork::of(&workloads).unwrap(), &root, &fixture.stop).await.unwrap();
    let made = files_below(&root);
    let names: Vec<&str> = made.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["upload/empty/0001", "upload/some/0001", "upload/some/0002", "upload/some/0003"]);
    assert!(root.join("download/deep/er").is_dir() && !root.join("upload/ram").exists());
    for (name, size) in made {
        let bytes = std::fs::read(root.join(&name)).unwrap();
        assert_eq!((bytes.len() as u64, Content::of_key(&name).mismatch(0, &bytes)), (size, None), "{name}");
    }
    assert!(!root.join(".wlx-partial").exists());
}

#[tokio::test]
async fn right_files_are_kept_and_others_made_again() {
    let fixture = Fixture::new().await;
    let workloads = [fixture.workload(Plain::upload("u", "upload/x", 3, 5))];
    let folder = fixture.files_dir().join("upload/x");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("0001"), "right").unwrap();
    std::fs::write(folder.join("0002"), "wrong size").unwrap();
    std::fs::create_dir_all(fixture.files_dir().join(".wlx-partial")).unwrap();
    std::fs::write(fixture.files_dir().join(".wlx-partial/0"), "left by a killed prep").unwrap();
    fixture.prep(Part::Files, PrepArgs::default(), &workloads).await.unwrap();
    assert_eq!(std::fs::read(folder.join("0001")).unwrap(), b"right");
    assert_eq!(Content::of_key("upload/x/0002").mismatch(0, &std::fs::read(folder.join("0002")).unwrap()), None);
    assert_eq!(files_below(&fixture.files_dir()).len(), 3);
    fixture.prep(Part::Files, PrepArgs { verify: true, ..PrepArgs::default() }, &workloads).await.unwrap();
    assert_eq!(Content::of_key("upload/x/0001").mismatch(0, &std::fs::read(folder.join("0001")).unwrap()), None);
}

#[tokio::test]
async fn a_link_that_leads_out_is_refused() {
    let fixture = Fixture::new().await;
    let outside = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(fixture.files_dir()).unwrap();
    symlink(outside.path(), fixture.files_dir().join("upload")).unwrap();
    let workloads = [fixture.workload(Plain::upload("u", "upload/x", 1, 5))];
    let refused = fixture.prep(Part::Files, PrepArgs::default(), &workloads).await.unwrap_err();
    assert!(matches!(refused, PrepError::OutsideFilesDir { .. }), "{refused}");
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn too_little_disk_is_told_before_anything_is_made() {
    let fixture = Fixture::new().await;
    let workloads = [fixture.workload(Plain::upload("u", "upload/x", 3, 1 << 50))];
    let refused = fixture.prep(Part::All, PrepArgs::default(), &workloads).await.unwrap_err();
    assert!(matches!(refused, PrepError::Disk(_)), "{refused}");
    assert!(!fixture.files_dir().exists());
    assert_eq!(fixture.store.counter.requests(), 0, "the store was not asked anything");
}

#[tokio::test]
async fn an_interrupt_leaves_no_half_file() {
    let fixture = Fixture::new().await;
    let workloads = [fixture.workload(Plain::upload("u", "upload/x", 50, 3 << 20))];
    let stop = CancellationToken::new();
    stop.cancel();
    let work = PrepWork::of(&workloads).unwrap();
    let survey = crate::prep::files::survey(&work, &fixture.files_dir(), false, &CancellationToken::default());
    let result = crate::prep::files::make(&survey, &fixture.files_dir(), &stop).await;
    assert!(matches!(result, Err(PrepError::Interrupted)));
    assert_eq!(files_below(&fixture.files_dir()), []);
    ensure_files(&PrepWork::of(&workloads).unwrap(), &fixture.files_dir(), &fixture.stop).await.unwrap();
    assert!(files_below(&fixture.files_dir()).iter().all(|(_, size)| *size == 3 << 20));
}

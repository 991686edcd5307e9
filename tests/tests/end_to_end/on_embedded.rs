//! Clients of other makers against the embedded server: every case, each on a server of its own.

use end_to_end::EmbeddedServer;

use crate::{aws_cli, python_case};

/// A test for each case of a script in `tests/python`.
macro_rules! boto3_cases {
    ($($script:ident: $($case:ident)+;)+) => {$(
        mod $script {
            $(
                #[test]
                fn $case() {
                    let server = super::EmbeddedServer::start();
                    super::python_case(server.endpoint(), concat!(stringify!($script), ".py"), stringify!($case));
                }
            )+
        }
    )+};
}

boto3_cases! {
    objects:
        put_get_head
        overwritten_object_is_the_new_one
        ranges
        metadata_is_kept
        unusual_keys
        slashes_in_keys_are_kept
        too_long_key_is_refused
        delete
        delete_many
        copy
        conditional_get
        conditional_put
        content_md5;
    buckets:
        create_list_delete
        absent_bucket
        location
        list_pages
        list_folders
        lifecycle
        tags
        wrong_credentials
        presigned
        virtual_host;
    multipart:
        complete
        part_number_get
        part_is_replaced
        listings_and_abort
        faulty_completions
        part_copy
        transfer_manager;
    checksums:
        put_of_each
        trailer_of_each
        multipart_of_each
        full_object_of_each_crc
        listing_names_each;
}

/// A test for each case of the AWS CLI.
macro_rules! aws_cli_cases {
    ($($case:ident)+) => {
        mod aws_cli_does {
            $(
                #[test]
                fn $case() {
                    super::aws_cli::$case(super::EmbeddedServer::start().endpoint());
                }
            )+
        }
    };
}

aws_cli_cases! { objects checksums multipart multipart_by_hand folders streams }

/// A case that no test runs proves nothing.
#[test]
fn every_case_of_the_scripts_is_run() {
    let here = include_str!("on_embedded.rs");
    for script in ["objects", "buckets", "multipart", "checksums"] {
        let path = end_to_end::binaries::workspace_root().join(format!("tests/python/{script}.py"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for line in text.lines() {
            if let Some(case) = line.strip_prefix("def ").and_then(|rest| rest.strip_suffix("(s3):")) {
                let listed = here.lines().any(|line| line.trim().trim_end_matches(';') == case);
                assert!(listed, "{script}.py has the case `{case}`, which no test runs");
            }
        }
    }
}

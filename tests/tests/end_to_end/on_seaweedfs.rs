//! The same cases on a server of another maker: so what they demand of ours is S3, and not our reading of it.
//!
//! Left out is what `SeaweedFS` 4.48 does in its own way: keys of 1,024 bytes, `a//b`, buckets that the first put creates and that are
//! deleted with their objects, the order of folders, the type of a checksum, and the error code of a wrong trailer.

use end_to_end::SeaweedFs;

use crate::{aws_cli, python_case};

const PORTABLE: [(&str, &[&str]); 4] = [
    (
        "objects.py",
        &[
            "put_get_head",
            "overwritten_object_is_the_new_one",
            "ranges",
            "metadata_is_kept",
            "too_long_key_is_refused",
            "delete",
            "delete_many",
            "copy",
            "conditional_get",
            "conditional_put",
            "content_md5",
        ],
    ),
    ("buckets.py", &["location", "list_pages", "lifecycle", "tags", "wrong_credentials", "presigned"]),
    (
        "multipart.py",
        &[
            "complete",
            "part_number_get",
            "part_is_replaced",
            "listings_and_abort",
            "faulty_completions",
            "part_copy",
            "transfer_manager",
        ],
    ),
    ("checksums.py", &["multipart_of_each", "full_object_of_each_crc"]),
];

#[test]
fn the_boto3_cases_hold() {
    let server = SeaweedFs::start();
    for (script, cases) in PORTABLE {
        for case in cases {
            python_case(server.endpoint(), script, case);
        }
    }
}

#[test]
fn the_aws_cli_cases_hold() {
    let server = SeaweedFs::start();
    let cases = [
        aws_cli::objects,
        aws_cli::checksums,
        aws_cli::multipart,
        aws_cli::multipart_by_hand,
        aws_cli::folders,
        aws_cli::streams,
    ];
    for case in cases {
        case(server.endpoint());
    }
}

//! What both forms of the AWS CLI have in common.

/// The version in the first line that the AWS CLI prints: `aws-cli/2.9.19 Python/3.11.2 ...`.
pub fn version_in(line: &str) -> Option<&str> {
    line.split(' ').next().filter(|word| word.starts_with("aws-cli/"))
}

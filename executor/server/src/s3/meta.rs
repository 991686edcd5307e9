//! What a client sends about an object: taken from requests and put into responses.

use std::collections::BTreeMap;

use s3s::{
    S3Result,
    dto::{Metadata, StorageClass, Timestamp, TimestampFormat},
};

use super::{failure::invalid_argument, tagging};
use crate::objects::ObjectMeta;

/// Takes the fields that the inputs of put, copy and create-upload have in common into an [`ObjectMeta`].
macro_rules! take_meta {
    ($input:expr) => {
        $crate::s3::meta::build(
            $crate::objects::ObjectMeta {
                content_type: $input.content_type.take(),
                content_encoding: $crate::s3::meta::content_encoding($input.content_encoding.take()),
                content_language: $input.content_language.take(),
                content_disposition: $input.content_disposition.take(),
                cache_control: $input.cache_control.take(),
                expires: $crate::s3::meta::expires_text($input.expires.take()),
                website_redirect: $input.website_redirect_location.take(),
                storage_class: $crate::s3::meta::storage_class($input.storage_class.take()),
                ..Default::default()
            },
            $input.metadata.take(),
            $input.tagging.take(),
        )
    };
}

/// Sets the fields that the outputs of get and head have in common from an [`ObjectMeta`].
macro_rules! give_meta {
    ($output:expr, $meta:expr) => {{
        let meta: &$crate::objects::ObjectMeta = $meta;
        // The type that S3 answers if the client sent none.
        $output.content_type = Some(meta.content_type.clone().unwrap_or_else(|| "binary/octet-stream".to_owned()));
        $output.content_encoding.clone_from(&meta.content_encoding);
        $output.content_language.clone_from(&meta.content_language);
        $output.content_disposition.clone_from(&meta.content_disposition);
        $output.cache_control.clone_from(&meta.cache_control);
        $output.expires = $crate::s3::meta::expires_time(meta);
        $output.website_redirect_location.clone_from(&meta.website_redirect);
        $output.storage_class = meta.storage_class.clone().map(Into::into);
        $output.metadata = $crate::s3::meta::user(meta);
    }};
}

pub(super) use {give_meta, take_meta};

/// Adds user metadata and tags.
pub(super) fn build(meta: ObjectMeta, user: Option<Metadata>, tags: Option<String>) -> S3Result<ObjectMeta> {
    let tags = tags.map_or_else(|| Ok(BTreeMap::new()), |text| tagging::parse_header(&text))?;
    let user: BTreeMap<String, String> = user.into_iter().flatten().collect();
    let size: usize = user.iter().map(|(name, value)| name.len() + value.len()).sum();
    if size > 2048 {
        return Err(s3s::s3_error!(MetadataTooLarge, "Your metadata headers exceed the maximum allowed metadata size"));
    }
    if tags.len() > 10 {
        return Err(invalid_argument("Object tags cannot be greater than 10"));
    }
    Ok(ObjectMeta { user, tags, ..meta })
}

/// The encoding of the object itself, without `aws-chunked`, which is an encoding of the transfer.
pub(super) fn content_encoding(value: Option<String>) -> Option<String> {
    let kept: Vec<_> =
        value?.split(',').map(str::trim).filter(|part| *part != "aws-chunked").map(str::to_owned).collect();
    Some(kept.join(",")).filter(|kept| !kept.is_empty())
}

/// The storage class to store. `STANDARD` is the default and is stored as `None`.
pub(super) fn storage_class(class: Option<StorageClass>) -> Option<String> {
    class.map(|class| class.as_str().to_owned()).filter(|class| class != StorageClass::STANDARD)
}

pub(super) fn expires_text(expires: Option<Timestamp>) -> Option<String> {
    let mut text = Vec::new();
    expires?.format(TimestampFormat::DateTime, &mut text).ok()?;
    String::from_utf8(text).ok()
}

pub(super) fn expires_time(meta: &ObjectMeta) -> Option<Timestamp> {
    Timestamp::parse(TimestampFormat::DateTime, meta.expires.as_deref()?).ok()
}

pub(super) fn user(meta: &ObjectMeta) -> Option<Metadata> {
    (!meta.user.is_empty()).then(|| meta.user.clone().into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_of_the_transfer_is_not_stored() {
        assert_eq!(content_encoding(Some("aws-chunked".into())), None);
        assert_eq!(content_encoding(Some("aws-chunked, gzip".into())).as_deref(), Some("gzip"));
        assert_eq!(content_encoding(None), None);
    }
}

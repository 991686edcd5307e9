//! The little XML that the client reads and writes: errors, upload ids and lists of parts.

use std::fmt::Write;

use quick_xml::Reader;
use quick_xml::escape::{escape, resolve_predefined_entity};
use quick_xml::events::Event;

const FITS: &str = "a string takes all";

/// The text of the first element called `name`; none if there is no such element or this is not XML.
pub fn text_of(xml: &[u8], name: &str) -> Option<String> {
    let mut reader = Reader::from_reader(xml);
    let mut text: Option<String> = None;
    loop {
        match (reader.read_event().ok()?, &mut text) {
            (Event::Start(start), None) if start.local_name().as_ref() == name.as_bytes() => text = Some(String::new()),
            (Event::Text(piece), Some(text)) => text.push_str(&piece.decode().ok()?),
            (Event::GeneralRef(reference), Some(text)) => match reference.resolve_char_ref().ok()? {
                Some(character) => text.push(character),
                None => text.push_str(resolve_predefined_entity(&reference.decode().ok()?)?),
            },
            (Event::End(_), Some(_)) => return text,
            (Event::Eof, _) => return None,
            _ => {}
        }
    }
}

/// Whether the document is an error, whatever the status that it came with.
pub fn is_error(xml: &[u8]) -> bool {
    let mut reader = Reader::from_reader(xml);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => return start.local_name().as_ref() == b"Error",
            Ok(Event::Eof) | Err(_) => return false,
            Ok(_) => {}
        }
    }
}

/// A part as it is listed to complete an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletedPart {
    /// Number, from 1.
    pub number: u32,
    /// The store's tag of it.
    pub etag: String,
    /// Its checksum in base64.
    pub checksum: Option<String>,
}

/// The body of `CompleteMultipartUpload`. `algorithm` is that of the parts' checksums, as in `ChecksumSHA256`.
pub fn complete(parts: &[CompletedPart], algorithm: &str) -> String {
    let mut xml = String::from(r#"<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">"#);
    for CompletedPart { number, etag, checksum } in parts {
        xml.push_str("<Part>");
        if let Some(checksum) = checksum {
            write!(xml, "<Checksum{algorithm}>{checksum}</Checksum{algorithm}>").expect(FITS);
        }
        write!(xml, "<ETag>{}</ETag><PartNumber>{number}</PartNumber></Part>", escape(etag)).expect(FITS);
    }
    xml.push_str("</CompleteMultipartUpload>");
    xml
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_and_unescaped() {
        let xml =
            br#"<?xml version="1.0"?><Error><Code>No&amp;Such</Code><Message>a &lt;b&gt; &#x41;</Message></Error>"#;
        assert_eq!(text_of(xml, "Code").as_deref(), Some("No&Such"));
        assert_eq!(text_of(xml, "Message").as_deref(), Some("a <b> A"));
        assert_eq!((text_of(xml, "Key"), text_of(b"not xml <", "Code")), (None, None));
    }

    #[test]
    fn an_error_is_known_by_its_root() {
        assert!(is_error(b"<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code></Error>"));
        assert!(!is_error(b"<CompleteMultipartUploadResult><Error/></CompleteMultipartUploadResult>"));
        assert!(!is_error(b""));
    }

    #[test]
    fn parts_are_listed_with_their_checksums() {
        let part = |number, checksum: Option<&str>| CompletedPart {
            number,
            etag: "\"e&\"".to_owned(),
            checksum: checksum.map(str::to_owned),
        };
        let xml = complete(&[part(1, None), part(2, Some("AAAA"))], "CRC32");
        assert!(xml.contains("<Part><ETag>&quot;e&amp;&quot;</ETag><PartNumber>1</PartNumber></Part>"), "{xml}");
        assert!(xml.contains("<Part><ChecksumCRC32>AAAA</ChecksumCRC32><ETag>"), "{xml}");
    }
}

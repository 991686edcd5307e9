//! `PutMetricData` in the words of CloudWatch's Query protocol, and the errors that it answers.
//!
//! The crate aws-sdk-cloudwatch speaks a newer protocol only (CBOR), which the fakes that people test against do not.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

use super::batch::{Batch, Sample};

/// Contract 7.
const NAMESPACE: &str = "S3Benchmarks";
/// CloudWatch takes 1000 metrics and 1 MB in one request; each sample is two metrics of less than a kilobyte. Far less is
/// answered sooner, and less is in doubt where no answer comes.
const SAMPLES_PER_REQUEST: usize = 100;
/// What stands for itself in a form.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The bodies of the requests that push `batch`.
pub fn forms(batch: &Batch) -> impl Iterator<Item = String> + '_ {
    batch.samples.chunks(SAMPLES_PER_REQUEST).map(|samples| form(batch, samples))
}

fn form(batch: &Batch, samples: &[Sample]) -> String {
    let mut form = Form(format!("Action=PutMetricData&Version=2010-08-01&Namespace={NAMESPACE}"));
    let mut members = 1..;
    for sample in samples {
        let at = jiff::Timestamp::try_from(sample.at).unwrap_or_default();
        // CloudWatch knows milliseconds at best.
        let at = at.round(jiff::Unit::Millisecond).unwrap_or(at).to_string();
        for (name, unit, value) in
            [("Throughput", "Gigabits/Second", sample.gbps), ("Duration", "Seconds", sample.seconds)]
        {
            let member = members.next().unwrap_or(usize::MAX);
            let mut field = |field: &str, value: &str| form.add(&format!("MetricData.member.{member}.{field}"), value);
            field("MetricName", name);
            field("Unit", unit);
            field("Value", &value.to_string());
            field("Timestamp", &at);
            for (place, (dimension, value)) in (1..).zip(&batch.dimensions) {
                field(&format!("Dimensions.member.{place}.Name"), dimension);
                field(&format!("Dimensions.member.{place}.Value"), value);
            }
        }
    }
    form.0
}

/// A form that grows.
struct Form(String);

impl Form {
    fn add(&mut self, name: &str, value: &str) {
        self.0.extend(["&", name, "="]);
        self.0.extend(utf8_percent_encode(value, ESCAPED));
    }
}

/// Code and message of an error; none if `xml` is not one.
pub fn error(xml: &[u8]) -> Option<(String, String)> {
    Some((text_of(xml, "Code")?, text_of(xml, "Message").unwrap_or_default()))
}

/// The text of the first element called `name`.
fn text_of(xml: &[u8], name: &str) -> Option<String> {
    let mut reader = Reader::from_reader(xml);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) if start.local_name().as_ref() == name.as_bytes() => {
                let end = start.to_end().into_owned();
                let text = reader.read_text(end.name()).ok()?.decode().ok()?.into_owned();
                return Some(unescape(&text).map_or(text.clone(), std::borrow::Cow::into_owned));
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    fn batch(samples: usize) -> Batch {
        let at = SystemTime::UNIX_EPOCH + Duration::from_nanos(1_700_000_000_123_456_789);
        Batch {
            dimensions: [
                ("S3Client", "crt-c".to_owned()),
                ("InstanceType", "c7gn.16xlarge".to_owned()),
                ("Branch", "a b&c/\u{e9}".to_owned()),
                ("Workload", "download-5GiB-1x".to_owned()),
                ("StorageClass", "S3Standard".to_owned()),
            ],
            samples: vec![Sample { at, gbps: 28.847_134, seconds: 8.954_437 }; samples],
        }
    }

    #[test]
    fn a_request_in_full() {
        let forms: Vec<String> = forms(&batch(1)).collect();
        assert_eq!(forms.len(), 1);
        insta::assert_snapshot!(forms[0].replace('&', "\n"));
    }

    #[test]
    fn no_request_is_larger_than_cloudwatch_takes() {
        let sizes: Vec<usize> = forms(&batch(201)).map(|form| form.len()).collect();
        assert_eq!(sizes.len(), 3);
        assert!(sizes.iter().all(|size| *size < 1_000_000), "{sizes:?}");
        assert_eq!(forms(&batch(0)).count(), 0);
    }

    #[test]
    fn errors_are_read() {
        let xml = b"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no &lt;way&gt;</Message></Error></ErrorResponse>";
        assert_eq!(error(xml), Some(("AccessDenied".to_owned(), "no <way>".to_owned())));
        assert_eq!(error(b"<!doctype html><p>404"), None);
    }
}

//! Computes signatures (Signature Version 4), for the bare client and for the server's fast path.

use std::sync::{Mutex, PoisonError};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// The value of `x-amz-content-sha256` when the signature does not cover the body.
pub(crate) const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// Derives signing keys from a secret and keeps the last one, because all requests of a day have the same.
pub(crate) struct SigningKeys {
    secret: String,
    last: Mutex<Option<(String, Hmac<Sha256>)>>,
}

impl SigningKeys {
    pub(crate) fn new(secret: &str) -> Self {
        Self { secret: format!("AWS4{secret}"), last: Mutex::new(None) }
    }

    /// The signature in hexadecimal of a canonical request that was made at `date` (`YYYYMMDDThhmmssZ`). `scope` is
    /// `DAY/REGION/s3/aws4_request`.
    pub(crate) fn sign(&self, date: &str, scope: &str, canonical: &str) -> String {
        let mut mac = self.key(scope);
        for part in ["AWS4-HMAC-SHA256\n", date, "\n", scope, "\n", &hex(&Sha256::digest(canonical))] {
            mac.update(part.as_bytes());
        }
        hex(&mac.finalize().into_bytes())
    }

    fn key(&self, scope: &str) -> Hmac<Sha256> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, key)) = &*last
            && of == scope
        {
            return key.clone();
        }
        let key = scope.split('/').fold(keyed(self.secret.as_bytes()), |mut key, word| {
            key.update(word.as_bytes());
            keyed(&key.finalize().into_bytes())
        });
        *last = Some((scope.to_owned(), key.clone()));
        key
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example "GET Object" of the S3 documentation on signing.
    #[test]
    fn the_documented_example() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hex(&Sha256::digest("")), empty);
        let canonical = format!(
            "GET\n/test.txt\n\nhost:examplebucket.s3.amazonaws.com\nrange:bytes=0-9\nx-amz-content-sha256:{empty}\n\
             x-amz-date:20130524T000000Z\n\nhost;range;x-amz-content-sha256;x-amz-date\n{empty}"
        );
        let keys = SigningKeys::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        for _ in 0..2 {
            let signature = keys.sign("20130524T000000Z", "20130524/us-east-1/s3/aws4_request", &canonical);
            assert_eq!(signature, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
        }
    }
}

//! Over TLS: only to a server whose certificate is trusted.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::*;

/// A listener that ends TLS before `server`; answers its URL and certificate.
async fn in_front_of(server: &TestServer) -> (String, CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let behind = server.endpoint().trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        while let Ok((outer, _)) = listener.accept().await {
            let (acceptor, behind) = (acceptor.clone(), behind.clone());
            tokio::spawn(async move {
                // A client that does not trust the certificate hangs up.
                if let Ok(mut outer) = acceptor.accept(outer).await {
                    let mut inner = TcpStream::connect(behind).await.unwrap();
                    let _ = copy_bidirectional(&mut outer, &mut inner).await;
                }
            });
        }
    });
    (url, certificate)
}

#[tokio::test]
async fn a_trusted_server_is_used_and_a_stranger_refused() {
    let server = TestServer::start().await;
    let (url, certificate) = in_front_of(&server).await;
    let mut settings = server.settings(Some(Checksum::Crc64nvme));
    settings.connection.endpoint_url = Some(url.clone());
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let trusting = HyperClient::trusting(roots, &settings).await.unwrap();
    for size in [0, 64 << 10, 20 * MIB] {
        assert_eq!(run(&trusting, &job(Operation::Upload, "upload/tls", size)).await, Ok(size));
        assert_eq!(run(&trusting, &job(Operation::Download, "upload/tls", size)).await, Ok(size));
    }
    let sent = server.take_records().await.len() as u64;
    assert_eq!((trusting.counters().requests, trusting.counters().retries), (Some(sent), Some(0)));

    let wary = HyperClient::new(&settings).await.unwrap();
    let failure = failure_of(&wary, &job(Operation::Download, "upload/tls", MIB)).await;
    assert_eq!(failure.kind, ErrorKind::Connection);
    assert!(failure.message.contains(&url) && failure.message.contains("certificate"), "{failure}");
    assert_eq!(server.take_records().await, [], "nothing reached the store");
}

//! Certificates for tests, made by openssl: valid ones, and invalid ones with a single fault each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder with the PEM files of all certificates and keys.
#[derive(Debug, Clone)]
pub struct Certificates {
    folder: PathBuf,
}

impl Certificates {
    /// Makes the certificates in this folder, in about a quarter of a second.
    ///
    /// # Errors
    /// When a file can't be written or openssl fails.
    pub fn make(folder: &Path) -> Result<Self, String> {
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        let made = Self { folder: folder.to_owned() };
        for authority in ["ca", "other-ca"] {
            made.key(authority)?;
            let subject = format!("/CN={authority}");
            let request = ["req", "-x509", "-days", "3650", "-subj", &subject];
            made.openssl(&request, &["-key", &format!("{authority}.key"), "-out", &format!("{authority}.pem")])?;
        }
        let here = "DNS:localhost,IP:127.0.0.1";
        made.leaf("server", "ca", here, "3650")?;
        made.leaf("expired", "ca", here, "-1")?;
        made.leaf("elsewhere", "ca", "DNS:elsewhere.example", "3650")?;
        made.leaf("client", "ca", "DNS:desk", "3650")?;
        made.leaf("stranger", "other-ca", "DNS:desk", "3650")?;
        Ok(made)
    }

    /// The authority that signed the server's certificate.
    pub fn ca(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// An authority that the server doesn't trust and that didn't sign its certificate.
    pub fn other_ca(&self) -> PathBuf {
        self.folder.join("other-ca.pem")
    }

    /// The server's certificate and key, valid for localhost.
    pub fn server(&self) -> (PathBuf, PathBuf) {
        (self.folder.join("server.pem"), self.folder.join("server.key"))
    }

    /// A client's certificate and key that the server accepts for mutual TLS.
    pub fn client(&self) -> (PathBuf, PathBuf) {
        (self.folder.join("client.pem"), self.folder.join("client.key"))
    }

    /// A client's certificate and key that the server refuses: another authority signed it.
    pub fn stranger(&self) -> (PathBuf, PathBuf) {
        (self.folder.join("stranger.pem"), self.folder.join("stranger.key"))
    }

    /// The file with a key and its certificate together, the format that the broker reads.
    pub(crate) fn keystore(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.keystore.pem"))
    }

    fn leaf(&self, name: &str, authority: &str, alternative_names: &str, days: &str) -> Result<(), String> {
        self.key(name)?;
        let file = |end: &str| format!("{name}.{end}");
        let write = |path: &str, text: String| {
            fs::write(self.folder.join(path), text).map_err(|error| format!("{path}: {error}"))
        };
        write(&file("ext"), format!("subjectAltName={alternative_names}\n"))?;
        self.openssl(&["req", "-new", "-subj", "/CN=desk"], &["-key", &file("key"), "-out", &file("csr")])?;
        let (ca, ca_key) = (format!("{authority}.pem"), format!("{authority}.key"));
        let by = ["x509", "-req", "-CA", &ca, "-CAkey", &ca_key, "-CAcreateserial", "-days", days];
        self.openssl(&by, &["-extfile", &file("ext"), "-in", &file("csr"), "-out", &file("pem")])?;
        let read =
            |path: String| fs::read_to_string(self.folder.join(&path)).map_err(|error| format!("{path}: {error}"));
        write(&file("keystore.pem"), format!("{}{}", read(file("key"))?, read(file("pem"))?))
    }

    fn key(&self, name: &str) -> Result<(), String> {
        let kind = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
        self.openssl(&kind, &["-out", &format!("{name}.key")])
    }

    fn openssl(&self, what: &[&str], files: &[&str]) -> Result<(), String> {
        let mut command = Command::new("openssl");
        let answer = command.args(what).args(files).current_dir(&self.folder).output();
        let answer = answer.map_err(|error| format!("openssl, which makes certificates, doesn't run: {error}"))?;
        if answer.status.success() {
            Ok(())
        } else {
            Err(format!("openssl {what:?}: {}", String::from_utf8_lossy(&answer.stderr)))
        }
    }
}

//! How the gateway proves to a caller that it knows the token, before the caller sends it. Command lines need it where they
//! reach the gateway by its port (on Windows), on which a stranger may listen.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use crate::problem::{Problem, Refused};
use crate::served::Served;

/// The route, which needs no token.
pub(crate) const ROUTE: &str = "/proof/{nonce}";
const CONTEXT: &str = "nosmoke-desk 2026-12-01 the gateway knows the token";
/// Characters of a nonce: 32 random bytes in hexadecimal.
const NONCE_LENGTH: usize = 64;

/// Returns the proof for a caller's nonce, in hexadecimal. It names the address, so that a stranger on another port can't
/// pass on the answer of the true gateway.
pub fn proof(token: &str, address: SocketAddr, nonce: &str) -> String {
    let key = blake3::derive_key(CONTEXT, token.as_bytes());
    blake3::keyed_hash(&key, format!("{address} {nonce}").as_bytes()).to_hex().to_string()
}

pub(crate) async fn prove(State(served): State<Served>, Path(nonce): Path<String>) -> Result<Json<Value>, Problem> {
    let Some(address) = served.address else { return Err(Refused::UnknownRoute.into()) };
    if nonce.len() != NONCE_LENGTH || !nonce.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Refused::UnknownRoute.into());
    }
    let owner = served.tokens.owner_secret()?;
    Ok(Json(json!({ "proof": proof(&owner, address, &nonce) })))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;

    #[test]
    fn a_proof_depends_on_the_token_the_address_and_the_nonce() {
        let (address, other) = ("127.0.0.1:8080".parse().unwrap(), "127.0.0.1:8081".parse().unwrap());
        let all =
            [proof("t", address, "a"), proof("u", address, "a"), proof("t", other, "a"), proof("t", address, "b")];
        assert_eq!(std::collections::BTreeSet::from(all.clone()).len(), 4);
        assert_eq!(proof("t", address, "a"), all[0]);
    }
}

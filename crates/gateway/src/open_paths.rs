/// Whether a path needs the token. `/health` doesn't, nor does the proof that the gateway itself knows the token.
pub(crate) fn needs_token(path: &str) -> bool {
    path != "/health" && !path.starts_with("/proof/")
}

//! Jars of servers, fetched once by Maven into the user's cache folder and shared by every checkout.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Kafka's.
pub(crate) fn of_kafka() -> Result<PathBuf, String> {
    folder(concat!(env!("CARGO_MANIFEST_DIR"), "/pom.xml"), "kafka")
}

/// The folder with the jars of a pom.xml, whose property `NAME.version` says which; fetched first where they are missing.
///
/// # Errors
/// Why they can't be fetched.
pub fn folder(pom: &str, name: &str) -> Result<PathBuf, String> {
    let text = fs::read_to_string(pom).map_err(|error| format!("{pom}: {error}"))?;
    let property = format!("{name}.version>");
    let version = between(&text, &format!("<{property}"), &format!("</{property}"))
        .ok_or_else(|| format!("{pom} names no version of {name}"))?;
    let cache = cache_folder()?;
    let jars = cache.join(format!("{name}-{version}"));
    if jars.is_dir() {
        return Ok(jars);
    }
    fs::create_dir_all(&cache).map_err(|error| format!("{}: {error}", cache.display()))?;
    // Several test binaries may want them at once.
    let lock =
        File::create(cache.join(format!("{name}.lock"))).map_err(|error| format!("{}: {error}", cache.display()))?;
    lock.lock().map_err(|error| format!("{name}.lock: {error}"))?;
    if !jars.is_dir() {
        fetch(pom, name, &cache, &jars)?;
    }
    Ok(jars)
}

/// Under another name first: a folder that is there is complete.
fn fetch(pom: &str, name: &str, cache: &Path, jars: &Path) -> Result<(), String> {
    let incomplete = tempfile::tempdir_in(cache).map_err(|error| error.to_string())?;
    let inside = incomplete.path().join("jars");
    let mut maven = Command::new("mvn");
    maven.args(["-B", "-q", "-f", pom, "dependency:copy-dependencies", "-DincludeScope=runtime"]);
    maven.arg(format!("-DoutputDirectory={}", inside.display()));
    let answer =
        maven.output().map_err(|error| format!("mvn, which fetches {name}, doesn't run: {error} (npm run setup)"))?;
    if !answer.status.success() {
        return Err(format!("mvn couldn't fetch {name}:\n{}", String::from_utf8_lossy(&answer.stdout)));
    }
    fs::rename(&inside, jars).map_err(|error| format!("{}: {error}", jars.display()))
}

fn cache_folder() -> Result<PathBuf, String> {
    let of = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    of("XDG_CACHE_HOME")
        .or_else(|| of("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("nosmoke-desk"))
        .ok_or_else(|| "neither XDG_CACHE_HOME nor HOME is set".to_owned())
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(value, _)| value)
}

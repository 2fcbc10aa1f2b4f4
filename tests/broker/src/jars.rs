//! Downloads the jars of Java servers with Maven. They are kept in the user's cache folder, so that each version is
//! downloaded once for all checkouts of this repository.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns the folder with Kafka's jars.
pub(crate) fn of_kafka() -> Result<PathBuf, String> {
    folder(concat!(env!("CARGO_MANIFEST_DIR"), "/pom.xml"), "kafka")
}

/// Returns the folder with the jars that a pom.xml lists; downloads them if they are missing. The pom.xml must have a
/// property `NAME.version`, which becomes part of the folder's name.
///
/// # Errors
/// When the pom.xml can't be read or Maven fails.
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
    // The lock prevents several test processes from downloading at once.
    let lock =
        File::create(cache.join(format!("{name}.lock"))).map_err(|error| format!("{}: {error}", cache.display()))?;
    lock.lock().map_err(|error| format!("{name}.lock: {error}"))?;
    if !jars.is_dir() {
        fetch(pom, name, &cache, &jars)?;
    }
    Ok(jars)
}

/// Downloads into a temporary folder and renames it, so that an existing folder is always complete.
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

//! Kafka's jars, fetched once by Maven into the user's cache folder and shared by every checkout.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

const POM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/pom.xml");

/// The folder with the jars; fetched first where they are missing.
pub fn folder() -> Result<PathBuf, String> {
    let pom = fs::read_to_string(POM).map_err(|error| format!("{POM}: {error}"))?;
    let version = between(&pom, "<kafka.version>", "</kafka.version>").ok_or("pom.xml names no version of Kafka")?;
    let cache = cache_folder()?;
    let jars = cache.join(format!("kafka-{version}"));
    if jars.is_dir() {
        return Ok(jars);
    }
    fs::create_dir_all(&cache).map_err(|error| format!("{}: {error}", cache.display()))?;
    // Several test binaries may want them at once.
    let lock = File::create(cache.join("kafka.lock")).map_err(|error| format!("{}: {error}", cache.display()))?;
    lock.lock().map_err(|error| format!("kafka.lock: {error}"))?;
    if !jars.is_dir() {
        fetch(&cache, &jars)?;
    }
    Ok(jars)
}

/// Under another name first: a folder that is there is complete.
fn fetch(cache: &Path, jars: &Path) -> Result<(), String> {
    let incomplete = tempfile::tempdir_in(cache).map_err(|error| error.to_string())?;
    let inside = incomplete.path().join("jars");
    let mut maven = Command::new("mvn");
    maven.args(["-B", "-q", "-f", POM, "dependency:copy-dependencies", "-DincludeScope=runtime"]);
    maven.arg(format!("-DoutputDirectory={}", inside.display()));
    let answer =
        maven.output().map_err(|error| format!("mvn, which fetches Kafka, doesn't run: {error} (npm run setup)"))?;
    if !answer.status.success() {
        return Err(format!("mvn couldn't fetch Kafka:\n{}", String::from_utf8_lossy(&answer.stdout)));
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

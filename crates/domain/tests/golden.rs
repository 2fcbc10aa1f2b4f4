//! Golden files: the bytes of each type of fact as first written, and its JSON Schema. Facts stay readable for ever, so
//! a changed type is a new version with files of its own; the old files don't change.
//!
//! `npm run regenerate` writes the files of a new type.
#![allow(clippy::unwrap_used, reason = "a test may")]

#[path = "support/samples.rs"]
mod samples;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use expect_test::expect_file;
use jsonschema::Validator;
use nosmoke_domain::fact::{FACT_TYPES, FactType, Hash, decode, schema};
use serde_json::Value;

use samples::sample;

const HINT: &str = "stored facts must stay readable: make a new version of the type; only for one that was never \
                    released, write the files with npm run regenerate";

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Compares the committed file with the text that the program writes now.
fn expect_committed(path: &Path, written: &str) {
    if fs::read_to_string(path).ok().as_deref() != Some(written) {
        eprintln!("{}: {HINT}", path.display());
    }
    expect_file![path].assert_eq(written);
}

fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn validator(fact_type: FactType) -> Validator {
    jsonschema::options().should_validate_formats(true).build(&schema(fact_type).to_value()).unwrap()
}

fn golden(fact_type: FactType) -> Value {
    serde_json::from_slice(&sample(fact_type).bytes).unwrap()
}

#[test]
fn each_type_of_fact_is_written_as_committed() {
    let mut hashes = String::new();
    for fact_type in FACT_TYPES {
        let sealed = sample(*fact_type);
        let path = folder("golden").join(format!("{}.v1.json", fact_type.name()));
        expect_committed(&path, str::from_utf8(&sealed.bytes).unwrap());
        assert_eq!(decode(&fs::read(&path).unwrap()).unwrap(), sealed.fact);
        hashes += &format!("{} {}\n", sealed.hash, fact_type.name());
    }
    // Each sample is the first fact of a chain, so its hash covers 32 zero bytes and the bytes of the file.
    expect_committed(&folder("golden").join("hashes.txt"), &hashes);
    assert_eq!(Hash::ZERO.to_string(), "0".repeat(64));
}

#[test]
fn the_schema_of_each_type_of_fact_is_as_committed() {
    for fact_type in FACT_TYPES {
        let pretty = serde_json::to_string_pretty(&schema(*fact_type)).unwrap() + "\n";
        expect_committed(&folder("schemas").join(format!("{}.v1.schema.json", fact_type.name())), &pretty);
    }
}

#[test]
fn there_are_no_files_of_unknown_types() {
    let of = |suffix: &str| FACT_TYPES.iter().map(|it| format!("{}{suffix}", it.name())).collect::<BTreeSet<_>>();
    let mut golden = of(".v1.json");
    golden.insert("hashes.txt".to_owned());
    assert_eq!(names(&folder("golden")), golden);
    assert_eq!(names(&folder("schemas")), of(".v1.schema.json"));
}

#[test]
fn each_golden_fact_matches_its_own_schema_and_no_other() {
    for fact_type in FACT_TYPES {
        let validator = validator(*fact_type);
        for other in FACT_TYPES {
            let errors: Vec<_> = validator.iter_errors(&golden(*other)).map(|error| error.to_string()).collect();
            assert_eq!(errors.is_empty(), fact_type == other, "{} of {}: {errors:?}", other.name(), fact_type.name());
        }
    }
}

/// Collects every value inside a JSON value, with its JSON pointer.
fn places<'a>(value: &'a Value, at: &str, found: &mut Vec<(String, &'a Value)>) {
    found.push((at.to_owned(), value));
    if let Value::Object(fields) = value {
        fields.iter().for_each(|(name, field)| places(field, &format!("{at}/{name}"), found));
    }
}

const OPEN: &[&str] = &["/code", "/ground", "/reason", "/resolution", "/admission"];

#[test]
fn schemas_and_the_reader_refuse_the_same_amounts_times_ids_and_words() {
    let mut tried = 0;
    for fact_type in FACT_TYPES {
        let (validator, golden) = (validator(*fact_type), golden(*fact_type));
        let mut found = Vec::new();
        places(&golden, "", &mut found);
        for (place, value) in found {
            let bad: Vec<Value> = match value {
                Value::Number(_) if place.ends_with("points") && *fact_type == FactType::PointsAdjusted => {
                    [0_i64, 1 << 53, -(1 << 53)].map(Value::from).to_vec()
                }
                Value::Number(_) if place.ends_with("/days") => vec![0.into(), (-1).into(), 36_501.into(), 1.5.into()],
                Value::Number(_) if ["points", "_at", "/at", "_cap"].iter().any(|end| place.ends_with(end)) => {
                    [0_i64, -1, 1 << 53].map(Value::from).into_iter().chain([Value::from(1.5), Value::Null]).collect()
                }
                Value::Number(_) if place == "/seq" => vec![0.into(), (-1).into()],
                Value::String(_) if place == "/type" => continue,
                Value::String(_) if place == "/traceparent" => vec![1.into()],
                // Codes, grounds and reasons are open words.
                Value::String(_) if OPEN.iter().any(|end| place.ends_with(end)) => {
                    vec!["".into(), "two words".into(), "x".repeat(25).into(), 1.into(), Value::Null]
                }
                Value::String(_) => vec!["".into(), "nonsense".into(), 1.into()],
                _ => continue,
            };
            // Unlike others, a daily cap and an admission may be null.
            let may_be_null = ["_cap", "/admission"].iter().any(|end| place.ends_with(end));
            for bad in bad.into_iter().filter(|bad| !(may_be_null && bad.is_null())) {
                let mut changed = golden.clone();
                *changed.pointer_mut(&place).unwrap() = bad.clone();
                assert!(!validator.is_valid(&changed), "the schema of {}: {bad} at {place}", fact_type.name());
                let read = decode(&serde_json::to_vec(&changed).unwrap());
                assert!(read.is_err(), "the reader of {}: {bad} at {place}", fact_type.name());
                tried += 1;
            }
        }
    }
    assert!(tried > 500, "{tried} tried");
}

#[test]
fn every_reference_inside_a_schema_resolves() {
    fn check(value: &Value, root: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(reference)) = fields.get("$ref") {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(root.pointer(pointer).is_some(), "{reference} in {}", root["title"]);
                }
                fields.values().for_each(|field| check(field, root));
            }
            Value::Array(items) => items.iter().for_each(|item| check(item, root)),
            _ => {}
        }
    }
    for fact_type in FACT_TYPES {
        let schema = schema(*fact_type).to_value();
        assert!(jsonschema::meta::is_valid(&schema), "{}", fact_type.name());
        check(&schema, &schema);
    }
}

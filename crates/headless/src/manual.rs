//! The manual pages in `packaging/linux/man`: one for `nosmoke` and one for each command, generated from the help.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clap::CommandFactory;
use expect_test::expect_file;

use crate::args::Args;

const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packaging/linux/man");

fn names(folder: impl AsRef<Path>) -> BTreeSet<String> {
    let files = fs::read_dir(folder).into_iter().flatten();
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn the_manual_pages_are_as_committed() {
    let generated = tempfile::tempdir().unwrap();
    clap_mangen::generate_to(Args::command(), generated.path()).unwrap();
    for name in names(&generated) {
        let page = fs::read_to_string(generated.path().join(&name)).unwrap();
        expect_file![format!("{PAGES}/{name}")].assert_eq(&page);
    }
    assert_eq!(names(PAGES), names(&generated), "a page of a command that is gone");
}

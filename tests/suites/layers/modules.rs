//! No import runs up inside a crate: its files, and in each folder what stands there side by side, can be put in an order
//! in which each needs only what comes after it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use super::paths::{Import, Modules};
use super::reader::Files;

/// Who needs whom: files, or the children of one folder.
type Graph = BTreeMap<PathBuf, BTreeMap<PathBuf, Vec<Import>>>;

/// What was found in a crate.
#[derive(Debug)]
pub struct Report {
    pub cycles: Vec<Cycle>,
    /// Paths that could not be followed: a fault of the reading, not of the crate.
    pub lost: BTreeSet<String>,
}

/// Files that all need each other, or children of one folder that do.
#[derive(Debug)]
pub struct Cycle {
    /// `None` for files, wherever they are.
    pub folder: Option<PathBuf>,
    /// In the order with the fewest names imported upwards.
    pub members: Vec<PathBuf>,
    pub arrows: Vec<Arrow>,
}

/// One of the members needs another one.
#[derive(Debug)]
pub struct Arrow {
    /// Whether it runs against the order of the members.
    pub up: bool,
    pub imports: Vec<Import>,
}

/// The cycles of a crate that is given as its files' texts, and what could not be read of it.
pub fn report(files: &Files) -> Report {
    let modules = Modules::read(files);
    let (imports, lost) = modules.imports();
    let files = modules.files();
    let folders: BTreeSet<&Path> = files.iter().flat_map(|file| file.ancestors().skip(1)).collect();
    let mut cycles = knots(None, &graph(&imports, |file| Some(file.to_path_buf())));
    for folder in folders {
        cycles.extend(knots(Some(folder), &graph(&imports, |file| child(folder, file))));
    }
    Report { cycles, lost }
}

/// Every Rust file below a folder.
pub fn read(src: &Path) -> Files {
    let (mut files, mut folders) = (Files::new(), vec![src.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.insert(path.strip_prefix(src).unwrap().to_path_buf(), text);
            }
        }
    }
    files
}

/// The child of a folder that a file belongs to: `x.rs` and all of `x/` are one. What stands above the folder's children,
/// its own `mod.rs` or the crate's root, belongs to none.
fn child(folder: &Path, file: &Path) -> Option<PathBuf> {
    let inside = file.strip_prefix(folder).ok()?;
    let above = ["mod.rs", "lib.rs", "main.rs"].iter().any(|root| inside == Path::new(root));
    let first = inside.components().next()?;
    (!above).then(|| folder.join(first).with_extension(""))
}

fn graph(imports: &BTreeSet<Import>, node: impl Fn(&Path) -> Option<PathBuf>) -> Graph {
    let mut graph = Graph::new();
    for import in imports {
        if let (Some(from), Some(to)) = (node(&import.from), node(&import.to))
            && from != to
        {
            graph.entry(from).or_default().entry(to).or_default().push(import.clone());
        }
    }
    graph
}

/// The strongly connected parts of more than one node, by Tarjan.
fn knots(folder: Option<&Path>, graph: &Graph) -> Vec<Cycle> {
    let mut tarjan = Tarjan { graph, numbers: BTreeMap::new(), stack: Vec::new(), knots: Vec::new() };
    for node in graph.keys() {
        tarjan.earliest(node);
    }
    tarjan.knots.iter().map(|knot| cycle(folder, graph, knot)).collect()
}

struct Tarjan<'a> {
    graph: &'a Graph,
    /// In which order the nodes were come to; the last number there is for those that are done with.
    numbers: BTreeMap<&'a Path, usize>,
    stack: Vec<&'a Path>,
    knots: Vec<Vec<&'a Path>>,
}

impl<'a> Tarjan<'a> {
    /// The earliest node of the stack that a node leads back to.
    fn earliest(&mut self, node: &'a Path) -> usize {
        if let Some(number) = self.numbers.get(node) {
            return *number;
        }
        let (number, place) = (self.numbers.len(), self.stack.len());
        self.numbers.insert(node, number);
        self.stack.push(node);
        let needed = self.graph.get(node).into_iter().flat_map(BTreeMap::keys);
        let earliest = needed.fold(number, |earliest, next| earliest.min(self.earliest(next)));
        if earliest == number {
            let knot = self.stack.split_off(place);
            self.numbers.extend(knot.iter().map(|member| (*member, usize::MAX)));
            self.knots.extend(Some(knot).filter(|knot| knot.len() > 1));
        }
        earliest
    }
}

fn cycle(folder: Option<&Path>, graph: &Graph, knot: &[&Path]) -> Cycle {
    let members = order(graph, knot);
    let place = |node: &Path| members.iter().position(|it| *it == node);
    let mut arrows = Vec::new();
    for from in &members {
        for (to, imports) in graph.get(*from).into_iter().flatten().filter(|(to, _)| place(to).is_some()) {
            let up = place(to) < place(from);
            arrows.push(Arrow { up, imports: imports.clone() });
        }
    }
    let members = members.into_iter().map(Path::to_path_buf).collect();
    Cycle { folder: folder.map(Path::to_path_buf), members, arrows }
}

/// An order with few imports upwards: each node is put where it costs least, as long as that gains anything. It need not be
/// the best one; that would take too long to find.
fn order<'a>(graph: &Graph, knot: &[&'a Path]) -> Vec<&'a Path> {
    let weight = |from: &Path, to: &Path| graph.get(from).and_then(|it| it.get(to)).map_or(0, Vec::len);
    let mut order = knot.to_vec();
    loop {
        let mut better = false;
        for node in knot {
            let old = order.iter().position(|it| it == node).unwrap_or_default();
            order.remove(old);
            let cost = |place: usize| {
                let above: usize = order[..place].iter().map(|it| weight(node, it)).sum();
                above + order[place..].iter().map(|it| weight(it, node)).sum::<usize>()
            };
            let new = (0..=order.len()).min_by_key(|place| (cost(*place), *place != old)).unwrap_or(old);
            better |= new != old;
            order.insert(new, node);
        }
        if !better {
            return order;
        }
    }
}

impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members: Vec<_> = self.members.iter().map(|member| member.display().to_string()).collect();
        match &self.folder {
            None => write!(f, "{} files need each other: ", members.len())?,
            Some(folder) => write!(f, "{} children of src/{} need each other: ", members.len(), folder.display())?,
        }
        write!(f, "{}", members.join(", "))?;
        // What has to go comes first.
        let ups = self.arrows.iter().filter(|arrow| arrow.up);
        for arrow in ups.chain(self.arrows.iter().filter(|arrow| !arrow.up)) {
            let mut lines: BTreeMap<(&Path, &Path), Vec<&str>> = BTreeMap::new();
            for import in &arrow.imports {
                lines.entry((&import.from, &import.to)).or_default().push(&import.name);
            }
            for ((from, to), names) in lines {
                let mark = if arrow.up { "up" } else { "" };
                write!(f, "\n  {mark:2}  {} -> {} (for {})", from.display(), to.display(), names.join(", "))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
fn planted(files: &[(&str, &str)]) -> Files {
    files.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned())).collect()
}

/// The members of each cycle, in alphabetical order.
#[cfg(test)]
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let members = |cycle: &Cycle| {
        let sorted: BTreeSet<_> = cycle.members.iter().map(|member| member.display().to_string()).collect();
        Vec::from_iter(sorted).join(" ")
    };
    report(&planted(files)).cycles.iter().map(members).collect()
}

#[test]
fn s02_two_files_that_use_each_other_are_a_cycle() {
    let files = [
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "use crate::b::B; pub struct A(B);"),
        ("b.rs", "use super::a::{self, A as Other}; pub enum B { One } impl B { fn of(_: &Other) {} }"),
    ];
    assert_eq!(found(&files), ["a.rs b.rs", "a b"]);
    let report = report(&planted(&files));
    assert_eq!((report.cycles.len(), report.lost.len()), (2, 0));
    let shown = report.cycles[0].to_string();
    assert_eq!(shown, "2 files need each other: a.rs, b.rs\n  up  b.rs -> a.rs (for A)\n      a.rs -> b.rs (for B)");
}

#[test]
fn s02_a_path_in_code_or_in_a_macro_is_an_import() {
    let files = [
        ("main.rs", "mod a; mod b; mod c; macro_rules! seen { () => { $crate::c::C } } fn main() { a::a() }"),
        ("a.rs", "pub fn a() -> u8 { crate::b::b() }"),
        ("b.rs", "use super::c; pub fn b() -> u8 { println!(\"{:?}\", (1, c::C)); 0 }"),
        (
            "c.rs",
            "pub const C: u8 = 0; #[derive(Default)] #[serde(with = \"crate::a::a\")] struct D; fn d(b: u8) { b.a(); }",
        ),
    ];
    assert_eq!(found(&files), ["a.rs b.rs c.rs", "a b c"]);
}

#[test]
fn s02_a_re_export_is_followed_to_the_file_that_defines() {
    let files = [
        ("lib.rs", "mod a; mod b; pub use a::*;"),
        ("a/mod.rs", "mod inner; mod other; pub(crate) use inner::deep as shallow; pub use other::Other;"),
        ("a/inner.rs", "pub fn deep(_: crate::b::B) {}"),
        ("a/other.rs", "pub struct Other;"),
        ("b.rs", "use crate::{Other, a}; pub struct B(Other); fn f() { a::shallow(B(Other)) }"),
    ];
    assert_eq!(found(&files), ["a/inner.rs b.rs", "a b"]);
}

#[test]
fn s02_folders_may_be_a_cycle_where_files_are_none() {
    let files = [
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "pub mod low; mod high;"),
        ("a/high.rs", "use crate::b::middle::Middle;"),
        ("a/low.rs", "pub struct Low;"),
        ("b/mod.rs", "pub mod middle;"),
        ("b/middle.rs", "pub struct Middle(crate::a::low::Low);"),
    ];
    assert_eq!(found(&files), ["a b"]);
}

#[test]
fn s02_a_facade_that_only_re_exports_needs_nothing() {
    let files = [
        ("lib.rs", "mod a; mod b;"),
        // A function and the crate that a macro is of may share a name.
        ("a/mod.rs", "mod inner; pub use inner::{Inner, log}; pub use crate::b::B; pub fn a() { log::info!() }"),
        ("a/inner.rs", "use super::{B, a}; pub struct Inner(B); pub fn log() { a() }"),
        ("b.rs", "pub struct B;"),
    ];
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn s02_code_for_tests_is_not_read() {
    let files = [
        ("lib.rs", "mod a; mod b; #[cfg(all(test, unix))] mod c;"),
        ("a.rs", "pub struct A; #[cfg(test)] mod tests { use crate::b::B; } #[cfg(test)] use crate::b::B;"),
        ("b.rs", "pub struct B(crate::a::A);"),
        ("c.rs", "this isn't Rust"),
    ];
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn s02_a_child_may_use_what_its_parent_defines() {
    let parent = "mod child; pub use child::Child; pub struct Parent; fn child() { let child = 0; let _ = child; }";
    let files = [("lib.rs", "mod a;"), ("a/mod.rs", parent), ("a/child.rs", "pub struct Child(super::Parent);")];
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn s02_a_parent_that_needs_a_child_may_not_be_used_by_it() {
    let calls = "mod child; pub use child::child; pub struct Parent; fn call() { child(Parent) }";
    let files = [("lib.rs", "mod a;"), ("a/mod.rs", calls), ("a/child.rs", "use super::*; pub fn child(_: Parent) {}")];
    assert_eq!(found(&files), ["a/child.rs a/mod.rs"]);
}

#[test]
fn s02_the_modules_of_a_crate_are_read_from_its_folder() {
    let src = tempfile::tempdir().unwrap();
    fs::create_dir(src.path().join("a")).unwrap();
    fs::write(src.path().join("lib.rs"), "mod a; pub struct Root(a::b::B);").unwrap();
    fs::write(src.path().join("a/mod.rs"), "pub mod b;").unwrap();
    fs::write(src.path().join("a/b.rs"), "pub struct B(Box<crate::Root>);").unwrap();
    assert_eq!(report(&read(src.path())).cycles.len(), 1);
}

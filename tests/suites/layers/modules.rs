//! Finds cyclic imports inside a crate. Without a cycle, the files of the crate can be put in an order in which each
//! imports only from files after it, and so can the children of every folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use super::paths::{Import, Modules};
use super::reader::Files;

/// A graph of imports between files, or between the children of one folder.
type Graph = BTreeMap<PathBuf, BTreeMap<PathBuf, Vec<Import>>>;

/// The import cycles of a crate.
#[derive(Debug)]
pub struct Report {
    pub cycles: Vec<Cycle>,
    /// Paths in the code that couldn't be resolved, because of a fault in this suite's reader, not in the crate.
    pub unresolved: BTreeSet<String>,
}

/// Files that all import each other, directly or through others; or children of a folder that do.
#[derive(Debug)]
pub struct Cycle {
    /// `None` for a cycle of files.
    pub folder: Option<PathBuf>,
    /// In the order with the fewest upward imports.
    pub members: Vec<PathBuf>,
    pub arrows: Vec<Arrow>,
}

/// The imports from one member of a cycle to another.
#[derive(Debug)]
pub struct Arrow {
    /// True if the imported member comes before the importing one in the order of the members.
    pub up: bool,
    pub imports: Vec<Import>,
}

/// Finds the cycles of a crate, given as the texts of its files.
pub fn report(files: &Files) -> Report {
    let modules = Modules::read(files);
    let (imports, unresolved) = modules.imports();
    let files = modules.files();
    let folders: BTreeSet<&Path> = files.iter().flat_map(|file| file.ancestors().skip(1)).collect();
    let mut cycles = components(None, &graph(&imports, |file| Some(file.to_path_buf())));
    for folder in folders {
        cycles.extend(components(Some(folder), &graph(&imports, |file| child(folder, file))));
    }
    Report { cycles, unresolved }
}

/// Reads every Rust file below a folder.
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

/// Returns the child of a folder that a file belongs to; `x.rs` and all of `x/` are one child. The folder's own
/// `mod.rs` and the crate's root belong to none.
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

/// Finds the strongly connected components with more than one node (Tarjan's algorithm).
fn components(folder: Option<&Path>, graph: &Graph) -> Vec<Cycle> {
    let mut tarjan = Tarjan { graph, numbers: BTreeMap::new(), stack: Vec::new(), components: Vec::new() };
    for node in graph.keys() {
        tarjan.earliest(node);
    }
    tarjan.components.iter().map(|component| cycle(folder, graph, component)).collect()
}

struct Tarjan<'a> {
    graph: &'a Graph,
    /// The visiting order of the nodes; the highest number for finished ones.
    numbers: BTreeMap<&'a Path, usize>,
    stack: Vec<&'a Path>,
    components: Vec<Vec<&'a Path>>,
}

impl<'a> Tarjan<'a> {
    /// Returns the earliest node on the stack that is reachable from a node.
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
            let component = self.stack.split_off(place);
            self.numbers.extend(component.iter().map(|member| (*member, usize::MAX)));
            self.components.extend(Some(component).filter(|component| component.len() > 1));
        }
        earliest
    }
}

fn cycle(folder: Option<&Path>, graph: &Graph, component: &[&Path]) -> Cycle {
    let members = order(graph, component);
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

/// Finds an order with few upward imports, by moving each node to its cheapest position until no move improves the
/// order. The result is a local optimum; the best order would take too long to find.
fn order<'a>(graph: &Graph, component: &[&'a Path]) -> Vec<&'a Path> {
    let weight = |from: &Path, to: &Path| graph.get(from).and_then(|it| it.get(to)).map_or(0, Vec::len);
    let mut order = component.to_vec();
    loop {
        let mut better = false;
        for node in component {
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
        // List upward imports first, because these must be removed to break the cycle.
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

/// Returns the members of each cycle in alphabetical order.
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
    assert_eq!((report.cycles.len(), report.unresolved.len()), (2, 0));
    let shown = report.cycles[0].to_string();
    assert_eq!(shown, "2 files need each other: a.rs, b.rs\n  up  b.rs -> a.rs (for A)\n      a.rs -> b.rs (for B)");
}

#[test]
fn s02_a_path_in_code_or_in_a_macro_counts_as_an_import() {
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
fn s02_a_re_export_is_followed_to_the_defining_file() {
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
fn s02_folders_can_form_a_cycle_even_if_files_do_not() {
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
fn s02_a_facade_of_re_exports_imports_nothing() {
    let files = [
        ("lib.rs", "mod a; mod b;"),
        // The function `log` has the same name as a crate, but the path `log::info!` means the crate.
        ("a/mod.rs", "mod inner; pub use inner::{Inner, log}; pub use crate::b::B; pub fn a() { log::info!() }"),
        ("a/inner.rs", "use super::{B, a}; pub struct Inner(B); pub fn log() { a() }"),
        ("b.rs", "pub struct B;"),
    ];
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn s02_test_code_is_ignored() {
    let files = [
        ("lib.rs", "mod a; mod b; #[cfg(all(test, unix))] mod c;"),
        ("a.rs", "pub struct A; #[cfg(test)] mod tests { use crate::b::B; } #[cfg(test)] use crate::b::B;"),
        ("b.rs", "pub struct B(crate::a::A);"),
        ("c.rs", "this isn't Rust"),
    ];
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn s02_a_child_may_use_items_of_its_parent() {
    let parent = "mod child; pub use child::Child; pub struct Parent; fn child() { let child = 0; let _ = child; }";
    let files = [("lib.rs", "mod a;"), ("a/mod.rs", parent), ("a/child.rs", "pub struct Child(super::Parent);")];
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn s02_a_parent_that_uses_a_child_may_not_be_used_by_it() {
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

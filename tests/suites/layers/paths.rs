//! What the modules of one crate name: each file is parsed, and each path in it followed to the file that defines the item.
//!
//! Names are looked up as the compiler does it, through modules, `use` and globs, but without types: what is reached through
//! a value (a method, a field) isn't named and isn't seen. Nor is what `include!` brings, or a `mod` with a `#[path]`.

use std::collections::BTreeSet;
use std::iter::successors;
use std::path::{Path, PathBuf};

use super::reader::{Files, Module, What, modules_of};

/// One file needs what another one defines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    pub from: PathBuf,
    pub to: PathBuf,
    pub name: String,
}

/// The modules of one crate.
#[derive(Debug)]
pub struct Modules(Vec<Module>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    Outside,
    Module(usize),
    Item(usize, String),
}

/// Through which `use` a look-up went so far: none is taken twice.
type Way = Vec<(usize, usize)>;

impl Modules {
    pub fn read(files: &Files) -> Self {
        Self(modules_of(files))
    }

    pub fn files(&self) -> BTreeSet<&Path> {
        self.0.iter().map(|module| module.file.as_path()).collect()
    }

    /// What each file needs of the others, and the paths that lead nowhere, which is a fault of this reading.
    pub fn imports(&self) -> (BTreeSet<Import>, BTreeSet<String>) {
        let (mut imports, mut lost) = (BTreeSet::new(), BTreeSet::new());
        for (at, module) in self.0.iter().enumerate() {
            let mut note = |path: &[String], found: BTreeSet<Found>, counts: bool| {
                if found.is_empty() {
                    lost.insert(format!("{}: {}", module.file.display(), path.join("::")));
                }
                for it in found {
                    if let (Found::Item(of, name), true) = (it, counts)
                        && self.0[of].file != module.file
                    {
                        imports.insert(Import { from: module.file.clone(), to: self.0[of].file.clone(), name });
                    }
                }
            };
            for it in &module.names {
                // A re-export only names. Where the file's own code needs what it names, that is among the paths.
                match &it.what {
                    What::Use(path) => note(path, self.follow(at, path, &mut Way::new()), !it.public),
                    What::Glob(path) => note(path, self.all_of(at, path), !it.public),
                    What::Type(_) | What::Value | What::Module(_) => {}
                }
            }
            for (path, is_macro) in &module.paths {
                let mut found = self.follow(at, path, &mut Way::new());
                if *is_macro && path.len() == 1 && found.contains(&Found::Outside) {
                    found.extend(self.macro_above(at, &path[0]));
                }
                note(path, found, true);
            }
        }
        (imports, lost)
    }

    /// What a private glob needs, whichever names are used: an enum, or a module that defines something itself.
    fn all_of(&self, from: usize, path: &[String]) -> BTreeSet<Found> {
        let all = |found| match found {
            Found::Module(at) if self.0[at].names.iter().any(|it| matches!(it.what, What::Type(_) | What::Value)) => {
                Found::Item(at, "*".to_owned())
            }
            other => other,
        };
        self.follow(from, path, &mut Way::new()).into_iter().map(all).collect()
    }

    /// A `macro_rules!` is seen without a path in the modules below, too.
    fn macro_above(&self, from: usize, name: &str) -> Option<Found> {
        let defines = |at: &usize| self.0[*at].names.iter().any(|it| it.name == name && matches!(it.what, What::Value));
        self.upwards(from).find(defines).map(|at| Found::Item(at, name.to_owned()))
    }

    /// A module and those that it is inside of.
    fn upwards(&self, from: usize) -> impl Iterator<Item = usize> {
        successors(Some(from), |at| self.0[*at].parent)
    }

    /// Empty when a module of ours has no such name.
    fn follow(&self, from: usize, path: &[String], way: &mut Way) -> BTreeSet<Found> {
        let Some((first, rest)) = path.split_first() else { return BTreeSet::new() };
        let mut here = match first.as_str() {
            "crate" => self.upwards(from).last().map(Found::Module).into_iter().collect(),
            "self" => BTreeSet::from([Found::Module(from)]),
            "super" => self.0[from].parent.map(Found::Module).into_iter().collect(),
            name => {
                let mut found = self.look_up(from, name, from, way);
                // A function may have the name of a crate.
                found.retain(|it| rest.is_empty() || !self.is_value(it));
                if found.is_empty() { BTreeSet::from([Found::Outside]) } else { found }
            }
        };
        for name in rest {
            let modules: Vec<usize> =
                here.iter().filter_map(|it| if let Found::Module(at) = it { Some(*at) } else { None }).collect();
            // A type's variants and functions stand with the type.
            if modules.is_empty() {
                break;
            }
            here = match name.as_str() {
                "super" => modules.iter().filter_map(|at| self.0[*at].parent.map(Found::Module)).collect(),
                name => modules.iter().flat_map(|at| self.look_up(*at, name, from, way)).collect(),
            };
            // A macro's rules may make up names that stand nowhere in the text.
            if here.is_empty() {
                let makers = modules.iter().filter(|at| !self.0[**at].made.is_empty());
                here = makers.map(|at| Found::Item(*at, name.clone())).collect();
            }
        }
        here
    }

    fn is_value(&self, found: &Found) -> bool {
        let Found::Item(of, name) = found else { return false };
        self.0[*of].names.iter().any(|it| it.name == *name && matches!(it.what, What::Value))
    }

    /// All that a name means in a module: a module and a function may share one.
    fn look_up(&self, at: usize, name: &str, from: usize, way: &mut Way) -> BTreeSet<Found> {
        let seen = self.upwards(from).any(|it| it == at);
        let names = || self.0[at].names.iter().enumerate().filter(|(_, it)| it.public || seen);
        let (mut found, mut known) = (BTreeSet::new(), false);
        for (index, it) in names().filter(|(_, it)| it.name == name) {
            known = true;
            match &it.what {
                What::Type(_) | What::Value => found.extend([Found::Item(at, name.to_owned())]),
                What::Module(inner) => found.extend([Found::Module(*inner)]),
                What::Use(path) => found.extend(self.through(at, index, way, |way| self.follow(at, path, way))),
                What::Glob(_) => {}
            }
        }
        // A glob gives way to what is named.
        if known {
            return found;
        }
        for (index, it) in names() {
            if let What::Glob(path) = &it.what {
                found.extend(self.through(at, index, way, |way| self.in_glob(at, path, name, way)));
            }
        }
        if found.is_empty() && self.0[at].made.contains(name) {
            found.insert(Found::Item(at, name.to_owned()));
        }
        found
    }

    /// What a glob brings under a name.
    fn in_glob(&self, at: usize, path: &[String], name: &str, way: &mut Way) -> BTreeSet<Found> {
        let mut found = BTreeSet::new();
        for it in self.follow(at, path, way) {
            match it {
                Found::Module(inner) => found.extend(self.look_up(inner, name, at, way)),
                Found::Item(of, item) if self.0[of].names.iter().any(|it| it.has_variant(&item, name)) => {
                    found.extend([Found::Item(of, item)]);
                }
                Found::Item(..) => {}
                Found::Outside => found.extend([Found::Outside]),
            }
        }
        found
    }

    /// Follows a `use` of a module, unless the way came through it already.
    fn through<F>(&self, at: usize, index: usize, way: &mut Way, follow: F) -> BTreeSet<Found>
    where
        F: FnOnce(&mut Way) -> BTreeSet<Found>,
    {
        if way.contains(&(at, index)) {
            return BTreeSet::new();
        }
        way.push((at, index));
        let found = follow(way);
        way.pop();
        found
    }
}

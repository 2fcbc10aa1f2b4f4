//! The imports of one crate: parses each file and resolves each path in it to the file that defines the item.
//!
//! Names are resolved as by the compiler, through modules, `use` and globs, but without types. So the reader doesn't
//! see methods and fields that are reached through a value, nor items of `include!` and modules with a `#[path]`.

use std::collections::BTreeSet;
use std::iter::successors;
use std::path::{Path, PathBuf};

use super::reader::{Files, Module, NameKind, modules_of};

/// An import of an item that another file defines.
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
enum Target {
    Outside,
    Module(usize),
    Item(usize, String),
}

/// The `use` items that a look-up has already followed. Each is followed only once, so that a cycle of them ends.
type Trail = Vec<(usize, usize)>;

impl Modules {
    pub fn read(files: &Files) -> Self {
        Self(modules_of(files))
    }

    pub fn files(&self) -> BTreeSet<&Path> {
        self.0.iter().map(|module| module.file.as_path()).collect()
    }

    /// Returns the imports between files, and the paths that couldn't be resolved. An unresolved path is a fault of
    /// this reader, because the crate compiles.
    pub fn imports(&self) -> (BTreeSet<Import>, BTreeSet<String>) {
        let (mut imports, mut unresolved) = (BTreeSet::new(), BTreeSet::new());
        for (at, module) in self.0.iter().enumerate() {
            let mut note = |path: &[String], found: BTreeSet<Target>, counts: bool| {
                if found.is_empty() {
                    unresolved.insert(format!("{}: {}", module.file.display(), path.join("::")));
                }
                for it in found {
                    if let (Target::Item(of, name), true) = (it, counts)
                        && self.0[of].file != module.file
                    {
                        imports.insert(Import { from: module.file.clone(), to: self.0[of].file.clone(), name });
                    }
                }
            };
            for it in &module.names {
                // A re-export doesn't count as an import. If the file's own code uses the name too, that use is one of
                // the module's paths and counts there.
                match &it.what {
                    NameKind::Use(path) => note(path, self.follow(at, path, &mut Trail::new()), !it.public),
                    NameKind::Glob(path) => note(path, self.all_of(at, path), !it.public),
                    NameKind::Type(_) | NameKind::Value | NameKind::Module(_) => {}
                }
            }
            for (path, is_macro) in &module.paths {
                let mut found = self.follow(at, path, &mut Trail::new());
                if *is_macro && path.len() == 1 && found.contains(&Target::Outside) {
                    found.extend(self.macro_above(at, &path[0]));
                }
                note(path, found, true);
            }
        }
        (imports, unresolved)
    }

    /// Returns the targets of a private glob import, no matter which names the code uses: an enum, or a module that
    /// defines items itself.
    fn all_of(&self, from: usize, path: &[String]) -> BTreeSet<Target> {
        let all = |found| match found {
            Target::Module(at)
                if self.0[at].names.iter().any(|it| matches!(it.what, NameKind::Type(_) | NameKind::Value)) =>
            {
                Target::Item(at, "*".to_owned())
            }
            other => other,
        };
        self.follow(from, path, &mut Trail::new()).into_iter().map(all).collect()
    }

    /// Finds a `macro_rules!` macro in this module or its ancestors, whose macros are visible without a path.
    fn macro_above(&self, from: usize, name: &str) -> Option<Target> {
        let defines =
            |at: &usize| self.0[*at].names.iter().any(|it| it.name == name && matches!(it.what, NameKind::Value));
        self.upwards(from).find(defines).map(|at| Target::Item(at, name.to_owned()))
    }

    /// Iterates over a module and its ancestors.
    fn upwards(&self, from: usize) -> impl Iterator<Item = usize> {
        successors(Some(from), |at| self.0[*at].parent)
    }

    /// Resolves a path to its targets. Returns none if a module of the crate has no such name.
    fn follow(&self, from: usize, path: &[String], trail: &mut Trail) -> BTreeSet<Target> {
        let Some((first, rest)) = path.split_first() else { return BTreeSet::new() };
        let mut here = match first.as_str() {
            "crate" => self.upwards(from).last().map(Target::Module).into_iter().collect(),
            "self" => BTreeSet::from([Target::Module(from)]),
            "super" => self.0[from].parent.map(Target::Module).into_iter().collect(),
            name => {
                let mut found = self.look_up(from, name, from, trail);
                // The first part of a longer path can't be a function, so a function of that name doesn't hide a crate.
                found.retain(|it| rest.is_empty() || !self.is_value(it));
                if found.is_empty() { BTreeSet::from([Target::Outside]) } else { found }
            }
        };
        for name in rest {
            let modules: Vec<usize> =
                here.iter().filter_map(|it| if let Target::Module(at) = it { Some(*at) } else { None }).collect();
            // Not a module but a type: its variants and functions belong to the type's file, so the rest doesn't
            // matter.
            if modules.is_empty() {
                break;
            }
            here = match name.as_str() {
                "super" => modules.iter().filter_map(|at| self.0[*at].parent.map(Target::Module)).collect(),
                name => modules.iter().flat_map(|at| self.look_up(*at, name, from, trail)).collect(),
            };
            // A macro may generate an item whose name appears nowhere in the text. Assume so if the module calls
            // macros.
            if here.is_empty() {
                let makers = modules.iter().filter(|at| !self.0[**at].made.is_empty());
                here = makers.map(|at| Target::Item(*at, name.clone())).collect();
            }
        }
        here
    }

    fn is_value(&self, found: &Target) -> bool {
        let Target::Item(of, name) = found else { return false };
        self.0[*of].names.iter().any(|it| it.name == *name && matches!(it.what, NameKind::Value))
    }

    /// Returns all items with a name in a module: a module and a function, for example, may have the same name.
    fn look_up(&self, at: usize, name: &str, from: usize, trail: &mut Trail) -> BTreeSet<Target> {
        let seen = self.upwards(from).any(|it| it == at);
        let names = || self.0[at].names.iter().enumerate().filter(|(_, it)| it.public || seen);
        let (mut found, mut known) = (BTreeSet::new(), false);
        for (index, it) in names().filter(|(_, it)| it.name == name) {
            known = true;
            match &it.what {
                NameKind::Type(_) | NameKind::Value => found.extend([Target::Item(at, name.to_owned())]),
                NameKind::Module(inner) => found.extend([Target::Module(*inner)]),
                NameKind::Use(path) => {
                    found.extend(self.through(at, index, trail, |trail| self.follow(at, path, trail)))
                }
                NameKind::Glob(_) => {}
            }
        }
        // A name that is defined or imported explicitly hides the same name from a glob import.
        if known {
            return found;
        }
        for (index, it) in names() {
            if let NameKind::Glob(path) = &it.what {
                found.extend(self.through(at, index, trail, |trail| self.in_glob(at, path, name, trail)));
            }
        }
        if found.is_empty() && self.0[at].made.contains(name) {
            found.insert(Target::Item(at, name.to_owned()));
        }
        found
    }

    /// Looks a name up in the targets of a glob import.
    fn in_glob(&self, at: usize, path: &[String], name: &str, trail: &mut Trail) -> BTreeSet<Target> {
        let mut found = BTreeSet::new();
        for it in self.follow(at, path, trail) {
            match it {
                Target::Module(inner) => found.extend(self.look_up(inner, name, at, trail)),
                Target::Item(of, item) if self.0[of].names.iter().any(|it| it.has_variant(&item, name)) => {
                    found.extend([Target::Item(of, item)]);
                }
                Target::Item(..) => {}
                Target::Outside => found.extend([Target::Outside]),
            }
        }
        found
    }

    /// Follows a module's `use` item, unless the look-up has already followed it.
    fn through<F>(&self, at: usize, index: usize, trail: &mut Trail, follow: F) -> BTreeSet<Target>
    where
        F: FnOnce(&mut Trail) -> BTreeSet<Target>,
    {
        if trail.contains(&(at, index)) {
            return BTreeSet::new();
        }
        trail.push((at, index));
        let found = follow(trail);
        trail.pop();
        found
    }
}

//! Parses the modules of one crate: the names that each defines, and the paths that its code uses.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::buffer::{Cursor, TokenBuffer};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{
    Attribute, ExprPath, Field, Ident, ImplItemFn, Item, ItemFn, ItemMacro, ItemMod, ItemUse, Local, Meta, MetaList,
    PatIdent, QSelf, Token, TraitItemFn, TypePath, UseTree, Visibility,
};

/// The text of each file, by its path inside `src`.
pub type Files = BTreeMap<PathBuf, String>;

/// A parsed module. An inline `mod x { }` is a module of its own, so that `super` resolves correctly, but has the file
/// of its parent.
#[derive(Debug, Default)]
pub struct Module {
    pub file: PathBuf,
    pub parent: Option<usize>,
    pub names: Vec<Name>,
    /// All words in macros that may generate items, and in the rules of macros: each may be the name of a generated
    /// item.
    pub made: BTreeSet<String>,
    /// Every path in the code outside `use`, each with true if the path names a macro.
    pub paths: BTreeSet<(Vec<String>, bool)>,
}

#[derive(Debug)]
pub struct Name {
    pub name: String,
    pub public: bool,
    pub what: NameKind,
}

#[derive(Debug)]
pub enum NameKind {
    /// A type or a trait. An enum has its variants here, for `use Enum::*`.
    Type(Vec<String>),
    /// A function, a constant or a macro; a path ends at its name.
    Value,
    Module(usize),
    Use(Vec<String>),
    Glob(Vec<String>),
}

impl Name {
    pub fn has_variant(&self, item: &str, variant: &str) -> bool {
        self.name == item && matches!(&self.what, NameKind::Type(variants) if variants.iter().any(|it| it == variant))
    }
}

/// Reads all modules of a crate, starting with `lib.rs` or `main.rs`. Leaves out test modules.
pub fn modules_of(files: &Files) -> Vec<Module> {
    let mut modules = Vec::new();
    for root in ["lib.rs", "main.rs"].map(Path::new).into_iter().filter(|root| files.contains_key(*root)) {
        let (folder, bound) = (PathBuf::new(), BTreeSet::new());
        Reader { files, modules: &mut modules, at: 0, folder, bound }.file(root, None);
    }
    assert!(!modules.is_empty(), "neither lib.rs nor main.rs");
    modules
}

/// Reads one file and the files of its modules.
struct Reader<'a> {
    files: &'a Files,
    modules: &'a mut Vec<Module>,
    at: usize,
    /// The folder with the files of this module's child modules.
    folder: PathBuf,
    /// Variables of the enclosing function, which hide items of the same name.
    bound: BTreeSet<String>,
}

impl Reader<'_> {
    fn file(&mut self, path: &Path, parent: Option<usize>) -> Option<usize> {
        let text = &self.files[path];
        let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{} isn't Rust: {error}", path.display()));
        if file.attrs.iter().any(is_test) {
            return None;
        }
        let above = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let named_as_folder = parent.is_none() || path.ends_with("mod.rs");
        let folder = if named_as_folder { above } else { path.with_extension("") };
        Some(self.module(path.to_path_buf(), parent, folder, |reader| Visit::visit_file(reader, &file)))
    }

    fn module(
        &mut self,
        file: PathBuf,
        parent: Option<usize>,
        folder: PathBuf,
        read: impl FnOnce(&mut Reader<'_>),
    ) -> usize {
        let at = self.modules.len();
        self.modules.push(Module { file, parent, ..Module::default() });
        read(&mut Reader { files: self.files, modules: self.modules, at, folder, bound: BTreeSet::new() });
        at
    }

    fn here(&mut self) -> &mut Module {
        &mut self.modules[self.at]
    }

    fn name(&mut self, name: String, visibility: &Visibility, what: NameKind) {
        // `pub(self)` is the same as private.
        let public = match visibility {
            Visibility::Inherited => false,
            Visibility::Restricted(to) => !to.path.is_ident("self"),
            Visibility::Public(_) => true,
        };
        self.here().names.push(Name { name, public, what });
    }

    /// Adds a path found in the code, unless it is the name of a local variable.
    fn path(&mut self, path: Vec<String>, is_macro: bool) {
        let hidden = !is_macro && path.len() == 1 && self.bound.contains(&path[0]);
        if !hidden && !path.is_empty() {
            self.here().paths.insert((path, is_macro));
        }
    }

    /// Adds every name of a `use` tree.
    fn uses(&mut self, tree: &UseTree, before: &[String], visibility: &Visibility) {
        let with = |name: &Ident| if name == "self" { before.to_vec() } else { [before, &[word(name)]].concat() };
        match tree {
            UseTree::Path(it) => {
                self.uses(&it.tree, &[before, &[word(&it.ident)]].concat(), visibility);
            }
            UseTree::Name(it) => {
                let path = with(&it.ident);
                self.name(path.last().cloned().unwrap_or_default(), visibility, NameKind::Use(path));
            }
            UseTree::Rename(it) => self.name(word(&it.rename), visibility, NameKind::Use(with(&it.ident))),
            UseTree::Glob(_) => self.name("*".to_owned(), visibility, NameKind::Glob(before.to_vec())),
            UseTree::Group(it) => it.items.iter().for_each(|tree| self.uses(tree, before, visibility)),
        }
    }

    /// Adds `<Type as Trait>::function` as the path `Trait`, besides the paths in `Type`.
    fn qualified(&mut self, of: Option<&QSelf>, path: &syn::Path) {
        match of {
            Some(of) => {
                self.visit_qself(of);
                self.path(segments(path).into_iter().take(of.position).collect(), false);
                path.segments.iter().for_each(|it| self.visit_path_segment(it));
            }
            None => self.visit_path(path),
        }
    }

    /// Reads the body of a function, in which the function's variables hide items of the same name.
    fn function(&mut self, variables: impl FnOnce(&mut Bound), read: impl FnOnce(&mut Self)) {
        let around = self.bound.clone();
        let mut bound = Bound(around.clone());
        variables(&mut bound);
        self.bound = bound.0;
        read(self);
        self.bound = around;
    }

    /// Adds the path in a string of an attribute, as in `#[serde(with = "a::b")]`.
    fn text(&mut self, literal: &str) {
        let text = literal.trim_matches('"');
        if (text.contains("::") || text.starts_with(char::is_uppercase))
            && let Ok(path) = syn::parse_str(text)
        {
            self.path(segments(&path), false);
        }
    }

    /// Finds paths in the unparsed tokens of macros and attributes.
    fn tokens(&mut self, mut cursor: Cursor<'_>, in_attribute: bool) {
        // The two characters before a word show if it is a field (`.`), a variable of a macro (`$`) or the rest of a
        // path (`::`); these aren't paths of their own.
        let mut before = [' '; 2];
        while !cursor.eof() {
            let mut last = ' ';
            if let Some((inside, _, _, rest)) = cursor.any_group() {
                self.tokens(inside, in_attribute);
                cursor = rest;
            } else if let Some((_, rest)) = cursor.lifetime() {
                cursor = rest;
            } else if let Some((ident, rest)) = cursor.ident() {
                let mut path = vec![word(&ident)];
                cursor = rest;
                while let Some((next, rest)) = after_colons(cursor) {
                    path.push(word(&next));
                    cursor = rest;
                }
                let (next, then) = (peek(cursor), cursor.punct().map_or(' ', |(_, rest)| peek(rest)));
                let follows = match before {
                    [':', ':'] => true,
                    [first, '.'] => first != '.',
                    [_, '$'] => path[0] != "crate",
                    _ => false,
                };
                let is_key = path.len() == 1 && matches!((next, then), (':', _) | ('=', ' '));
                if !follows && !is_key {
                    self.path(path, next == '!' && then != '=');
                }
            } else if let Some((punct, rest)) = cursor.punct() {
                last = punct.as_char();
                cursor = rest;
            } else if let Some((literal, rest)) = cursor.literal() {
                if in_attribute {
                    self.text(&literal.to_string());
                }
                cursor = rest;
            }
            before = [before[1], last];
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let (attributes, name) = head(item);
        if attributes.iter().any(is_test) {
            return;
        }
        if let Some((name, visibility)) = name {
            let what = match item {
                Item::Enum(it) => NameKind::Type(it.variants.iter().map(|it| word(&it.ident)).collect()),
                Item::Const(_) | Item::Fn(_) | Item::Macro(_) | Item::Static(_) => NameKind::Value,
                _ => NameKind::Type(Vec::new()),
            };
            self.name(word(name), visibility, what);
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        let (name, at) = (word(&item.ident), self.at);
        let module = match &item.content {
            Some((_, items)) => {
                let file = self.here().file.clone();
                let read = |reader: &mut Reader<'_>| items.iter().for_each(|item| reader.visit_item(item));
                Some(self.module(file, Some(at), self.folder.join(&name), read))
            }
            None => {
                let ways = [self.folder.join(format!("{name}.rs")), self.folder.join(&name).join("mod.rs")];
                let file = ways.into_iter().find(|way| self.files.contains_key(way));
                let file = file.unwrap_or_else(|| panic!("no file for mod {name} in {}", self.folder.display()));
                self.file(&file, Some(at))
            }
        };
        if let Some(module) = module {
            self.name(name, &item.vis, NameKind::Module(module));
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let before = if item.leading_colon.is_some() { vec![String::new()] } else { Vec::new() };
        self.uses(&item.tree, &before, &item.vis);
    }

    fn visit_item_macro(&mut self, item: &'ast ItemMacro) {
        words(TokenBuffer::new2(item.mac.tokens.clone()).begin(), &mut self.here().made);
        visit::visit_item_macro(self, item);
    }

    fn visit_macro(&mut self, it: &'ast syn::Macro) {
        self.path(segments(&it.path), true);
        self.tokens(TokenBuffer::new2(it.tokens.clone()).begin(), false);
    }

    fn visit_attribute(&mut self, it: &'ast Attribute) {
        match &it.meta {
            Meta::List(list) => self.tokens(TokenBuffer::new2(list.tokens.clone()).begin(), true),
            // Such as documentation: contains no path.
            Meta::Path(_) | Meta::NameValue(_) => {}
        }
    }

    /// Skips visibilities: `pub(in crate::a)` isn't an import of `a`.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.path(segments(path), false);
        visit::visit_path(self, path);
    }

    fn visit_expr_path(&mut self, it: &'ast ExprPath) {
        self.qualified(it.qself.as_ref(), &it.path);
    }

    fn visit_type_path(&mut self, it: &'ast TypePath) {
        self.qualified(it.qself.as_ref(), &it.path);
    }

    /// Adds a name in a pattern as a path, because it may be a constant instead of a variable.
    fn visit_pat_ident(&mut self, it: &'ast PatIdent) {
        self.path(vec![word(&it.ident)], false);
        visit::visit_pat_ident(self, it);
    }

    fn visit_item_fn(&mut self, it: &'ast ItemFn) {
        self.function(|bound| bound.visit_item_fn(it), |reader| visit::visit_item_fn(reader, it));
    }

    fn visit_impl_item_fn(&mut self, it: &'ast ImplItemFn) {
        if !it.attrs.iter().any(is_test) {
            self.function(|bound| bound.visit_impl_item_fn(it), |reader| visit::visit_impl_item_fn(reader, it));
        }
    }

    fn visit_trait_item_fn(&mut self, it: &'ast TraitItemFn) {
        self.function(|bound| bound.visit_trait_item_fn(it), |reader| visit::visit_trait_item_fn(reader, it));
    }

    fn visit_local(&mut self, it: &'ast Local) {
        if !it.attrs.iter().any(is_test) {
            visit::visit_local(self, it);
        }
    }

    fn visit_field(&mut self, it: &'ast Field) {
        if !it.attrs.iter().any(is_test) {
            visit::visit_field(self, it);
        }
    }
}

/// Collects the variables that a function binds.
struct Bound(BTreeSet<String>);

impl<'ast> Visit<'ast> for Bound {
    fn visit_pat_ident(&mut self, it: &'ast PatIdent) {
        let name = word(&it.ident);
        if name.starts_with(char::is_lowercase) {
            self.0.insert(name);
        }
        visit::visit_pat_ident(self, it);
    }
}

fn word(ident: &Ident) -> String {
    ident.unraw().to_string()
}

fn segments(path: &syn::Path) -> Vec<String> {
    let outside = path.leading_colon.map(|_| String::new());
    outside.into_iter().chain(path.segments.iter().map(|it| word(&it.ident))).collect()
}

fn peek(cursor: Cursor<'_>) -> char {
    cursor.punct().map_or(' ', |(punct, _)| punct.as_char())
}

fn after_colons(cursor: Cursor<'_>) -> Option<(Ident, Cursor<'_>)> {
    let (first, rest) = cursor.punct()?;
    let (second, rest) = rest.punct()?;
    rest.ident().filter(|_| (first.as_char(), second.as_char()) == (':', ':'))
}

/// Collects the words of a macro that may name a type or a constant.
fn words(mut cursor: Cursor<'_>, into: &mut BTreeSet<String>) {
    while let Some((_, rest)) = cursor.token_tree() {
        if let Some((inside, ..)) = cursor.any_group() {
            words(inside, into);
        } else if let Some((ident, _)) = cursor.ident() {
            into.extend(Some(word(&ident)).filter(|it| it != "Self" && it.starts_with(char::is_uppercase)));
        }
        cursor = rest;
    }
}

/// Returns true if an attribute restricts an item to tests.
fn is_test(attribute: &Attribute) -> bool {
    let path = attribute.path();
    if path.is_ident("cfg") {
        return attribute.parse_args().is_ok_and(|only| needs_test(&only));
    }
    path.segments.last().is_some_and(|it| it.ident == "test")
}

fn needs_test(only: &Meta) -> bool {
    let parts =
        |list: &MetaList| list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default();
    match only {
        Meta::List(list) if list.path.is_ident("all") => parts(list).iter().any(needs_test),
        Meta::List(list) if list.path.is_ident("any") => parts(list).iter().all(needs_test),
        other => matches!(other, Meta::Path(path) if path.is_ident("test")),
    }
}

/// Returns an item's attributes, and its name if it defines one.
fn head(item: &Item) -> (&[Attribute], Option<(&Ident, &Visibility)>) {
    match item {
        Item::Const(it) => (&it.attrs, Some((&it.ident, &it.vis))),
        Item::Enum(it) => (&it.attrs, Some((&it.ident, &it.vis))),
        Item::Fn(it) => (&it.attrs, Some((&it.sig.ident, &it.vis))),
        Item::Macro(it) => (&it.attrs, it.ident.as_ref().map(|ident| (ident, &Visibility::Inherited))),
        Item::Static(it) => (&it.attrs, Some((&it.ident, &it.vis))),
        Item::Struct(it) => (&it.attrs, Some((&it.ident, &it.vis))),
        Item::Trait(it) => (&it.attrs, Some((&it.ident, &it.vis))),
        Item::Type(it) => (&it.attrs, Some((&it.ident, &it.vis))),
        Item::Union(it) => (&it.attrs, Some((&it.ident, &it.vis))),
        Item::Impl(it) => (&it.attrs, None),
        Item::Mod(it) => (&it.attrs, None),
        Item::Use(it) => (&it.attrs, None),
        _ => (&[], None),
    }
}

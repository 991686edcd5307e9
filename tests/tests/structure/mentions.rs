//! What the items of one module define, import and mention.

use proc_macro2::{Spacing, Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{
    Attribute, ImplItem, Item, ItemMod, ItemUse, Macro, Meta, Path, TraitItem, UseTree, VisRestricted, Visibility,
};

use crate::names::{Import, Names};
use crate::test_code::{are_of_tests, is_impl_item_of_tests, is_item_of_tests, is_trait_item_of_tests};

/// A path in the text of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Its segments, `crate`, `self` and `super` among them.
    pub path: Vec<String>,
    /// The line, from 1.
    pub line: usize,
}

/// What was found in a module, without the modules in it.
#[derive(Default)]
pub struct Scope<'ast> {
    /// What has a name here.
    pub names: Names,
    /// What is used here. Names that are only re-exported are left out.
    pub mentions: Vec<Mention>,
    /// The modules that are declared here.
    pub modules: Vec<&'ast ItemMod>,
}

impl<'ast> Scope<'ast> {
    /// What `items` define, import and mention, without what only tests see.
    pub fn of(items: &'ast [Item]) -> Self {
        let mut scope = Self::default();
        for item in items {
            scope.visit_item(item);
        }
        scope
    }

    fn mention(&mut self, path: Vec<String>, span: Span) {
        self.mentions.push(Mention { path, line: span.start().line });
    }

    fn import(&mut self, mut before: Vec<String>, tree: &UseTree, is_used_here: bool) {
        match tree {
            UseTree::Path(it) => {
                before.push(it.ident.to_string());
                self.import(before, &it.tree, is_used_here);
            }
            UseTree::Group(it) => {
                for tree in &it.items {
                    self.import(before.clone(), tree, is_used_here);
                }
            }
            UseTree::Glob(_) => self.names.globs.push(before),
            UseTree::Name(it) => self.import_as(before, &it.ident, &it.ident, is_used_here),
            UseTree::Rename(it) => self.import_as(before, &it.ident, &it.rename, is_used_here),
        }
    }

    fn import_as(&mut self, mut path: Vec<String>, last: &syn::Ident, name: &syn::Ident, is_used_here: bool) {
        // `a::b::{self}` is `a::b`.
        if last != "self" {
            path.push(last.to_string());
        }
        let name = if name == "self" { path.last().cloned().unwrap_or_default() } else { name.to_string() };
        if is_used_here {
            self.mention(path.clone(), last.span());
        }
        self.names.imports.push(Import { name, path });
    }

    fn scan(&mut self, tokens: TokenStream) {
        let mut found = Vec::new();
        paths_in(tokens, &mut found);
        for (path, span) in found {
            self.mention(path, span);
        }
    }
}

impl<'ast> Visit<'ast> for Scope<'ast> {
    fn visit_item(&mut self, item: &'ast Item) {
        if is_item_of_tests(item) {
            return;
        }
        let name = match item {
            Item::Const(it) => Some(&it.ident),
            Item::Enum(it) => Some(&it.ident),
            Item::Fn(it) => Some(&it.sig.ident),
            Item::Macro(it) => it.ident.as_ref(),
            Item::Static(it) => Some(&it.ident),
            Item::Struct(it) => Some(&it.ident),
            Item::Trait(it) => Some(&it.ident),
            Item::TraitAlias(it) => Some(&it.ident),
            Item::Type(it) => Some(&it.ident),
            Item::Union(it) => Some(&it.ident),
            _ => None,
        };
        self.names.items.extend(name.map(ToString::to_string));
        visit::visit_item(self, item);
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        if !is_impl_item_of_tests(item) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        if !is_trait_item_of_tests(item) {
            visit::visit_trait_item(self, item);
        }
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if !are_of_tests(&field.attrs) {
            visit::visit_field(self, field);
        }
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        if !are_of_tests(&variant.attrs) {
            visit::visit_variant(self, variant);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        self.modules.push(module);
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        // `::name` is another crate.
        if item.leading_colon.is_none() {
            self.import(Vec::new(), &item.tree, matches!(item.vis, Visibility::Inherited));
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        if path.leading_colon.is_none() {
            let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.mention(segments, path.segments[0].ident.span());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, it: &'ast Macro) {
        self.visit_path(&it.path);
        self.scan(it.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        match &attribute.meta {
            Meta::Path(path) => self.visit_path(path),
            Meta::List(list) => {
                self.visit_path(&list.path);
                self.scan(list.tokens.clone());
            }
            // Documentation: links in it use nothing.
            Meta::NameValue(_) => {}
        }
    }

    /// `pub(in crate::here)` uses nothing.
    fn visit_vis_restricted(&mut self, _: &'ast VisRestricted) {}
}

/// The paths in what a macro or an attribute is given, as far as they can be told without expanding it.
fn paths_in(tokens: TokenStream, found: &mut Vec<(Vec<String>, Span)>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Group(group) => paths_in(group.stream(), found),
            TokenTree::Literal(literal) => found.extend(path_in_text(literal)),
            TokenTree::Ident(first) => {
                let mut path = vec![first.to_string()];
                let begin = at;
                while let (true, Some(TokenTree::Ident(next))) = (is_separator(&tokens, at + 1), tokens.get(at + 3)) {
                    path.push(next.to_string());
                    at += 3;
                }
                if begins_path(&tokens, begin) {
                    found.push((path, first.span()));
                }
            }
            TokenTree::Punct(_) => {}
        }
        at += 1;
    }
}

/// Whether the identifier there is the first of a path: no field, no method, no variable of a macro.
fn begins_path(tokens: &[TokenTree], at: usize) -> bool {
    let before =
        |character: char| at > 0 && matches!(&tokens[at - 1], TokenTree::Punct(it) if it.as_char() == character);
    let is_continued = at > 1 && is_separator(tokens, at - 2);
    let is_variable = before('$') && !matches!(&tokens[at], TokenTree::Ident(it) if it == "crate");
    !before('.') && !is_continued && !is_variable
}

/// Whether `::` stands there.
fn is_separator(tokens: &[TokenTree], at: usize) -> bool {
    let colon = |at: usize| match tokens.get(at) {
        Some(TokenTree::Punct(it)) if it.as_char() == ':' => Some(it.spacing()),
        _ => None,
    };
    colon(at) == Some(Spacing::Joint) && colon(at + 1).is_some()
}

/// The path in `#[serde(default = "crate::here::value")]`.
fn path_in_text(literal: &proc_macro2::Literal) -> Option<(Vec<String>, Span)> {
    let text: syn::LitStr = syn::parse_str(&literal.to_string()).ok()?;
    let path: Path = syn::parse_str(&text.value()).ok()?;
    let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    (segments.len() > 1 && path.leading_colon.is_none()).then(|| (segments, literal.span()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentions(text: &str) -> Vec<String> {
        let file = syn::parse_file(text).expect("a source");
        let scope = Scope::of(&file.items);
        scope.mentions.into_iter().map(|it| format!("{}:{}", it.line, it.path.join("::"))).collect()
    }

    #[test]
    fn imports_are_mentioned_where_they_are_used() {
        let found = mentions(
            "use crate::a::{self, B, c::{D as E, self}};\npub use crate::f::G;\npub(crate) use crate::h;\nuse ::serde::I;\nuse super::j::*;",
        );
        assert_eq!(found, ["1:crate::a", "1:crate::a::B", "1:crate::a::c::D", "1:crate::a::c"]);
    }

    #[test]
    fn paths_in_types_expressions_and_patterns_are_mentioned() {
        let found = mentions(
            "pub(in crate::hidden) fn f(it: crate::a::T<super::b::U>) -> impl Fn(V) {\n    let w = self::c::new();\n    \
             match it { crate::d::E::F(_) => w, }\n}",
        );
        assert_eq!(
            found,
            ["1:crate::a::T", "1:super::b::U", "1:Fn", "1:V", "2:self::c::new", "3:it", "3:crate::d::E::F", "3:w"]
        );
    }

    #[test]
    fn macros_and_attributes_are_looked_into() {
        let found = mentions(
            "#[doc = \"crate::no::link\"]\n#[serde(default = \"crate::a::b\", rename = \"c\")]\nstruct X;\nmacro_rules! y { ($d:path) => {\n    \
             $crate::e::f($d::g, h.i(), j: super::k::L { m: 1 });\n} }",
        );
        for path in ["2:crate::a::b", "5:crate::e::f", "5:super::k::L"] {
            assert!(found.iter().any(|it| it == path), "no {path} in {found:?}");
        }
        assert!(
            found.iter().all(|it| !it.contains("no::link") && !it.contains('g') && !it.ends_with(":i")),
            "{found:?}"
        );
    }

    #[test]
    fn what_only_tests_see_is_left_out() {
        let found = mentions(
            "#[cfg(test)]\nuse crate::a;\nimpl X {\n    #[cfg(test)]\n    fn f() { crate::b::c() }\n}\nmod tests { use crate::d; }\n\
             #[cfg(test)]\nmod recorded;\nmod kept;",
        );
        assert_eq!(found, ["3:X"]);
        let file = syn::parse_file("#[cfg(test)] mod a;\nmod tests;\nmod b;").expect("a source");
        let modules: Vec<String> = Scope::of(&file.items).modules.iter().map(|it| it.ident.to_string()).collect();
        assert_eq!(modules, ["b"]);
    }
}

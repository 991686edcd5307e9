//! What only tests see.

use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, ImplItem, Item, Meta, Token, TraitItem};

/// Whether modules of this name are for tests by their name alone.
pub fn is_name_of_tests(name: &str) -> bool {
    matches!(name, "tests" | "testing")
}

/// Whether an item exists in test builds only.
pub fn is_item_of_tests(item: &Item) -> bool {
    let attributes: &[Attribute] = match item {
        Item::Const(it) => &it.attrs,
        Item::Enum(it) => &it.attrs,
        Item::ExternCrate(it) => &it.attrs,
        Item::Fn(it) => &it.attrs,
        Item::ForeignMod(it) => &it.attrs,
        Item::Impl(it) => &it.attrs,
        Item::Macro(it) => &it.attrs,
        Item::Mod(it) => {
            if is_name_of_tests(&it.ident.to_string()) {
                return true;
            }
            &it.attrs
        }
        Item::Static(it) => &it.attrs,
        Item::Struct(it) => &it.attrs,
        Item::Trait(it) => &it.attrs,
        Item::TraitAlias(it) => &it.attrs,
        Item::Type(it) => &it.attrs,
        Item::Union(it) => &it.attrs,
        Item::Use(it) => &it.attrs,
        _ => &[],
    };
    are_of_tests(attributes)
}

/// The same for what stands in an `impl`.
pub fn is_impl_item_of_tests(item: &ImplItem) -> bool {
    match item {
        ImplItem::Const(it) => are_of_tests(&it.attrs),
        ImplItem::Fn(it) => are_of_tests(&it.attrs),
        ImplItem::Type(it) => are_of_tests(&it.attrs),
        ImplItem::Macro(it) => are_of_tests(&it.attrs),
        _ => false,
    }
}

/// The same for what stands in a trait.
pub fn is_trait_item_of_tests(item: &TraitItem) -> bool {
    match item {
        TraitItem::Const(it) => are_of_tests(&it.attrs),
        TraitItem::Fn(it) => are_of_tests(&it.attrs),
        TraitItem::Type(it) => are_of_tests(&it.attrs),
        TraitItem::Macro(it) => are_of_tests(&it.attrs),
        _ => false,
    }
}

/// Whether what has these attributes exists in test builds only.
pub fn are_of_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("cfg") => {
            list.parse_args().is_ok_and(|condition| needs_test(&condition))
        }
        Meta::List(_) | Meta::NameValue(_) => false,
    })
}

/// Whether a condition of `cfg` holds in test builds only. What is unknown may hold in others.
fn needs_test(condition: &Meta) -> bool {
    match condition {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) => {
            let parts = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default();
            match list.path.get_ident().map(Ident::to_string).as_deref() {
                Some("all") => parts.iter().any(needs_test),
                Some("any") => !parts.is_empty() && parts.iter().all(needs_test),
                _ => false,
            }
        }
        Meta::NameValue(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_item_of_tests;

    fn of_tests(text: &str) -> bool {
        is_item_of_tests(&syn::parse_str(text).expect("an item"))
    }

    #[test]
    fn only_what_cannot_be_in_another_build_is_of_tests() {
        for text in [
            "#[cfg(test)] mod recorded {}",
            "#[test] fn it_works() {}",
            "#[cfg(all(unix, test))] use crate::x;",
            "#[cfg(any(test, all(test, unix)))] fn f() {}",
            "mod tests;",
            "pub mod testing {}",
        ] {
            assert!(of_tests(text), "{text}");
        }
        for text in [
            "mod recorded {}",
            "#[cfg(not(test))] fn f() {}",
            "#[cfg(any(test, feature = \"x\"))] fn f() {}",
            "#[cfg(feature = \"test\")] fn f() {}",
            "#[derive(Debug)] struct Test;",
        ] {
            assert!(!of_tests(text), "{text}");
        }
    }
}

//! The names of countries in a language (Unicode CLDR), in the order in which that language sorts them.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, PoisonError, RwLock},
};

use icu_collator::{Collator, options::CollatorOptions};
use icu_experimental::displaynames::{DisplayNamesOptions, Style, multi::RegionDisplayNames};
use icu_locale_core::{Locale, subtags::Region};
use identity_core::value::{CountryCode, Language};

type Names = Arc<[(CountryCode, String)]>;

/// Of each language that was asked for: as many as an installation speaks.
static NAMES: LazyLock<RwLock<BTreeMap<Language, Names>>> = LazyLock::new(RwLock::default);

/// Every country with its name.
pub(crate) fn names(language: &Language) -> Names {
    let known = NAMES.read().unwrap_or_else(PoisonError::into_inner).get(language).cloned();
    known.unwrap_or_else(|| {
        let names = named(language);
        NAMES.write().unwrap_or_else(PoisonError::into_inner).insert(language.clone(), names.clone());
        names
    })
}

fn named(language: &Language) -> Names {
    let locale = language.as_str().parse::<Locale>().unwrap_or(Locale::UNKNOWN);
    let mut options = DisplayNamesOptions::default();
    // As people say them: Hong Kong, not a description of its status.
    options.style = Some(Style::Short);
    let display = RegionDisplayNames::try_new(locale.clone().into(), options).ok();
    let name_of = |code: CountryCode| {
        let region = code.as_str().parse::<Region>().ok()?;
        display.as_ref()?.of(region).map(str::to_owned)
    };
    let mut names = CountryCode::all().map(|code| (code, name_of(code).unwrap_or_else(|| code.to_string()))).collect::<Vec<_>>();
    match Collator::try_new(locale.into(), CollatorOptions::default()) {
        Ok(collator) => names.sort_by(|(_, one), (_, other)| collator.compare(one, other)),
        Err(_) => names.sort_by(|(_, one), (_, other)| one.cmp(other)),
    }
    names.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(language: &str) -> Names {
        names(&Language::parse(language).unwrap())
    }

    #[test]
    fn every_country_has_a_name_in_every_language() {
        for language in ["en", "de", "fr", "es", "zh-Hans", "ar"] {
            let names = of(language);
            assert_eq!(names.len(), CountryCode::all().count());
            for (code, name) in names.iter() {
                assert!(!name.is_empty() && name != code.as_str(), "{code} has no name in {language}");
            }
        }
    }

    #[test]
    fn names_are_those_of_the_language_in_its_order() {
        for (language, germany) in [
            ("en", "Germany"),
            ("de", "Deutschland"),
            ("fr", "Allemagne"),
            ("es", "Alemania"),
            ("zh-Hans", "德国"),
            ("ar", "ألمانيا"),
        ] {
            assert!(of(language).iter().any(|(code, name)| code.as_str() == "DE" && name == germany), "{language}");
        }
        let at = |names: &Names, code: &str| names.iter().position(|(one, _)| one.as_str() == code).unwrap();
        let german = of("de");
        assert!(at(&german, "AT") < at(&german, "PK"), "Österreich stands with O, not behind Z");
        assert!(at(&german, "EG") < at(&german, "BE"), "Ägypten stands with A");
    }
}

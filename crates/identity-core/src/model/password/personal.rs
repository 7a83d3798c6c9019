use super::normalize::{normalize, squeeze};
use crate::value::{CompanyName, EmailAddress, PersonName};

/// Parts of names that name nobody: articles, particles and legal forms of three letters.
const PARTICLES: [&str; 22] = [
    "the", "and", "for", "inc", "ltd", "llc", "llp", "plc", "pty", "srl", "spa", "van", "von", "der", "den", "del", "dos", "das",
    "los", "las", "bin", "ibn",
];

/// The words that a person's password must not be made of: name, address, company, product.
#[derive(Clone, Debug, Default)]
pub struct ContextWords(Vec<String>);

impl ContextWords {
    /// Shorter words occur in too many good passwords to be refused.
    pub const MIN_CHARS: usize = 3;

    /// Collects the words of a person. Each text counts as a whole and by its parts.
    #[must_use]
    pub fn collect(email: &EmailAddress, names: [&PersonName; 2], company: Option<&CompanyName>, product: &str) -> Self {
        let mut words = Self::default();
        words.add(email.local_part());
        names.into_iter().for_each(|name| words.add(name.as_str()));
        if let Some(company) = company {
            words.add(company.as_str());
        }
        words.add(product);
        words
    }

    /// Adds the words of one text.
    pub fn add(&mut self, text: &str) {
        let parts = text.split(|character: char| !character.is_alphanumeric());
        let parts = parts.filter(|part| !PARTICLES.contains(&part.to_lowercase().as_str())).map(str::to_owned);
        for word in std::iter::once(squeeze(text)).chain(parts) {
            if word.chars().count() >= Self::MIN_CHARS && !self.0.contains(&word) {
                self.0.push(word);
            }
        }
    }

    /// The words, as they are spelled.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// Whether one of them stands in a password, with separators in it or without. One of three letters that is only a piece of a
    /// longer common word does not: `canada` does not name Ada.
    pub(super) fn occur_in(&self, password: &str, common: &[String]) -> bool {
        let normalized = normalize(password);
        let squeezed = normalize(&squeeze(password));
        let longer = common.iter().map(|word| normalize(word)).filter(|word| word.chars().count() > Self::MIN_CHARS);
        let without_longer = longer.fold(normalized.clone(), |text, word| text.replace(&word, " "));
        self.0.iter().map(|word| normalize(word)).any(|word| {
            if word.chars().count() > Self::MIN_CHARS {
                normalized.contains(&word) || squeezed.contains(&word)
            } else {
                without_longer.contains(&word)
            }
        })
    }

    pub(super) fn are(&self, password: &str) -> bool {
        let normalized = normalize(password);
        self.0.iter().any(|word| normalized == normalize(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(texts: &[&str]) -> ContextWords {
        let mut words = ContextWords::default();
        texts.iter().for_each(|text| words.add(text));
        words
    }

    #[test]
    fn names_count_from_three_letters_on_wherever_they_stand() {
        let ada = words(&["ada", "Li", "IBM", "Ana-Maria"]);
        for password in ["ada!Kq7zz#Wm2", "Kq7zz@D4#Wm2", "Kq7adazz#Wm2", "x.1bm.Q7zz-wm", "Q7zz-wm.ANA", "Q7-a-n-a-m-a-r-i-a"] {
            assert!(ada.occur_in(password, &[]), "{password}");
        }
        for password in ["Kq7zz#Wm2vv", "Li-Kq7zz#Wm2", "a-d.a Kq7zz#Wm2"] {
            assert!(!ada.occur_in(password, &[]), "{password}");
        }
    }

    #[test]
    fn a_short_name_within_a_longer_word_names_nobody() {
        let ada = words(&["ada", "lovelace"]);
        let common = ["canada".to_owned(), "love".to_owned()];
        assert!(!ada.occur_in("Canada-plinth-7", &common));
        for password in ["Canada-ada-7", "Canada-lovelace-7"] {
            assert!(ada.occur_in(password, &common), "{password}");
        }
        let named_so = ["ada".to_owned()];
        assert!(ada.occur_in("plinth-ada-7", &named_so));
    }

    #[test]
    fn particles_name_nobody_but_belong_to_the_whole_name() {
        let words = words(&["van der Berg", "The Oak Ltd"]);
        assert_eq!(words.as_slice(), ["vanderBerg", "Berg", "TheOakLtd", "Oak"]);
    }
}

use super::fold::fold;
use crate::value::{CompanyName, EmailAddress, PersonName};

/// The words that a person's password must not be made of: name, address, company, product.
#[derive(Clone, Debug, Default)]
pub struct PersonalWords(Vec<String>);

impl PersonalWords {
    /// Shorter words occur in too many good passwords to be refused.
    pub const MIN_CHARS: usize = 4;

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
        let whole = text.chars().filter(|character| character.is_alphanumeric()).collect::<String>();
        let parts = text.split(|character: char| !character.is_alphanumeric()).map(str::to_owned);
        for word in std::iter::once(whole).chain(parts) {
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

    pub(super) fn occur_in(&self, password: &str) -> bool {
        // A separator within a word hides it from nobody: ada.lovelace is also looked for as one word.
        let folded = fold(password);
        self.0.iter().any(|word| folded.contains(&fold(word)))
    }

    pub(super) fn are(&self, password: &str) -> bool {
        let folded = fold(password);
        self.0.iter().any(|word| folded == fold(word))
    }
}

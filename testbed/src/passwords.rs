//! Passwords to judge policies by: common ones dressed up, passphrases, and what password managers make.

use std::iter;

/// How people get a common password past rules: capitals, years, specials, look-alike characters, rows of keys, doubling.
#[must_use]
pub fn dressed(word: &str) -> Vec<String> {
    let capital = capitalized(word);
    let masked = capital.chars().map(masked).collect::<String>();
    let reversed = capitalized(&word.chars().rev().collect::<String>());
    vec![
        format!("{capital}1!"),
        format!("{capital}2024!"),
        format!("{capital}-2026-x"),
        format!("{capital}@1987"),
        format!("{capital}.75"),
        format!("!!{}99", capital.replace('o', "0")),
        format!("{}123#", capital.replace('e', "3")),
        format!("1{}$", capital.replace('i', "1")),
        format!("{}2!", capital.replace('a', "@")),
        format!("{masked}1!a"),
        format!("{masked}#2025z"),
        format!("Aa{word}!"),
        format!("Aa1!{word}"),
        format!("#1{capital}"),
        format!("12{capital}!"),
        format!("{capital}!!11"),
        format!("{capital}$$77"),
        format!("{capital}123!@#"),
        format!("{capital}1234%"),
        format!("{capital}qwe1!"),
        format!("{capital}!1qaz"),
        format!("{capital}asdf1!"),
        format!("Qwe{word}1!"),
        format!("{capital}!zxc9"),
        format!("{capital}!Kq7"),
        format!("{word}{capital}1!"),
        format!("{capital}_{word}1"),
        format!("{}1a!", word.to_uppercase()),
        format!("{reversed}1!"),
    ]
}

/// Random passphrases of four words of a list, written so that they hold a capital, a digit and a special character.
pub fn passphrases(words: &[String]) -> impl Iterator<Item = String> {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    iter::repeat_with(move || {
        let picked = iter::repeat_with(|| random.pick(words).cloned().unwrap_or_default()).take(4).collect::<Vec<_>>();
        format!("{}{}", capitalized(&picked.join("-")), random.below(10))
    })
}

/// Random passwords of 12 printable characters, with all four kinds among them, as password managers make them.
pub fn generated() -> impl Iterator<Item = String> {
    let mut random = Random(0xd1b5_4a32_d192_ed03);
    let printable = (b'!'..=b'~').map(char::from).collect::<Vec<_>>();
    let all = iter::repeat_with(move || {
        iter::repeat_with(|| random.pick(&printable).copied().unwrap_or_default()).take(12).collect::<String>()
    });
    all.filter(|password| {
        let kinds: [fn(char) -> bool; 4] = [
            |character| character.is_ascii_uppercase(),
            |character| character.is_ascii_lowercase(),
            |character| character.is_ascii_digit(),
            |character| character.is_ascii_punctuation(),
        ];
        kinds.iter().all(|kind| password.chars().any(kind))
    })
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect()
}

const fn masked(plain: char) -> char {
    match plain {
        'a' => '@',
        'e' => '3',
        'i' => '1',
        'o' => '0',
        's' => '$',
        other => other,
    }
}

/// The same numbers in every run (xorshift64*): a figure can be taken again.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = usize::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33).unwrap_or_default();
        drawn.checked_rem(end).unwrap_or_default()
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let at = self.below(all.len());
        all.get(at)
    }
}

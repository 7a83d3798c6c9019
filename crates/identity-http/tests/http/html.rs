//! A reader of HTML, as far as the tests need one: tags and their attributes.

/// A start tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    /// What stands between this tag and the next one, decoded.
    pub(crate) text: String,
}

impl Tag {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

pub(crate) fn decoded(text: &str) -> String {
    let mut parts = text.split('&');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (character, rest) = match part.split_once(';') {
            Some(("lt" | "#60", rest)) => ('<', rest),
            Some(("gt" | "#62", rest)) => ('>', rest),
            Some(("quot" | "#34", rest)) => ('"', rest),
            Some(("#39" | "#x27", rest)) => ('\'', rest),
            Some(("amp" | "#38", rest)) => ('&', rest),
            _ => ('&', part),
        };
        decoded.push(character);
        decoded.push_str(rest);
    }
    decoded
}

/// Every start tag of a page, in order.
pub(crate) fn tags(page: &str) -> Vec<Tag> {
    let mut tags = Vec::<Tag>::new();
    let mut rest = page;
    while let Some((text, after)) = rest.split_once('<') {
        if let Some(tag) = tags.last_mut() {
            tag.text.push_str(&decoded(text));
        }
        rest = after;
        if rest.starts_with('/') || rest.starts_with('!') {
            rest = rest.split_once('>').expect("a tag ends").1;
            continue;
        }
        let (tag, after) = tag(rest);
        tags.push(tag);
        rest = after;
    }
    tags
}

fn tag(text: &str) -> (Tag, &str) {
    let end = text.find(|character: char| character.is_whitespace() || matches!(character, '>' | '/')).expect("a tag ends");
    let (name, mut rest) = text.split_at(end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|character: char| character.is_whitespace() || character == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (Tag { name: name.to_ascii_lowercase(), attributes, text: String::new() }, after);
        }
        let end =
            rest.find(|character: char| character.is_whitespace() || matches!(character, '>' | '/' | '=')).expect("a tag ends");
        let (attribute, after) = rest.split_at(end);
        rest = after;
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let quoted = after.strip_prefix('"').unwrap_or_else(|| panic!("{attribute} of {name} is not quoted"));
            let (inner, after) = quoted.split_once('"').expect("a value ends");
            value = decoded(inner);
            rest = after;
        }
        attributes.push((attribute.to_ascii_lowercase(), value));
    }
}

/// The page runs and loads nothing but what we serve.
#[track_caller]
pub(crate) fn is_harmless(what: &str, page: &str) {
    for tag in tags(page) {
        assert!(!matches!(tag.name.as_str(), "style" | "base" | "object" | "embed"), "{what}: {tag:?}");
        if tag.name == "script" {
            assert!(tag.attribute("src").is_some() && tag.text.trim().is_empty(), "{what}: {tag:?}");
        }
        for (name, value) in &tag.attributes {
            assert!(!name.starts_with("on") && name != "style" && name != "srcdoc", "{what}: {tag:?}");
            if matches!(name.as_str(), "src" | "href" | "action" | "formaction") {
                let is_ours = value.starts_with('#') || (value.starts_with('/') && !value.starts_with("//"));
                let is_mail = name == "href" && tag.name == "a" && value.starts_with("mailto:");
                assert!(is_ours || is_mail, "{what}: {tag:?}");
            }
        }
    }
}

/// The shape of a page: its tags and the names of their attributes.
pub(crate) fn shape(page: &str) -> Vec<String> {
    let names = |tag: &Tag| tag.attributes.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>().join(" ");
    tags(page).iter().map(|tag| format!("{} {}", tag.name, names(tag))).collect()
}

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

const VOID: [&str; 6] = ["meta", "link", "img", "input", "br", "hr"];

/// Every tag is closed in its order.
#[track_caller]
fn is_balanced(what: &str, page: &str) {
    let mut open = Vec::new();
    for (_, rest) in page.match_indices('<').map(|(at, _)| page.split_at(at)) {
        let inside = rest.split_once('>').expect("a tag ends").0.trim_start_matches('<');
        let end = inside.find(|character: char| character.is_whitespace() || character == '/').unwrap_or(inside.len());
        let name = inside.split_at(end).0;
        if inside.starts_with('!') || inside.ends_with('/') || VOID.contains(&name) {
            continue;
        }
        match inside.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{what}: {name} ends where it was not open"),
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{what}: {open:?} stay open");
}

/// What autocomplete may say here (HTML's tokens).
const AUTOCOMPLETE: &[&str] = &[
    "username",
    "email",
    "current-password",
    "new-password",
    "one-time-code",
    "organization",
    "organization-title",
    "country",
    "given-name",
    "family-name",
    "off",
];

/// The page is well-formed, and can be read and filled in without eyes: ids stand once, references lead somewhere, fields have
/// labels, and password managers are told what is what.
#[track_caller]
pub(crate) fn is_well_formed(what: &str, page: &str) {
    is_balanced(what, page);
    let tags = tags(page);
    let ids = tags.iter().filter_map(|tag| tag.attribute("id")).collect::<Vec<_>>();
    let once = ids.iter().collect::<std::collections::BTreeSet<_>>();
    assert_eq!(once.len(), ids.len(), "{what}: ids stand twice: {ids:?}");
    let count = |name: &str| tags.iter().filter(|tag| tag.name == name).count();
    assert_eq!((count("h1"), count("main"), count("title")), (1, 1, 1), "{what}");
    let title = tags.iter().find(|tag| tag.name == "title").unwrap();
    assert!(title.text.trim().len() > title.text.trim().find('–').unwrap_or_default() && !title.text.starts_with(" –"), "{what}");
    let html = tags.first().unwrap();
    assert!(html.attribute("lang").is_some() && html.attribute("dir").is_some(), "{what}: {html:?}");
    for tag in &tags {
        let names = tag.attributes.iter().map(|(name, _)| name).collect::<std::collections::BTreeSet<_>>();
        assert_eq!(names.len(), tag.attributes.len(), "{what}: an attribute stands twice: {tag:?}");
        for name in ["for", "aria-describedby", "aria-labelledby", "aria-controls", "popovertarget", "data-for"] {
            for id in tag.attribute(name).into_iter().flat_map(str::split_whitespace) {
                assert!(ids.contains(&id), "{what}: {name} names nothing: {tag:?}");
            }
        }
        if let Some(id) = tag.attribute("href").and_then(|to| to.strip_prefix('#')) {
            assert!(ids.contains(&id), "{what}: leads nowhere: {tag:?}");
        }
        let kind = tag.attribute("type");
        let is_field = matches!(tag.name.as_str(), "input" | "select" | "textarea") && kind != Some("hidden");
        if is_field {
            let id = tag.attribute("id").unwrap_or_else(|| panic!("{what}: no id: {tag:?}"));
            let labels = tags.iter().filter(|label| label.name == "label" && label.attribute("for") == Some(id));
            assert_eq!(labels.clone().count(), 1, "{what}: {tag:?}");
            assert!(labels.clone().all(|label| !label.text.trim().is_empty()), "{what}: {tag:?}");
        }
        if is_field && matches!(kind, Some("text" | "email" | "password")) {
            let token = tag.attribute("autocomplete").unwrap_or_else(|| panic!("{what}: no autocomplete: {tag:?}"));
            assert!(AUTOCOMPLETE.contains(&token), "{what}: {tag:?}");
        }
        if kind == Some("password") {
            assert!(tag.attribute("autocomplete").is_some_and(|token| token.ends_with("-password")), "{what}: {tag:?}");
            assert!(tag.attribute("value").is_none() && tag.attribute("onpaste").is_none(), "{what}: {tag:?}");
            let most = tag.attribute("maxlength").map_or(64, |most| most.parse::<u32>().unwrap());
            assert!(most >= 64, "{what}: {tag:?}");
        }
        if tag.name == "button" {
            assert!(kind.is_some(), "{what}: {tag:?}");
        }
    }
    has_tokens(what, page);
}

/// Every form that changes something carries the token against forgery.
#[track_caller]
fn has_tokens(what: &str, page: &str) {
    for form in page.split("<form ").skip(1) {
        let form = form.split("</form>").next().unwrap();
        let has_token = form.split("name=\"csrf_token\" value=\"").nth(1).is_some_and(|rest| !rest.starts_with('"'));
        assert_eq!(form.starts_with("method=\"post\""), has_token, "{what}: {form}");
    }
}

/// Whether a field of the page is marked as wrong, with a message beside it.
pub(crate) fn is_wrong(page: &str, field: &str) -> bool {
    let tags = tags(page);
    let marked = tags.iter().find(|tag| tag.attribute("id") == Some(field)).is_some_and(|tag| {
        tag.attribute("aria-invalid") == Some("true")
            && tag
                .attribute("aria-describedby")
                .is_some_and(|ids| ids.split_whitespace().any(|id| id == format!("{field}-message")))
    });
    marked && tags.iter().any(|tag| tag.attribute("href") == Some(&format!("#{field}")) && !tag.text.trim().is_empty())
}

/// The ids of the rules that a page shows as broken.
pub(crate) fn broken_rules(page: &str) -> Vec<String> {
    rules(page, "is-broken")
}

/// The rules for passwords that a page marks as met.
pub(crate) fn met_rules(page: &str) -> Vec<String> {
    rules(page, "is-met")
}

fn rules(page: &str, class: &str) -> Vec<String> {
    let rules = tags(page).into_iter().filter(|tag| tag.attribute("class") == Some(class));
    let ids = rules.filter_map(|tag| tag.attribute("data-rule").map(str::to_owned));
    ids.filter(|id| id != "confirmation").collect()
}

/// Where a page's links lead.
pub(crate) fn links(page: &str) -> Vec<String> {
    let links = tags(page).into_iter().filter(|tag| tag.name == "a");
    links.filter_map(|tag| tag.attribute("href").map(str::to_owned)).collect()
}

/// Where the main button of a page leads: a link, or a form.
pub(crate) fn main_button(page: &str) -> Option<String> {
    let tags = tags(page);
    let link = tags.iter().find(|tag| tag.name == "a" && tag.attribute("class") == Some("button"));
    let to = link.and_then(|tag| tag.attribute("href"));
    let form = tags.iter().find(|tag| tag.name == "form" && tag.attribute("method") == Some("post"));
    to.or_else(|| form.and_then(|tag| tag.attribute("action"))).map(str::to_owned)
}

/// The shape of a page: its tags and the names of their attributes.
pub(crate) fn shape(page: &str) -> Vec<String> {
    let names = |tag: &Tag| tag.attributes.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>().join(" ");
    tags(page).iter().map(|tag| format!("{} {}", tag.name, names(tag))).collect()
}

//! The terms.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::common::PageContext;
use super::error::PageError;
use crate::{
    app::App,
    view::{Frame, Moment},
};

#[derive(Template)]
#[template(path = "terms.html")]
struct TermsPage {
    frame: Frame,
    text: String,
    language: String,
    version: String,
    effective: Moment,
}

/// A heading's level in a page, whose first level is the page's own: the text's topmost headings are of the second.
fn in_page(level: HeadingLevel, topmost: HeadingLevel) -> HeadingLevel {
    let depth = (level as usize).saturating_sub(topmost as usize).saturating_add(2);
    HeadingLevel::try_from(depth).unwrap_or(HeadingLevel::H6)
}

/// Markdown as HTML. Markup in the text is shown as text, and pictures are left out: nothing is loaded from elsewhere.
pub(crate) fn rendered(markdown: &str) -> String {
    let parsed = Parser::new_ext(markdown, Options::empty()).collect::<Vec<_>>();
    let levels =
        parsed.iter().filter_map(|event| if let Event::Start(Tag::Heading { level, .. }) = event { Some(*level) } else { None });
    let topmost = levels.min().unwrap_or(HeadingLevel::H1);
    let events = parsed.into_iter().filter_map(|event| match event {
        Event::Html(markup) | Event::InlineHtml(markup) => Some(Event::Text(markup)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let is_web = dest_url.starts_with("https://") || dest_url.starts_with("http://") || dest_url.starts_with("mailto:");
            let dest_url = if is_web { dest_url } else { "#".into() };
            Some(Event::Start(Tag::Link { link_type, dest_url, title, id }))
        }
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Some(Event::Start(Tag::Heading { level: in_page(level, topmost), id, classes, attrs }))
        }
        Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(in_page(level, topmost)))),
        other => Some(other),
    });
    let mut text = String::new();
    html::push_html(&mut text, events);
    text
}

pub(crate) async fn terms(State(app): State<App>, context: PageContext) -> Result<Response, PageError> {
    let terms = app.flows().terms.current().await?;
    let texts = context.frame.texts();
    let Some((language, markdown)) = terms.text_for(texts.language()) else {
        return Err(PageError::NotFound);
    };
    let page = TermsPage {
        text: rendered(markdown),
        language: language.to_string(),
        version: terms.number.to_string(),
        effective: Moment::of(terms.effective_at, texts),
        frame: context.frame.clone(),
    };
    Ok(context.page(StatusCode::OK, &page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_brings_no_markup_of_its_own() {
        let html = rendered("# Hi\n\n<script>x</script>\n\n[a](javascript:alert(1)) ![p](https://e.example/p.png) *b*");
        assert!(html.contains("<h2>Hi</h2>") && html.contains("<em>b</em>"));
        assert_eq!(rendered("### Low\n\n#### Lower\n\n###### Lowest"), "<h2>Low</h2>\n<h3>Lower</h3>\n<h5>Lowest</h5>\n");
        assert!(!html.contains("<script") && !html.contains("javascript:") && !html.contains("<img"), "{html}");
    }
}

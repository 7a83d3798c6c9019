//! The terms.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use pulldown_cmark::{Event, Options, Parser, html};

use super::common::{PageError, Visit};
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

/// Markdown as HTML. Markup in the text is shown as text, and pictures are left out: nothing is loaded from elsewhere.
pub(crate) fn rendered(markdown: &str) -> String {
    let events = Parser::new_ext(markdown, Options::empty()).filter_map(|event| match event {
        Event::Html(markup) | Event::InlineHtml(markup) => Some(Event::Text(markup)),
        Event::Start(pulldown_cmark::Tag::Image { .. }) | Event::End(pulldown_cmark::TagEnd::Image) => None,
        Event::Start(pulldown_cmark::Tag::Link { link_type, dest_url, title, id }) => {
            let is_web = dest_url.starts_with("https://") || dest_url.starts_with("http://") || dest_url.starts_with("mailto:");
            let dest_url = if is_web { dest_url } else { "#".into() };
            Some(Event::Start(pulldown_cmark::Tag::Link { link_type, dest_url, title, id }))
        }
        other => Some(other),
    });
    let mut text = String::new();
    html::push_html(&mut text, events);
    text
}

pub(crate) async fn terms(State(app): State<App>, visit: Visit) -> Result<Response, Response> {
    let terms = app.flows().terms.current().await.map_err(|error| PageError::from(error).answer(&app, visit.headers()))?;
    let texts = visit.frame.texts();
    let Some((language, markdown)) = terms.text_for(texts.language()) else {
        return Err(PageError::NotFound.answer(&app, visit.headers()));
    };
    let page = TermsPage {
        text: rendered(markdown),
        language: language.to_string(),
        version: terms.number.to_string(),
        effective: Moment::of(terms.effective_at, texts),
        frame: visit.frame.clone(),
    };
    Ok(visit.page(StatusCode::OK, &page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_brings_no_markup_of_its_own() {
        let html = rendered("# Hi\n\n<script>x</script>\n\n[a](javascript:alert(1)) ![p](https://e.example/p.png) *b*");
        assert!(html.contains("<h1>Hi</h1>") && html.contains("<em>b</em>"));
        assert!(!html.contains("<script") && !html.contains("javascript:") && !html.contains("<img"), "{html}");
    }
}

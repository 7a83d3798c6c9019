//! A browser.

use super::{
    answer::Answer,
    mails::link,
    request::{RequestExt as _, ask},
    world::World,
};
use axum::body::Body;
use axum::http::Request;
use std::collections::BTreeMap;

/// A browser: keeps cookies, and fills in the forms that it was sent.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) world: World,
    /// By their full names.
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    /// A request with this browser's cookies.
    pub(crate) fn request(&self, method: &str, path: &str) -> Request<Body> {
        let request = ask(method, path);
        if self.cookies.is_empty() {
            return request;
        }
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
        request.with("cookie", &pairs.join("; "))
    }

    pub(crate) async fn send(&mut self, request: Request<Body>) -> Answer {
        let answer = self.world.send(request).await;
        if answer.header("clear-site-data").contains("\"cookies\"") {
            self.cookies.clear();
        }
        for cookie in answer.cookies() {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(self.request("GET", path)).await
    }

    /// Sends a form as it is.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.request("POST", path).form(fields)).await
    }

    /// Sends a form with this browser's token.
    pub(crate) async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token().await;
        let mut fields = fields.to_vec();
        fields.push(("csrf_token", &token));
        self.post(path, &fields).await
    }

    /// Presses the button of a page that offers to send the same form again.
    pub(crate) async fn sends_again(&mut self, page: &Answer) -> Answer {
        let tags = crate::html::tags(&page.body);
        let form = tags.iter().position(|tag| tag.attribute("method") == Some("post")).expect("a form that is sent again");
        let fields = tags.iter().skip(form).filter(|tag| tag.attribute("type") == Some("hidden"));
        let fields = fields.map(|tag| (tag.attribute("name").unwrap(), tag.attribute("value").unwrap())).collect::<Vec<_>>();
        self.post(tags[form].attribute("action").unwrap(), &fields).await
    }

    /// The anti-forgery token in this browser's forms.
    pub(crate) async fn token(&mut self) -> String {
        let mut page = self.get("/login").await;
        if page.status == 303 {
            page = self.get("/account").await;
        }
        token_in(&page.expect(200).body)
    }

    /// The anti-forgery token in the form of that page.
    pub(crate) async fn token_of(&mut self, path: &str) -> String {
        token_in(&self.get(path).await.expect(200).body)
    }

    pub(crate) async fn logs_in(&mut self, email: &str, password: &str) -> Answer {
        self.submit("/login", &[("email", email), ("password", password), ("return_to", "")]).await
    }

    /// Opens a mailed link; the clean address that it leads to.
    pub(crate) async fn opens(&mut self, token: &str) -> String {
        let page = link(token).kind().page().unwrap();
        self.get(&format!("/{page}/{token}")).await.expect(303).header("location").to_owned()
    }
}

/// The anti-forgery token in a page's form.
pub(crate) fn token_in(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"csrf_token\" value=\"").expect("a form with a token");
    rest.split('"').next().unwrap().to_owned()
}

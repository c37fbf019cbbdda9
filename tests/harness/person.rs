//! Somebody with a browser, or with a program that holds their token.

use super::{App, Page};
use makegood::domain::ids::{OutageId, UserId};
use makegood::outreach::claim::Claimed;
use reqwest::Method;
use reqwest::cookie::{CookieStore, Jar};
use std::sync::Arc;

/// A person, their account and their browser.
pub struct Person {
    /// The account's id.
    pub id: UserId,
    /// What they sign in with.
    pub email: String,
    /// Their password.
    pub password: String,
    office: makegood::outreach::Office,
    base: String,
    jar: Arc<Jar>,
    http: reqwest::Client,
}

impl Person {
    /// Waits until an import's file has been read; answers where its check is.
    pub async fn waits_until_read(&self, import: &str) -> String {
        for _ in 0..400 {
            if self.opens(import).await.status == 303 {
                return format!("{import}/check");
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("it is not read after twenty seconds")
    }

    pub(super) fn new(app: &App, id: UserId, email: String, password: String) -> Self {
        let jar = Arc::new(Jar::default());
        let http = reqwest::Client::builder()
            .cookie_provider(jar.clone())
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let (office, base) = (app.office.clone(), app.base.clone());
        Self {
            id,
            email,
            password,
            office,
            base,
            jar,
            http,
        }
    }

    /// Opens the sign-in page and fills it in.
    pub async fn signs_in(self) -> Self {
        let (email, password) = (self.email.clone(), self.password.clone());
        self.tries_to_sign_in(&email, &password).await.is(303);
        assert!(self.session().is_some(), "no session came with the welcome");
        self
    }

    /// Fills the sign-in page in with whatever.
    pub async fn tries_to_sign_in(&self, email: &str, password: &str) -> Page {
        let csrf = self.opens("/sign-in").await.field("csrf");
        let fields = [("csrf", csrf.as_str()), ("email", email), ("password", password)];
        self.sends_as_it_is("/sign-in", &fields).await
    }

    /// Opens a page; a redirect is not followed.
    pub async fn opens(&self, path: &str) -> Page {
        self.asks(self.request(Method::GET, path)).await
    }

    /// Sends a form with the session's token.
    pub async fn sends(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.form_token();
        let mut fields = fields.to_vec();
        fields.insert(0, ("csrf", &token));
        self.sends_as_it_is(path, &fields).await
    }

    /// Looks at what a form would do, and has it done as it was seen.
    pub async fn counts_and_sends(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let counted = self.sends(path, &[fields, &[("go", "count")]].concat()).await;
        let seen = counted.is(200).field("seen");
        self.sends(path, &[fields, &[("seen", seen.as_str())]].concat())
            .await
    }

    /// Sends a form with these fields only.
    pub async fn sends_as_it_is(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.asks(self.request(Method::POST, path).form(fields)).await
    }

    /// Sends a file, with the session's token before it.
    pub async fn uploads(&self, path: &str, file_name: &str, content: Vec<u8>) -> Page {
        let file = reqwest::multipart::Part::bytes(content).file_name(file_name.to_owned());
        let form = reqwest::multipart::Form::new()
            .text("csrf", self.form_token())
            .part("file", file);
        self.asks(self.request(Method::POST, path).multipart(form)).await
    }

    /// A request of this browser, to be changed and then asked.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    /// Sends a request and waits for the whole answer.
    pub async fn asks(&self, request: reqwest::RequestBuilder) -> Page {
        Page::read(request.send().await.unwrap()).await
    }

    /// Asks for the next call of an outage, as the desk does.
    pub async fn asks_for_a_call(&self, outage: OutageId) -> Claimed {
        let (office, email) = (self.office.clone(), self.email.clone());
        let asked = tokio::task::spawn_blocking(move || office.claim_next(&office.account(&email)?, outage));
        asked.await.unwrap().unwrap()
    }

    /// A new API token of this person.
    pub async fn token(&self) -> String {
        let (office, email) = (self.office.clone(), self.email.clone());
        let made = tokio::task::spawn_blocking(move || office.add_token(&email, "test", None));
        made.await.unwrap().unwrap().into_fresh().unwrap().token
    }

    /// The session's key, if this browser has one.
    pub fn session(&self) -> Option<String> {
        let cookies = self.jar.cookies(&self.base.parse().unwrap())?;
        let cookies = cookies.to_str().unwrap().to_owned();
        let found = cookies
            .split("; ")
            .find_map(|cookie| cookie.strip_prefix("makegood="));
        found.map(str::to_owned)
    }

    /// Puts a cookie into the browser.
    pub fn gets_cookie(&self, cookie: &str) {
        self.jar.add_cookie_str(cookie, &self.base.parse().unwrap());
    }

    /// What a form carries that was opened just now: the session's token, and a key of its own.
    pub fn form_token(&self) -> String {
        let token = self.session().map(|key| self.office.form_token(&key));
        token
            .map(|token| format!("{token}.{}", super::fresh_key()))
            .unwrap_or_default()
    }
}

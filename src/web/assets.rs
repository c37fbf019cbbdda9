//! The style sheets, scripts, fonts and images, embedded in the binary.
//!
//! All of them are served under one folder named after a hash of everything in it
//! (`/a/3f2a…/desk.css`), so that a browser may keep a file for ever and still gets the new one
//! after an upgrade, and so that relative addresses inside the style sheets keep working.

use std::fmt::Write as _;
use std::sync::LazyLock;

use crate::web::routes::reads;
use actix_web::http::header::{self, EntityTag, Header, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::EmbeddedFile;
use sha2::{Digest, Sha256};

#[derive(rust_embed::Embed)]
#[folder = "assets/"]
struct Embedded;

/// What known exports look like: no page asks for it.
const OF_IMPORTS: &str = "layouts/";

/// Names the assets of this build: twelve hex digits over every name and content.
static BUILD: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = Embedded::iter().collect();
    names.sort();
    let mut hash = Sha256::new();
    for name in names {
        if let Some(file) = Embedded::get(&name) {
            hash.update(name.as_bytes());
            hash.update(file.metadata.sha256_hash());
        }
    }
    hex(&hash.finalize(), 6)
});

/// The address of an asset, such as `desk.css` or `vendor/htmx.min.js`, for use in templates.
pub fn url(name: &str) -> String {
    format!("/a/{}/{name}", *BUILD)
}

/// Serves `/a/{build}/{name}`.
pub fn routes(routes: &mut web::ServiceConfig) {
    routes.route("/a/{build}/{name:.+}", reads().to(asset));
}

async fn asset(request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    let (build, name) = path.into_inner();
    let Some(file) = Embedded::get(&name).filter(|_| !name.starts_with(OF_IMPORTS)) else {
        return HttpResponse::NotFound().finish();
    };
    let tag = EntityTag::new_strong(hex(&file.metadata.sha256_hash(), 16));
    let caching = (header::CACHE_CONTROL, lifetime(&build));
    if held_by_browser(&request, &tag) {
        return HttpResponse::NotModified()
            .insert_header(header::ETag(tag))
            .insert_header(caching)
            .finish();
    }
    let EmbeddedFile { data, metadata, .. } = file;
    HttpResponse::Ok()
        .insert_header(header::ETag(tag))
        .insert_header(caching)
        .content_type(metadata.mimetype())
        .body(data.into_owned())
}

/// For ever under this build's name. Another build's name comes from a page of a node that is
/// about to be upgraded: what it gets may differ from what it asked for, so it must ask again.
fn lifetime(build: &str) -> &'static str {
    if build == *BUILD && !cfg!(debug_assertions) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

fn held_by_browser(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(held)) => held.iter().any(|one| one.weak_eq(tag)),
        Err(_) => false,
    }
}

fn hex(bytes: &[u8], length: usize) -> String {
    bytes.iter().take(length).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use actix_web::{App, test as http};

    use super::*;

    #[actix_web::test]
    async fn a_style_sheet_is_served_with_a_tag_and_not_sent_twice() {
        let app = http::init_service(App::new().configure(routes)).await;
        let first = http::TestRequest::get().uri(&url("desk.css")).to_request();
        let first = http::call_service(&app, first).await;
        assert_eq!(first.status(), 200);
        assert_eq!(first.headers().get("content-type").unwrap(), "text/css");
        let tag = first.headers().get("etag").unwrap().clone();
        let again = http::TestRequest::get()
            .uri(&url("desk.css"))
            .insert_header(("if-none-match", tag));
        assert_eq!(http::call_service(&app, again.to_request()).await.status(), 304);
    }

    #[actix_web::test]
    async fn an_unknown_asset_and_a_path_upwards_are_not_found() {
        let app = http::init_service(App::new().configure(routes)).await;
        for name in ["nothing.css", "../Cargo.toml", "..%2fCargo.toml"] {
            let request = http::TestRequest::get().uri(&url(name)).to_request();
            assert_eq!(http::call_service(&app, request).await.status(), 404, "{name}");
        }
    }

    #[test]
    fn vendored_files_are_the_ones_their_list_names() {
        #[derive(serde::Deserialize)]
        struct Vendored {
            file: Vec<Entry>,
        }
        #[derive(serde::Deserialize)]
        struct Entry {
            path: String,
            sha256: String,
        }
        let list = String::from_utf8(Embedded::get("vendor/VENDOR.toml").unwrap().data.into_owned()).unwrap();
        let vendored: Vendored = toml::from_str(&list).unwrap();
        for entry in &vendored.file {
            let file = Embedded::get(&format!("vendor/{}", entry.path)).unwrap();
            assert_eq!(
                hex(&file.metadata.sha256_hash(), 32),
                entry.sha256,
                "{}",
                entry.path
            );
        }
        let listed = Embedded::iter().filter(|name| name.starts_with("vendor/") && !name.ends_with(".toml"));
        assert_eq!(
            listed.count(),
            vendored.file.len(),
            "a vendored file is missing in VENDOR.toml"
        );
    }
}

//! `/api/openapi.json`: the API described for programs (OpenAPI 3.1).

use super::act::KEY;
use super::{
    attempts, bounces, campaigns, cases, claims, imports, mail_hold, messages, outages, promises, shifts,
    suppressions,
};
use crate::web::routes::Routes;
use actix_web::HttpResponse;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Object, RefOr, Type};
use utoipa::{Modify, OpenApi};

pub(super) fn routes(routes: &mut Routes) {
    routes.open_get("/api/openapi.json", description);
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Makegood",
        description = "Imports, claims and attempts for programs. Every refusal is a problem document (RFC 9457)."
    ),
    paths(
        description,
        outages::create,
        outages::read,
        outages::board,
        imports::upload,
        imports::reconcile,
        imports::read,
        imports::take_back,
        imports::answers,
        imports::aside::set_aside,
        imports::aside::take_up_again,
        claims::next,
        claims::read,
        claims::give_back,
        claims::extend,
        claims::skip,
        attempts::record,
        attempts::undo,
        cases::search,
        cases::read,
        bounces::take,
        campaigns::list,
        campaigns::send,
        campaigns::steer,
        messages::list,
        messages::retry,
        messages::correct,
        messages::settle,
        mail_hold::read,
        mail_hold::hold,
        mail_hold::release,
        suppressions::list,
        suppressions::add,
        suppressions::lift,
        promises::list,
        shifts::read,
        shifts::set_end,
        shifts::set_break,
    ),
    modifiers(&Bearer, &Repeated),
    security(("token" = []))
)]
struct Description;

/// Tells how a token is sent.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "Made under My account or by `makegood token create`; begins with `mg_` and has an end.",
            ))
            .build();
        api.components
            .get_or_insert_default()
            .add_security_scheme("token", SecurityScheme::Http(bearer));
    }
}

/// Tells how a request is sent again.
struct Repeated;

impl Modify for Repeated {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        for item in api.paths.paths.values_mut() {
            for operation in [&mut item.post, &mut item.delete].into_iter().flatten() {
                let parameters = operation.parameters.get_or_insert_default();
                let is_key = |known: &RefOr<Parameter>| matches!(known, RefOr::T(known) if known.name == KEY);
                if !parameters.iter().any(is_key) {
                    parameters.push(key().into());
                }
            }
        }
    }
}

fn key() -> Parameter {
    ParameterBuilder::new()
        .name(KEY)
        .parameter_in(ParameterIn::Header)
        .description(Some(
            "1 to 200 characters, new for each thing to be done. The same key again within two days gets the first answer and \
             changes nothing; with another request it is refused (422). Without it a request whose answer was lost may be done \
             twice: look before you repeat it.",
        ))
        .schema(Some(Object::with_type(Type::String)))
        .build()
}

/// This description
#[utoipa::path(get, path = "/api/openapi.json", tag = "description", security(()),
    responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
async fn description() -> HttpResponse {
    HttpResponse::Ok().json(Description::openapi())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_address_is_described_and_nothing_else() {
        let json = serde_json::to_value(Description::openapi()).unwrap();
        assert!(json["openapi"].as_str().unwrap().starts_with("3.1"));
        let described: BTreeSet<String> = json["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, methods)| {
                let methods = methods.as_object().unwrap().keys();
                methods.map(move |method| format!("{} {path}", method.to_uppercase()))
            })
            .collect();
        let declared: BTreeSet<String> = super::super::declared()
            .iter()
            .map(|route| format!("{} {}", route.method, route.path))
            .collect();
        assert_eq!(described, declared);
    }

    #[test]
    fn every_schema_that_is_referred_to_is_there() {
        let text = Description::openapi().to_json().unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        for reference in text.split("\"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(!json["components"]["schemas"][name].is_null(), "{name}");
        }
    }
}

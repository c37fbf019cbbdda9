//! From an account to what its page prints.

use jiff::tz::TimeZone;

use super::page::{AccountPage, FreshRow, TokenRow};
use crate::domain::timestamp::Timestamp;
use crate::outreach::accounts::User;
use crate::outreach::api_tokens::{ApiToken, FreshToken};
use crate::outreach::outages::Outage;
use crate::web::session::Staff;
use crate::web::show::time::{date, moment};
use crate::web::show::{person, zone};

/// A token that ends within so many days is pointed out.
const SOON_DAYS: i64 = 7;

/// What came of the last thing that was asked for.
pub(super) enum Told {
    /// The page was opened.
    Nothing,
    /// The password is another one.
    PasswordChanged,
    /// A token was made.
    Token(FreshToken),
    /// The form was sent before: its first answer showed the token.
    TokenBefore,
    /// Field and what is wrong with it.
    Wrong((&'static str, String)),
}

/// One's own account.
pub(super) fn page(
    staff: &Staff,
    tokens: &[(ApiToken, User)],
    (now, outage): (Timestamp, Option<&Outage>),
    told: Told,
) -> AccountPage {
    let zone = outage.map_or(TimeZone::UTC, zone);
    let user = &staff.user;
    let just_changed = matches!(told, Told::PasswordChanged);
    let made_before = matches!(told, Told::TokenBefore);
    let (fresh, problem) = match told {
        Told::Token(made) => (Some(fresh(made, &zone)), None),
        Told::Wrong(problem) => (None, Some(problem)),
        Told::Nothing | Told::PasswordChanged | Told::TokenBefore => (None, None),
    };
    AccountPage {
        chrome: staff.chrome(),
        languages: person::languages(&["en"].into_iter().chain(user.spoken()).collect::<Vec<_>>()),
        changed: user
            .password_changed_at
            .map(|at| date(at, &zone))
            .unwrap_or_default(),
        just_changed,
        tokens: token_rows(tokens, now, &zone),
        fresh,
        made_before,
        problem,
    }
}

fn fresh(made: FreshToken, zone: &TimeZone) -> FreshRow {
    FreshRow {
        label: made.label,
        token: made.token,
        ends: date(made.expires_at, zone),
    }
}

/// The tokens that still open something.
pub fn token_rows(tokens: &[(ApiToken, User)], now: Timestamp, zone: &TimeZone) -> Vec<TokenRow> {
    let good = tokens.iter().filter(|(token, _)| token.is_good(now));
    good.map(|(token, _)| TokenRow {
        id: token.id,
        label: token.label.clone(),
        ending: token.ending.clone().unwrap_or_default(),
        made: date(token.created_at, zone),
        used: token
            .last_used_at
            .map_or_else(|| "Never".to_owned(), |at| moment(at, now, zone)),
        ends: date(token.ends_at(), zone),
        soon: token.ends_at().seconds_since(now) < SOON_DAYS * 86_400,
    })
    .collect()
}

//! Step 3 of a reconciliation: what became of every payment, and who is left.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::check::{Asked, how_read, number, summary};
use super::page::{FoundPage, PaymentRow, Reason};
use super::rejects::sent_as;
use super::{href, import_of};
use crate::domain::ids::ImportId;
use crate::outreach::Office;
use crate::outreach::import::{Fate, Import, ImportState, Payment, Reconciled, Report};
use crate::outreach::outages::Outage;
use crate::web::ask::ask;
use crate::web::error::Error;
use crate::web::frame::frame;
use crate::web::layout::Place;
use crate::web::page::page as answer;
use crate::web::session::Staff;
use crate::web::show::count::{count, counted, dollars};
use crate::web::show::time::moment;
use crate::web::show::{person, zone};

/// Payments of a page.
const ROWS: usize = 25;

/// Why a payment closed nothing: key, words, and what follows from it.
const REASONS: [(Fate, &str, &str); 3] = [
    (
        Fate::Unmatched,
        "Nobody",
        "No citizen of this outage has this account, e-mail, or phone and name. Most are payments of people who never had a problem.",
    ),
    (
        Fate::Ambiguous,
        "Several",
        "More than one citizen shares this e-mail or phone, and the name does not decide. Nobody is marked: look for them under Cases.",
    ),
    (
        Fate::TooEarly,
        "Too early",
        "They paid before their last failed payment, so they may still need a call.",
    ),
];

/// The check of a reconciliation, or the report of one that counts.
pub(super) async fn show(
    staff: &Staff,
    office: &Office,
    (outage, import): (&Outage, &Import),
    (report, found): (&Report, &Reconciled),
    asked: Asked,
) -> Result<HttpResponse, Error> {
    let fate = fate(asked.reason.as_deref(), found);
    let (id, after) = (import.id, asked.after.unwrap_or_default());
    let (payments, now) = ask(office, move |office| {
        let limit = i64::try_from(ROWS + 1).unwrap_or(i64::MAX);
        Ok((office.payments_with(id, fate, after, limit)?, office.now()))
    })
    .await?;
    let here = href(outage, id);
    let more = payments.get(ROWS - 1).filter(|_| payments.len() > ROWS);
    let asked_for = |fate: Fate| format!("{here}/check?reason={fate}");
    let zone = zone(outage);
    let page = FoundPage {
        chrome: frame(office, staff, outage, Place::Imports).await?,
        summary: summary(&import.file_name, report),
        odd: super::odd::told(report),
        how: how_read(import, report),
        published: import.state() == ImportState::Published,
        bins: bins(report, found),
        sum: sum(report, found),
        reasons: reasons(found, fate, &asked_for),
        advice: REASONS
            .iter()
            .find(|(known, ..)| *known == fate)
            .map_or("", |(_, _, advice)| advice),
        first: (after > 0).then(|| asked_for(fate)),
        next: more.map(|last| format!("{}&after={}", asked_for(fate), last.line)),
        payments: payments
            .iter()
            .take(ROWS)
            .map(|payment| payment_row(payment, |at| moment(at, now, &zone)))
            .collect(),
        rejected: (report.rejects() > 0).then(|| {
            counted(
                number(report.rejects()),
                "row could not be read",
                "rows could not be read",
            )
        }),
        found_by: found_by(found).into_iter().chain(opens_again(report)).collect(),
        left: left(found),
        can_match_anew: import.can_be_matched_anew(),
        confirm: format!(
            "Close {} as paid",
            counted(number(found.citizens_paid), "case", "cases")
        ),
        href: here,
    };
    Ok(answer(StatusCode::OK, &page))
}

/// The bin that is asked for, else the first one with payments in it.
fn fate(asked: Option<&str>, found: &Reconciled) -> Fate {
    let asked = REASONS.iter().find(|(fate, ..)| Some(fate.as_str()) == asked);
    let filled = || REASONS.iter().find(|(fate, ..)| rows(*fate, found) > 0);
    asked.or_else(filled).map_or(Fate::Unmatched, |(fate, ..)| *fate)
}

const fn rows(fate: Fate, found: &Reconciled) -> u64 {
    match fate {
        Fate::Paid => found.matched_by.sum(),
        Fate::TooEarly => found.too_early,
        Fate::Ambiguous => found.ambiguous,
        Fate::Unmatched => found.unmatched,
        Fate::Refund => 0, // left out
    }
}

fn bins(report: &Report, found: &Reconciled) -> Vec<(&'static str, &'static str, String)> {
    let bin = |label, dot, rows| (label, dot, count(number(rows)));
    let left_out = (report.left_out > 0).then(|| bin("Left out", "self", report.left_out));
    let bins = vec![
        bin("Rows in the file", "", report.rows),
        bin("Matched", "reached", found.matched_by.sum()),
        bin("Too early", "tried", found.too_early),
        bin("Several people", "supervisor", found.ambiguous),
        bin("Nobody", "unreach", found.unmatched),
        bin("Duplicates", "self", report.duplicates),
        bin("Rejected", "help", report.rejects()),
    ];
    bins.into_iter().chain(left_out).collect()
}

fn sum(report: &Report, found: &Reconciled) -> String {
    let bins = bins(report, found);
    let parts: Vec<&str> = bins.iter().skip(1).map(|(_, _, rows)| rows.as_str()).collect();
    format!("{} = {}", parts.join(" + "), count(number(report.rows)))
}

fn reasons(found: &Reconciled, shown: Fate, href: &dyn Fn(Fate) -> String) -> Vec<Reason> {
    let filled = REASONS.iter().filter(|(fate, ..)| rows(*fate, found) > 0);
    filled
        .map(|(fate, label, _)| Reason {
            label: format!("{label} {}", count(number(rows(*fate, found)))),
            href: href(*fate),
            current: *fate == shown,
        })
        .collect()
}

fn payment_row(
    payment: &Payment,
    moment: impl Fn(crate::domain::timestamp::Timestamp) -> String,
) -> PaymentRow {
    let name = person::name(&payment.given_name, &payment.family_name);
    let phone = payment.phone.as_deref().map(person::phone);
    let parts = [
        Some(name),
        payment.account_id.clone(),
        payment.email.clone(),
        phone,
    ];
    let numbers = [payment.confirmation_no.as_ref(), payment.external_id.as_ref()];
    PaymentRow {
        line: count(payment.line),
        at: moment(payment.occurred_at),
        amount: payment
            .amount_cents
            .map_or_else(|| "Not known".to_owned(), dollars),
        number: numbers.into_iter().flatten().next().cloned().unwrap_or_default(),
        payer: parts
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn found_by(found: &Reconciled) -> Vec<(&'static str, String)> {
    let line = |label, rows| (label, count(number(rows)));
    vec![
        line("By account", found.matched_by.account),
        line("By e-mail", found.matched_by.email),
        line("By phone and name", found.matched_by.phone_name),
        line("Citizens who have paid", found.citizens_paid),
    ]
}

/// Whose cases open again, where any do.
fn opens_again(report: &Report) -> Option<(&'static str, String)> {
    (report.reopened > 0).then(|| {
        (
            "Cases that open again, for the money went back",
            count(number(report.reopened)),
        )
    })
}

fn left(found: &Reconciled) -> Vec<(&'static str, String)> {
    let left = found.outage;
    vec![
        ("Citizens who have not paid", count(left.citizens_unpaid)),
        ("Of them to call", count(left.citizens_to_call)),
        ("Calls, one per phone number", count(left.households_to_call)),
        ("By e-mail only", count(left.citizens_email_only)),
        ("By letter only", count(left.citizens_unreachable)),
    ]
}

/// `payments.csv`: the payments that closed nothing, with line and why.
pub(super) async fn download(
    office: web::Data<Office>,
    path: web::Path<(String, ImportId)>,
) -> Result<HttpResponse, Error> {
    let path = path.into_inner();
    let (_, import) = ask(&office, move |office| import_of(office, &path)).await?;
    let id = import.id;
    Ok(sent_as(office, "payments.csv", move |office, out| {
        office.write_unmatched(id, out)
    }))
}

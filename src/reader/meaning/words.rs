//! What the words of a header say about its column, beyond the names of the fields.

use crate::domain::clock_zone::ClockZone;
use crate::domain::header::header_words;

/// Words of somebody who is not the citizen, or of something that is not the payment.
const FOREIGN: &str = "agency agent merchant store shop company business vendor supplier seller issuer acquirer bank gateway processor support \
     cashier clerk operator employee staff manager preparer fax recipient receiver beneficiary ip device product item lineitem sku \
     provider partner reseller department office hotline mailbox worker handled assigned entered \
     sachbearbeiter reply sender";
/// Words of people beside the citizen, and of what an account was or belongs to.
const OTHERS: &str = "spouse guarantor accountant attorney employer preparer emergency kin dependent representative secondary previous parent \
     household joint";
/// Words of the citizen.
const PERSON: &str = "customer taxpayer citizen client user member payer shopper cardholder buyer donor resident contact person consumer \
     applicant caller filer subscriber recipientof contribuyente cliente client kunde contribuable contribuinte";
/// Words of a payment's number.
const REFERENCE: &str = "transaction txn trx trans order invoice payment reference ref trace batch receipt confirmation request session id uuid \
     number no authorization authorisation auth token code serial sequence seq line row record card bin last4 fingerprint \
     ticket terminal till lot cart basket folio \
     transaccion transaktion vorgang auftrag bestellung beleg quittung ordine ricevuta encomenda recibo commande pedido rechnung factura facture fattura fatura referencia referenz";
/// Those of them that people's numbers are called by as well.
const ANY_REFERENCE: &str = "reference ref number no id code referencia referenz";
/// Words of what is counted, weighed or sorted, or numbered anew in each file and at each till, though it speaks of payments:
/// *Order Total*, *Line No*.
const NO_NUMBER_OF_ONE: &str = "amount total sum value price fee fees tax quantity qty count items method brand currency country date time \
     card bin last4 fingerprint till terminal row line record seq sequence serial lot cart basket window period";
/// Words of a column that says what became of a payment.
const STATUS: &str = "status state result outcome type disposition estado estatus statut etat zustand resultado resultat ergebnis esito stato situacion situacao";
/// Words beside them that make it the payment's own.
const OF_PAYMENT: &str = "payment transaction txn trx financial charge order pago transaccion paiement zahlung transaktion pagamento transacao";
/// Words of statuses of something else.
const OF_OTHERS: &str = "cvc cvv avs address zip line1 dispute deposit payout refund fulfillment fulfilment shipping delivery risk fraud 3d 3ds ds \
     secure card account customer marital filing employment kyc subscription email webhook sync tax return \
     screening notification reminder";
/// Words of those through whose hands the payment goes: what they answered may be what became of it.
const HANDS: &str = "gateway processor acquirer issuer provider bank psp network";
/// Words of codes, and of texts that explain them.
const CODES: &str = "code codes error errors reason decline message description detail details note notes memo comment remark \
     codigo motivo mensaje fehler grund meldung erreur motif erro errore";

/// Whether one of a header's words is among these.
fn has(header: &str, words: &str) -> bool {
    let of_header = header_words(header);
    words
        .split_whitespace()
        .any(|word| of_header.iter().any(|own| own == word))
}

/// Whether the column is about somebody or something else.
pub(super) fn is_foreign(header: &str) -> bool {
    has(header, FOREIGN)
        || is_of_others(header)
        || header_words(header).first().is_some_and(|word| word == "to")
}

/// Whether the column is about another person than the citizen.
pub(super) fn is_of_others(header: &str) -> bool {
    has(header, OTHERS)
}

/// Whether the column is about the citizen.
pub(super) fn is_of_person(header: &str) -> bool {
    has(header, PERSON)
}

/// Whether the column numbers payments, lines or other things that are no people.
pub(super) fn is_reference(header: &str) -> bool {
    has(header, REFERENCE) || header_words(header).iter().any(|word| is_payments_number(word))
}

/// Whether the column may number payments so that no two of any file have the same.
pub(super) fn numbers_payments(header: &str) -> bool {
    is_reference(header)
        && !has(header, NO_NUMBER_OF_ONE)
        && !is_type(header)
        && !has(header, STATUS)
        && time_of(header) == TimeOf::Payment
}

/// One word for both, as German has it: *Belegnummer*.
fn is_payments_number(word: &str) -> bool {
    let of = [
        "beleg",
        "buchungs",
        "bestell",
        "auftrags",
        "rechnungs",
        "vorgangs",
        "transaktions",
    ];
    word.strip_suffix("nummer").is_some_and(|what| of.contains(&what))
}

/// Whether the header calls the column a number of anything: payments or people.
pub(super) fn is_any_reference(header: &str) -> bool {
    let own = header_words(header);
    let mut references = own.iter().filter(|word| is_reference(word));
    references.all(|word| has(word, ANY_REFERENCE))
}

/// Whether the header says that amounts are in the small unit.
pub(super) fn is_small_unit(header: &str) -> bool {
    has(header, "cents centavos centimes centesimi centimos pence pfennig")
}

/// Whether the column holds codes or explanations.
pub(super) fn is_code(header: &str) -> bool {
    has(header, CODES)
}

/// Whether the column says of what kind a row is.
pub(super) fn is_type(header: &str) -> bool {
    has(
        header,
        "type kind category event operation movement tipo typ art genre operacion",
    ) && !is_code(header)
}

/// Whether a column that is called otherwise may say what became of the payment all the same: *Message*, *Bank Answer*,
/// *Tax Payment Status*.
pub(super) fn may_tell_status(header: &str) -> bool {
    let is_of_payment = has(header, STATUS) && has(header, OF_PAYMENT);
    let of_others = has(header, OF_OTHERS) || is_of_others(header);
    (is_code(header) || has(header, HANDS)) && !of_others || is_of_payment
}

/// How much a header says that its column tells what became of the payment.
pub(super) fn status_rank(header: &str) -> u8 {
    let compound = header_words(header).iter().any(|word| is_payment_status(word));
    match (
        compound || has(header, STATUS),
        compound || has(header, OF_PAYMENT),
    ) {
        _ if is_code(header) || has(header, OF_OTHERS) => 0,
        (true, true) => 4,
        (true, false) if header_words(header).len() == 1 => 3,
        (true, false) => 2,
        (false, _) => 1,
    }
}

/// One word for both, as German has it: *Zahlungsstatus*.
fn is_payment_status(word: &str) -> bool {
    let ends = ["status", "ergebnis", "zustand", "resultat"];
    let of = ends.iter().find_map(|end| word.strip_suffix(end));
    of.is_some_and(|of| {
        matches!(
            of,
            "zahlungs" | "transaktions" | "buchungs" | "bezahl" | "zahl" | "vorgangs"
        )
    })
}

/// Which time of a payment a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TimeOf {
    /// When it was tried.
    Attempt,
    /// It does not say.
    Payment,
    /// When the money came, or was on its way.
    Money,
    /// Of something else.
    Other,
}

const ATTEMPT: &str = "created creation create submitted submit submission initiated initiation attempt attempted occurred failed failure started \
     start requested request logged event opened received tried creado creacion intento erstellt angelegt versuch cree creee \
     tentative criado criacao tentativa creato tentativo";
const MONEY: &str = "settled settlement settle paid captured capture disbursed disbursement deposit deposited payout posted posting cleared \
     completed completion funded value valuta available liquidado liquidacion pagado abgerechnet bezahlt wertstellung regle payee \
     liquidacao pago liquidato pagato accredito paye reglement beglichen cobrado liquidazione";
const OTHER: &str = "due deadline expiry expires expiration exp birth birthday dob born dispute disputed evidence refund refunded fulfilled \
     cancelled canceled modified updated update changed exported export printed print report generated filing until valid statement synced imported scheduled planned next retry reminder upcoming \
     programado programada proximo geplant naechste naechster prochain prochaine prevu pianificato prossimo agendado \
     vencimiento frist faellig echeance scadenza prazo period tax year month last first login signup registered enrolled since";
/// Words of what begins long before anybody pays: *Account Opened*, *User Created At*.
const BEGUN: &str = "created creation opened joined";
const BEGINNING: &str = "account user customer client member profile subscriber";

/// Which time the header speaks of.
pub(super) fn time_of(header: &str) -> TimeOf {
    match header {
        _ if has(header, OTHER) || has(header, BEGUN) && has(header, BEGINNING) => TimeOf::Other,
        _ if has(header, MONEY) => TimeOf::Money,
        _ if has(header, ATTEMPT) => TimeOf::Attempt,
        _ => TimeOf::Payment,
    }
}

/// Whether a day of money may as well be that of the payment: *Fecha de pago* is, *Pagado el* is not.
pub(super) fn may_be_of_payment(header: &str) -> bool {
    has(header, "fecha") && has(header, "pago")
}

/// Whether the header names a zone column.
pub(super) fn is_zone(header: &str) -> bool {
    let joined = header_words(header).concat();
    [
        "timezone",
        "tz",
        "zone",
        "utcoffset",
        "offset",
        "zonahoraria",
        "zeitzone",
        "fuseau",
        "fusohorario",
        "fusoorario",
    ]
    .iter()
    .any(|word| joined.contains(word))
}

/// The zone that a header says its times are in: `Created (UTC)`, `created_utc`, `Time America/Denver`, `Sent at PST`.
pub(super) fn zone_in(header: &str) -> Option<ClockZone> {
    let between = header.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
    if let Some(zone) = between.and_then(|(inner, _)| ClockZone::read(inner)) {
        return Some(zone);
    }
    if let Some(place) = header.split([' ', ',', '[', ']']).find(|word| word.contains('/')) {
        let zone = ClockZone::read(place);
        if zone.is_some() {
            return zone;
        }
    }
    let mut words = header.split(|c: char| !c.is_alphanumeric() && !matches!(c, '+' | ':'));
    let last = words.rfind(|word| !word.is_empty())?;
    let is_utc = ["utc", "gmt"]
        .iter()
        .any(|name| last.to_ascii_lowercase().starts_with(name));
    let is_short = last.len() >= 3 && last.chars().all(|c| c.is_ascii_uppercase());
    let camel = header.ends_with("UTC") || header.ends_with("Utc") || header.ends_with("GMT");
    match (is_utc || is_short, camel) {
        (true, _) => ClockZone::read(last),
        (false, true) => Some(ClockZone::utc()),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_which_time_it_is() {
        for (header, of) in [
            ("Created (UTC)", TimeOf::Attempt),
            ("Paid at", TimeOf::Money),
            ("settlement_date", TimeOf::Money),
            ("Dispute Date (UTC)", TimeOf::Other),
            ("Account Opened", TimeOf::Other),
            ("userCreatedAt", TimeOf::Other),
            ("Payé le", TimeOf::Money),
            ("Scheduled For", TimeOf::Other),
            ("When", TimeOf::Payment),
        ] {
            assert_eq!(time_of(header), of, "{header}");
        }
    }

    #[test]
    fn a_header_says_the_zone() {
        let zone = |header: &str| zone_in(header).map(|zone| zone.to_string());
        for header in [
            "Created (UTC)",
            "created_utc",
            "createdUTC",
            "Time GMT",
            "Date / Time (UTC)",
        ] {
            assert_eq!(zone(header).as_deref(), Some("UTC"), "{header}");
        }
        assert_eq!(zone("Submitted PST").as_deref(), Some("UTC-08:00"));
        for header in [
            "Date et heure",
            "est",
            "Created",
            "Amount (USD)",
            "Date/Time",
            "REQUEST",
        ] {
            assert_eq!(zone(header), None, "{header}");
        }
    }

    #[test]
    fn a_status_of_something_else_is_none() {
        assert_eq!(status_rank("Status"), 3);
        assert_eq!(status_rank("Financial Status"), 4);
        assert_eq!(status_rank("Card CVC Status"), 0);
        assert_eq!(status_rank("Error Code"), 0);
        assert_eq!(status_rank("Applications"), 1);
        assert_eq!(status_rank("Zahlungsstatus"), 4);
        assert_eq!(status_rank("Kontostatus"), 1);
    }
}

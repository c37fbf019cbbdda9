//! What became of a payment, by the words that exports use for it.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::cell;
use super::text_enum::text_enum;

text_enum! {
    /// What became of a payment.
    pub enum Meaning {
        /// It did not come through.
        Failed = "failed",
        /// It was paid.
        Paid = "paid",
        /// It was paid, and the money went back.
        Refunded = "refunded",
        /// Neither: it counts for nothing here.
        LeftOut = "leave-out",
    }
}

/// Words of each meaning, in small letters without accents: English, then Spanish, French, German, Portuguese, Italian. A word
/// that ends in `*` stands for all that begin so.
const WORDS: [(Meaning, &str); 3] = [
    (
        Meaning::Refunded,
        "refund* reversed reversal chargeback chargedback disputed returned recalled clawback \
         reembols* devuelt* devoluc* rembours* erstattet* ruckerstatt* zuruckerstatt* storniert* estornad* estorno rimbors* stornat*",
    ),
    (
        Meaning::Failed,
        "fail fails failed failure failures decline declined declines denied error errored errors timeout timedout void voided \
         refused refusal reject rejected rejection unsuccessful unpaid nonpaid aborted invalid unprocessed nsf bounced \
         dishonored dishonoured insufficient \
         fallid* fallad* fallo rechazad* denegad* caducad* echec echoue* echouee refuse refusee rejete* impaye* \
         fehlgeschlagen abgelehnt verweigert fehler gescheitert zuruckgewiesen unbezahlt \
         falhou falha falhad* recusad* negad* rejeitad* erro fallit* rifiutat* respint* negat* errore non-riuscito",
    ),
    (
        Meaning::Paid,
        "paid pays succeed succeeded success successful successfully settle settled complete completed capture captured authorised \
         authorized approved approve accepted accept processed cleared confirmed credited funded ok okay \
         pagad* exitos* exito completad* aprobad* autorizad* liquidad* cobrad* aceptad* confirmad* acreditad* \
         paye* payee reussi* termine* approuve* autorise* encaisse* accepte* regle* valide* confirme* \
         bezahlt erfolgreich abgeschlossen genehmigt autorisiert gebucht angenommen erledigt bestatigt verbucht \
         pag* concluid* aprovad* sucesso aceit* confirmad* liquidado \
         riuscit* completat* approvat* autorizzat* accettat* eseguit* saldat* confermat* incassat*",
    ),
];

/// Words before which the next word means the opposite, or nothing.
const NOT: [&str; 13] = [
    "not", "no", "non", "never", "without", "un", "nicht", "kein", "keine", "sin", "sans", "nao", "ne",
];
/// Words in front of which a meaning is not one yet: a part of a refund, a wait for a capture.
const HALF: [&str; 14] = [
    "pending",
    "partial",
    "partially",
    "partly",
    "waiting",
    "awaiting",
    "will",
    "to",
    "parcial",
    "parcialmente",
    "partiel",
    "teilweise",
    "pendiente",
    "pendente",
];

/// Words of a payment that waits, which decide nothing in a value of several words.
const WAITS: [&str; 4] = ["proceso", "processamento", "espera", "processing"];

impl Meaning {
    /// Whether a word of a value speaks of what becomes of payments, though the value may mean nothing yet: a place does not.
    pub fn speaks_of_payment(value: &str) -> bool {
        let plain = plain(value);
        let mut words = plain.split(' ').filter(|word| !word.is_empty());
        words.any(|word| HALF.contains(&word) || WAITS.contains(&word) || of_word(word).is_some())
    }

    /// What a value of a status means, as far as its words are known: a value that is such a word, or a few words among which
    /// one decides. What could be read in two ways means nothing here.
    pub fn of_words(value: &str) -> Option<Self> {
        let plain = plain(value);
        let words: Vec<&str> = plain.split(' ').filter(|word| !word.is_empty()).collect();
        let joined = ["timed out", "charged back", "charge back"]
            .iter()
            .any(|two| plain.contains(two));
        if joined && !words.iter().any(|word| NOT.contains(word)) {
            return Some(match plain.contains("timed out") {
                true => Self::Failed,
                false => Self::Refunded,
            });
        }
        let mut found = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let Some(meaning) = of_word(word) else { continue };
            let before = at
                .checked_sub(1)
                .and_then(|before| words.get(before))
                .copied()
                .unwrap_or_default();
            if HALF.contains(&before) {
                return None;
            }
            match (NOT.contains(&before), meaning) {
                (false, meaning) => found.push(meaning),
                (true, Self::Paid) => found.push(Self::Failed),
                (true, _) => return None,
            }
        }
        if words.iter().any(|word| HALF.contains(word)) {
            return None;
        }
        decided(&found)
    }

    /// Whether a word of a value has a meaning at all.
    pub const fn is_an_end(self) -> bool {
        matches!(self, Self::Failed | Self::Paid)
    }
}

/// Of several words a refusal decides over an approval; a refund and a refusal together could be a refund that failed.
fn decided(found: &[Meaning]) -> Option<Meaning> {
    let has = |meaning| found.contains(&meaning);
    match (has(Meaning::Refunded), has(Meaning::Failed), has(Meaning::Paid)) {
        (true, true, _) => None,
        (true, false, _) => Some(Meaning::Refunded),
        (false, true, _) => Some(Meaning::Failed),
        (false, false, true) => Some(Meaning::Paid),
        (false, false, false) => None,
    }
}

/// The words of [`WORDS`] to look up: of the lists that know a word the first counts.
struct Listed {
    whole: HashMap<&'static str, usize>,
    starts: Vec<(&'static str, usize)>,
}

static LISTED: LazyLock<Listed> = LazyLock::new(|| {
    let (mut whole, mut starts) = (HashMap::new(), Vec::new());
    for (list, (_, words)) in WORDS.iter().enumerate() {
        for word in words.split_whitespace() {
            match word.strip_suffix('*') {
                Some(start) => starts.push((start, list)),
                None => {
                    whole.entry(word).or_insert(list);
                }
            }
        }
    }
    Listed { whole, starts }
});

fn of_word(word: &str) -> Option<Meaning> {
    let starts = |(start, _): &&(&str, usize)| {
        let rest = word.strip_prefix(start);
        rest.is_some_and(|rest| rest.len() <= 4 && rest.chars().all(char::is_alphabetic))
    };
    let start = LISTED.starts.iter().find(starts).map(|(_, list)| *list);
    let list = LISTED.whole.get(word).copied().into_iter().chain(start).min()?;
    WORDS.get(list).map(|(meaning, _)| *meaning)
}

/// Small letters and blanks: `PaymentFailed`, `PAYMENT_FAILED` and `payment failed` are one.
fn plain(value: &str) -> String {
    let mut plain = String::with_capacity(value.len() + 4);
    let mut after_small = false;
    for c in cell::clean(value).nfkd().filter(|c| !is_combining_mark(*c)) {
        if c.is_uppercase() && after_small {
            plain.push(' ');
        }
        after_small = c.is_lowercase();
        match c.is_alphanumeric() {
            true => plain.extend(c.to_lowercase()),
            false => plain.push(' '),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A value as statuses are compared: cleaned, without case and outer blanks.
pub fn status_key(value: &str) -> String {
    cell::clean(value).trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_exports_are_known_in_several_languages() {
        for (value, meaning) in [
            ("FAILED", Meaning::Failed),
            ("Declined", Meaning::Failed),
            ("Timed out", Meaning::Failed),
            ("payment_failure", Meaning::Failed),
            ("PaymentFailed", Meaning::Failed),
            ("Not paid", Meaning::Failed),
            (
                "Credit Card Authorization (Reject),Decision Manager(Accept)",
                Meaning::Failed,
            ),
            (
                "Credit Card Authorization (Accept),Decision Manager(Accept)",
                Meaning::Paid,
            ),
            ("Settled", Meaning::Paid),
            ("Authorised", Meaning::Paid),
            ("Zahlung erfolgreich", Meaning::Paid),
            ("Abgelehnt", Meaning::Failed),
            ("Rechazado", Meaning::Failed),
            ("Pay\u{e9}e", Meaning::Paid),
            ("\u{c9}chou\u{e9}", Meaning::Failed),
            ("Charged back", Meaning::Refunded),
            ("REFUNDED", Meaning::Refunded),
            ("R\u{fc}ckerstattet", Meaning::Refunded),
        ] {
            assert_eq!(Meaning::of_words(value), Some(meaning), "{value}");
        }
    }

    #[test]
    fn what_is_not_decided_means_nothing() {
        for value in [
            "",
            "PENDING",
            "Processing",
            "Partially refunded",
            "Refund failed",
            "no error",
            "pending capture",
            "1",
            "visa",
            "PAG1001",
        ] {
            assert_eq!(Meaning::of_words(value), None, "{value}");
        }
    }
}

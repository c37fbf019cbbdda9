//! What an outage has to look like after an export was imported: who is on the list, who has paid, and what each row counts for,
//! from what truly happened and which columns were read.

use super::file::Export;
use super::scene::{End, Payment, instant};
use super::verdict::Told;
use makegood::domain::identity::{CitizenKey, Contact, Traits, link};
use makegood::domain::money::Cents;
use makegood::domain::person_name::folded;
use makegood::domain::reconcile::{self, Citizens, Match, Money};
use makegood::domain::refund::{Back, Payment as Paid, remaining};
use makegood::domain::timestamp::Timestamp;
use makegood::domain::window::Side;
use makegood::outreach::import::ImportKind;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

/// How many rows count for what.
pub type Bins = BTreeMap<&'static str, u64>;

/// Somebody on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citizen {
    pub account: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// The folded names under which they failed.
    pub names: BTreeSet<String>,
    pub has_paid: bool,
}

/// A failure that counts.
#[derive(Clone)]
pub struct Failure {
    pub told: Told,
    pub at: Timestamp,
}

/// Everybody whose payments failed.
pub struct Town {
    failures: Vec<(CitizenKey, Failure)>,
}

impl Town {
    pub fn of(failures: Vec<Failure>) -> Self {
        let traits: Vec<Traits<'_>> = failures.iter().map(|failure| failure.told.traits()).collect();
        let keys = link(&traits);
        Self {
            failures: keys.into_iter().zip(failures).collect(),
        }
    }

    /// Which failures are of one citizen: for each the first that is.
    pub fn groups(&self) -> Vec<usize> {
        let first = |key: &CitizenKey| self.failures.iter().position(|(other, _)| other == key).unwrap();
        self.failures.iter().map(|(key, _)| first(key)).collect()
    }

    fn citizens(&self, paid: &BTreeSet<String>) -> Vec<Citizen> {
        let keys: BTreeSet<&CitizenKey> = self.failures.iter().map(|(key, _)| key).collect();
        keys.into_iter().map(|key| self.citizen(key, paid)).collect()
    }

    fn citizen(&self, key: &CitizenKey, paid: &BTreeSet<String>) -> Citizen {
        let mut contact = Contact::default();
        let mut citizen = Citizen {
            account: None,
            email: None,
            phone: None,
            names: BTreeSet::new(),
            has_paid: paid.contains(key.as_str()),
        };
        for (_, Failure { told, at }) in self.failures.iter().filter(|(other, _)| other == key) {
            contact.see(*at, told.phone.as_deref(), told.email.as_deref(), None);
            citizen.account = citizen.account.or_else(|| told.account.clone());
            citizen.names.insert(told.name.clone());
        }
        citizen.email = contact.email().map(str::to_owned);
        citizen.phone = contact.phone().map(str::to_owned);
        citizen
    }

    fn found(&self, is: impl Fn(&Told) -> bool) -> Vec<(String, String)> {
        let found = self.failures.iter().filter(|(_, failure)| is(&failure.told));
        found
            .map(|(key, failure)| (key.as_str().to_owned(), failure.told.name.clone()))
            .collect()
    }
}

impl Citizens for &Town {
    type Error = Infallible;

    fn last_failed(&mut self, key: &str) -> Result<Option<Timestamp>, Infallible> {
        let own = self.failures.iter().filter(|(of, _)| of.as_str() == key);
        Ok(own.map(|(_, failure)| failure.at).max())
    }

    fn with_email(&mut self, email: &str) -> Result<Vec<(String, String)>, Infallible> {
        Ok(self.found(|told| told.email.as_deref() == Some(email)))
    }

    fn with_phone_and_name(&mut self, phone: &str, name: &str) -> Result<Vec<(String, String)>, Infallible> {
        Ok(self.found(|told| told.phone.as_deref() == Some(phone) && told.name == name))
    }
}

/// An export and the columns of it that were read: each field and its header.
pub struct Imported<'a> {
    pub export: &'a Export,
    pub columns: &'a BTreeMap<String, String>,
}

impl Imported<'_> {
    fn has(&self, field: &str) -> bool {
        self.columns.contains_key(field)
    }

    /// Who a row is about, as far as its columns were read.
    fn told(&self, payment: &Payment) -> Told {
        let (all, person) = (
            self.export.told(payment),
            &self.export.scene.people[payment.person],
        );
        let name = match (self.has("given_name"), self.has("family_name")) {
            _ if all.name.is_empty() || self.has("full_name") => all.name,
            (true, true) => all.name,
            (given, family) => folded(
                if given { person.given } else { "" },
                if family { person.family } else { "" },
            ),
        };
        Told {
            account: all.account.filter(|_| self.has("account_id")),
            email: all.email.filter(|_| self.has("email")),
            phone: all.phone.filter(|_| self.has("phone")),
            name: match self.columns.keys().any(|field| field.ends_with("_name")) {
                true => name,
                false => String::new(),
            },
        }
    }

    /// When it was, as far as its columns were read.
    fn at(&self, payment: &Payment) -> Timestamp {
        let (at, scene) = (self.export.read_at(payment), &self.export.scene);
        if !self.is_day_only() {
            return at;
        }
        let day = self.export.clock.zone.local(at).date();
        scene.zone.at(day.at(0, 0, 0, 0)).instant()
    }

    fn is_day_only(&self) -> bool {
        self.has("date") && !self.has("time") && !self.has("timestamp")
    }

    /// The failures in the outage, as they were read and as they truly are.
    pub fn failures(&self) -> (Vec<Failure>, Vec<Failure>) {
        let scene = &self.export.scene;
        let counts = scene
            .payments
            .iter()
            .filter(|payment| payment.end == End::Failed && scene.is_inside(payment.at));
        counts
            .filter(|payment| !self.told(payment).is_nobody())
            .map(|payment| {
                let at = self.at(payment);
                let of = |told| Failure { told, at };
                (of(self.told(payment)), of(self.export.told(payment)))
            })
            .unzip()
    }

    /// Whom a payment, or a refund, is for.
    fn found(&self, town: &Town, payment: &Payment) -> Match {
        let zone = &self.export.scene.zone;
        let told = self.told(payment);
        let money = match payment.end {
            End::Refunded => Money::Back,
            _ if self.is_day_only() => Money::On(self.at(payment), zone),
            _ => Money::At(self.at(payment)),
        };
        let Ok(found) = reconcile::find(&told.traits(), money, &mut &*town);
        found
    }

    /// Everybody on the list after it, and who of them has paid.
    pub fn citizens(&self, town: &Town) -> Vec<Citizen> {
        let mut flows: BTreeMap<String, (Vec<Paid>, Vec<Back>)> = BTreeMap::new();
        let priced = self.has("amount") || self.has("amount_cents");
        for payment in &self.export.scene.payments {
            if !matches!(payment.end, End::Paid | End::Refunded) || self.told(payment).is_nobody() {
                continue;
            }
            let found = self.found(town, payment);
            let Some(key) = found.citizen() else { continue };
            let (paid, back) = flows.entry(key.to_owned()).or_default();
            let (at, amount) = (self.at(payment), priced.then_some(Cents(payment.cents)));
            match payment.end {
                End::Refunded => back.push(Back { at, amount }),
                _ => paid.push(Paid {
                    at,
                    amount,
                    closes: matches!(found, Match::Paid(..)),
                }),
            }
        }
        let pays = |(paid, back): &(Vec<Paid>, Vec<Back>)| {
            let remains = remaining(paid, back);
            paid.iter()
                .zip(remains)
                .any(|(paid, remains)| remains && paid.closes)
        };
        let paid = flows.iter().filter(|(_, flows)| pays(flows));
        town.citizens(&paid.map(|(key, _)| key.clone()).collect())
    }

    /// How many rows count for what.
    pub fn bins(&self, town: &Town) -> Bins {
        let mut bins = Bins::new();
        for payment in &self.export.scene.payments {
            *bins.entry(self.bin(town, payment)).or_default() += 1;
        }
        bins
    }

    fn bin(&self, town: &Town, payment: &Payment) -> &'static str {
        let (export, nobody) = (self.export, self.told(payment).is_nobody());
        match (export.scene.kind, payment.end) {
            (_, End::Refunded | End::Open) | (ImportKind::Successes, End::Failed) => "left_out",
            (ImportKind::Failed, End::Paid) => "succeeded",
            _ if nobody => "no_identity",
            (ImportKind::Failed, End::Failed) => match export.around().window.side(instant(payment.at)) {
                Side::Inside => "accepted",
                Side::Before => "before",
                Side::After => "after",
            },
            (ImportKind::Successes, End::Paid) => match self.found(town, payment) {
                Match::Paid(..) => "accepted",
                Match::TooEarly(_) => "too_early",
                Match::Ambiguous => "ambiguous",
                _ => "unmatched",
            },
        }
    }
}

//! An invented export of what happened: its columns in any order, with others between them that are not what they look like.

use super::clock::{Clock, Says};
use super::decoys;
use super::dice::Dice;
use super::scene::{End, Payment, Person, Scene, instant};
use super::twofold::Twofold;
use super::words::{Style, word, words};
use makegood::domain::field::Field;
use makegood::domain::header::header_key;
use makegood::domain::meaning::Meaning;
use makegood::domain::money::Decimal;
use makegood::outreach::import::ImportKind;

/// One column. What it truly holds is nothing for a column that is of no use.
#[derive(Clone, Debug)]
pub struct Column {
    pub header: String,
    pub holds: Option<Field>,
    pub cells: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Export {
    pub scene: Scene,
    pub clock: Clock,
    pub columns: Vec<Column>,
    /// What the words of the status mean.
    pub statuses: Vec<(String, Meaning)>,
    pub decimal: Decimal,
    pub delimiter: char,
}

/// While an export is written.
pub struct Writer<'a> {
    pub dice: &'a mut Dice,
    pub scene: &'a Scene,
    pub clock: Clock,
    pub language: &'static str,
    pub style: Style,
    pub columns: Vec<Column>,
}

impl Writer<'_> {
    /// A column under one of the names of a list; none where the name is taken.
    pub fn add(&mut self, list: &str, holds: Option<Field>, cells: Vec<String>) -> bool {
        let header = self.style.of(word(self.dice, list));
        self.put(header, holds, cells)
    }

    fn put(&mut self, header: String, holds: Option<Field>, cells: Vec<String>) -> bool {
        let key = header_key(&header);
        if self
            .columns
            .iter()
            .any(|column| header_key(&column.header) == key)
        {
            return false;
        }
        self.columns.push(Column { header, holds, cells });
        true
    }

    /// A column under one of the names of its language, which is there in any case.
    fn own(&mut self, list: &str, holds: Field, cells: Vec<String>) {
        let list = format!("{}.{list}", self.language);
        while !self.add(&list, Some(holds), cells.clone()) {
            if words(&list).len() < 3 {
                return;
            }
        }
    }

    /// A column that anybody would have.
    pub fn plainly(&mut self, name: &str, cells: Vec<String>) {
        let header = self.style.of(name);
        self.put(header, None, cells);
    }

    pub fn each(&self, cell: impl FnMut(&Payment) -> String) -> Vec<String> {
        self.scene.payments.iter().map(cell).collect()
    }

    pub fn each_person(&self, mut cell: impl FnMut(&Person) -> String) -> Vec<String> {
        self.each(|payment| cell(&self.scene.people[payment.person]))
    }
}

impl Export {
    pub fn any(dice: &mut Dice) -> Self {
        let mut apart = dice.apart();
        let mut scene = Scene::any(dice);
        let twofold = Twofold::any(&mut apart, &mut scene);
        let language = *dice.one(&["en", "en", "en", "en", "en", "es", "fr", "de", "pt", "it"]);
        let mut clock = Clock::any(dice, &scene);
        while !is_lossless(&clock, &scene) {
            clock = Clock::any(dice, &scene);
        }
        let style = Style::any(dice);
        let mut writer = Writer {
            dice,
            scene: &scene,
            clock: clock.clone(),
            language,
            style,
            columns: Vec::new(),
        };
        times(&mut writer);
        let statuses = status(&mut writer);
        people(&mut writer);
        let decimal = amounts(&mut writer, twofold);
        ids(&mut writer);
        decoys::add(&mut writer);
        let mut columns = writer.columns;
        dice.shuffle(&mut columns);
        Self {
            delimiter: *dice.one(&[',', ',', ',', ';', '\t', '|']),
            scene,
            clock,
            columns,
            statuses,
            decimal,
        }
    }

    pub fn column(&self, field: Field) -> Option<&Column> {
        self.columns.iter().find(|column| column.holds == Some(field))
    }

    /// The file.
    pub fn text(&self) -> String {
        let line = |cells: Vec<&str>| {
            let cells: Vec<String> = cells.into_iter().map(|cell| self.quoted(cell)).collect();
            cells.join(&self.delimiter.to_string()) + "\n"
        };
        let mut text = line(self.columns.iter().map(|column| column.header.as_str()).collect());
        for row in 0..self.scene.payments.len() {
            text += &line(
                self.columns
                    .iter()
                    .map(|column| column.cells[row].as_str())
                    .collect(),
            );
        }
        text
    }

    fn quoted(&self, cell: &str) -> String {
        match cell.contains([self.delimiter, '"', '\n']) {
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => cell.to_owned(),
        }
    }
}

/// Whether its times say which instant is meant: not in the hour that clocks repeat.
fn is_lossless(clock: &Clock, scene: &Scene) -> bool {
    let all = scene
        .payments
        .iter()
        .flat_map(|payment| [payment.at, payment.settled]);
    let mut all = all.map(instant);
    clock.says == Says::Cell || all.all(|at| clock.zone.at(clock.zone.local(at)) == Some(at))
}

fn times(writer: &mut Writer<'_>) {
    let clock = writer.clock.clone();
    let settles = writer.scene.has_status && writer.dice.percent(30)
        || writer.scene.kind == ImportKind::Successes && writer.dice.percent(40);
    let money = writer.scene.kind == ImportKind::Successes;
    if settles {
        let paid = |payment: &Payment| matches!(payment.end, End::Paid | End::Refunded);
        let cells = writer.each(|payment| match paid(payment) {
            true => clock.cell(payment.settled),
            false => String::new(),
        });
        let list = format!("{}.settled", writer.language);
        timed(writer, &list, money.then_some(Field::Timestamp), cells);
    }
    let field = |field| (!(settles && money)).then_some(field);
    if clock.is_split {
        let days = writer.each(|payment| clock.day(payment.at));
        let list = format!("{}.day", writer.language);
        timed(writer, &list, field(Field::Date), days);
        let cells = writer.each(|payment| clock.time(payment.at));
        let list = format!("{}.clock", writer.language);
        timed(writer, &list, field(Field::Time), cells);
    } else {
        let cells = writer.each(|payment| clock.cell(payment.at));
        let list = format!("{}.attempt", writer.language);
        timed(writer, &list, field(Field::Timestamp), cells);
    }
    if clock.says == Says::Beside {
        let cells = writer.each(|_| clock.name.to_owned());
        writer.add("zones.beside", Some(Field::TimestampZone), cells);
    }
}

/// A column of times, whose header may say the zone.
fn timed(writer: &mut Writer<'_>, list: &str, holds: Option<Field>, cells: Vec<String>) {
    for _ in 0..9 {
        let name = writer.style.of(word(writer.dice, list));
        let header = match (writer.clock.says, writer.style) {
            (Says::Header, Style::Snake) if writer.clock.name == "UTC" => format!("{name}_utc"),
            (Says::Header, _) => format!("{name} ({})", writer.clock.name),
            _ => name,
        };
        if writer.put(header, holds, cells.clone()) {
            return;
        }
    }
}

fn status(writer: &mut Writer<'_>) -> Vec<(String, Meaning)> {
    if !writer.scene.has_status {
        return Vec::new();
    }
    let path = |list: &str| format!("words.{}.{list}", writer.language);
    let lists = [
        ("failed", "odd_failed"),
        ("paid", "odd_paid"),
        ("refunded", "refunded"),
        ("open", "open"),
    ];
    let odd = writer.dice.percent(6).then(|| writer.dice.below(2));
    let mut chosen: Vec<Vec<&str>> = Vec::new();
    for (at, (known, unknown)) in lists.into_iter().enumerate() {
        let list = path(if odd == Some(at) { unknown } else { known });
        let several = if odd == Some(at) || at > 1 { 1 } else { 2 };
        chosen.push((0..several).map(|_| word(writer.dice, &list)).collect());
    }
    let mut cells = Vec::new();
    for payment in &writer.scene.payments {
        cells.push((*writer.dice.one(&chosen[payment.end as usize])).to_owned());
    }
    let upper = writer.dice.percent(20);
    if upper {
        cells = cells.iter().map(|cell| cell.to_uppercase()).collect();
    }
    writer.own("status", Field::Status, cells);
    let meant = |(at, words): (usize, Vec<&str>)| {
        let meaning = [
            Meaning::Failed,
            Meaning::Paid,
            Meaning::Refunded,
            Meaning::LeftOut,
        ][at];
        let written = move |word: &str| {
            if upper {
                word.to_uppercase()
            } else {
                word.to_owned()
            }
        };
        words
            .into_iter()
            .map(move |word| (written(word), meaning))
            .collect::<Vec<_>>()
    };
    chosen.into_iter().enumerate().flat_map(meant).collect()
}

fn people(writer: &mut Writer<'_>) {
    let [account, email, phone] = match writer.dice.below(10) {
        0..4 => [true, true, true],
        4..6 => [false, true, true],
        6 => [true, false, true],
        7 => [true, true, false],
        8 => [false, true, false],
        _ => [true, false, false],
    };
    if account {
        let bare = writer.dice.percent(20);
        let prefix = if bare { "" } else { "T-" };
        let cells = writer.each_person(|person| format!("{prefix}{}", person.account));
        writer.own("account", Field::AccountId, cells);
    }
    if email {
        let cells = writer.each(|payment| match payment.tells.0 {
            true => writer.scene.people[payment.person].email.clone(),
            false => String::new(),
        });
        writer.own("email", Field::Email, cells);
    }
    if phone {
        let form = writer.dice.below(6);
        let cells = writer.each(|payment| match payment.tells.1 {
            true => dialled(&writer.scene.people[payment.person].phone, form),
            false => String::new(),
        });
        writer.own("phone", Field::Phone, cells);
    }
    match writer.dice.below(10) {
        0..5 => {
            let cells = writer.each_person(|person| format!("{} {}", person.given, person.family));
            writer.own("name", Field::FullName, cells);
        }
        5..8 => {
            let cells = writer.each_person(|person| person.given.to_owned());
            writer.own("given", Field::GivenName, cells);
            let cells = writer.each_person(|person| person.family.to_owned());
            writer.own("surname", Field::FamilyName, cells);
        }
        _ => {}
    }
}

/// Ten digits as people and programs write them.
fn dialled(digits: &str, form: usize) -> String {
    let Some((area, rest)) = digits.split_at_checked(3) else {
        return String::new();
    };
    let (exchange, line) = rest.split_at(3);
    match form {
        0 => format!("({area}) {exchange}-{line}"),
        1 => format!("{area}-{exchange}-{line}"),
        2 => format!("+1{digits}"),
        3 => digits.to_owned(),
        4 => format!("{area}.{exchange}.{line}"),
        _ => format!("+1 {area} {exchange} {line}"),
    }
}

fn amounts(writer: &mut Writer<'_>, twofold: Option<Twofold>) -> Decimal {
    let comma = !matches!(writer.language, "en" | "es") && writer.dice.percent(70);
    let decimal = if comma { Decimal::Comma } else { Decimal::Point };
    let refunds = writer.dice.percent(50);
    let form = writer.dice.below(10);
    let value = |payment: &Payment| {
        let sign = if refunds && payment.end == End::Refunded {
            "-"
        } else {
            ""
        };
        let (whole, cents) = (payment.cents / 100, payment.cents % 100);
        let point = if comma { ',' } else { '.' };
        let group = if comma { '.' } else { ',' };
        match form {
            0 => format!("{sign}{}", payment.cents),
            1 | 2 if whole >= 1000 => {
                format!(
                    "{sign}{}{group}{:03}{point}{cents:02}",
                    whole / 1000,
                    whole % 1000
                )
            }
            3 => format!("{sign}${whole}{point}{cents:02}"),
            _ => format!("{sign}{whole}{point}{cents:02}"),
        }
    };
    if let Some(twofold) = twofold {
        let cells = twofold.cells(writer.scene, decimal);
        writer.own("amount", Field::Amount, cells);
        return decimal;
    }
    let cells = writer.each(value);
    match form {
        0 => writer.own("cents", Field::AmountCents, cells),
        9 => {}
        _ => writer.own("amount", Field::Amount, cells),
    }
    decimal
}

fn ids(writer: &mut Writer<'_>) {
    if writer.dice.percent(25) {
        return;
    }
    let first = writer.dice.between(10_000, 90_000);
    let form = writer.dice.below(3);
    let mut count = first;
    let cells = writer.each(|payment| {
        count += 1 + payment.cents % 7;
        match form {
            // No two alike: one id for two payments would be one payment (TRUTH).
            0 => format!("pay_{:x}", (count * 7_919) << 8 | (payment.cents & 0xff)),
            1 => count.to_string(),
            _ => format!("TX-{count}"),
        }
    });
    writer.own("id", Field::TransactionId, cells);
    if writer.dice.percent(40) {
        let cells = writer.each(|payment| format!("{}", 7_000 + payment.person * 10 + payment.order));
        let list = format!("{}.order", writer.language);
        writer.add(&list, None, cells);
    }
}

//! What is asked of a file, and what each answer would do, before anything is kept.

use super::columns::{around, inspect, reading};
use super::outcome::Outcome;
use super::words::{Spelled, Words};
use super::{About, Choice, Hints, Import, ImportState, Layout, Question};
use crate::domain::ids::ImportId;
use crate::domain::record::Record;
use crate::outreach::rulebook::Rulebook;
use crate::outreach::{Error, Office, Result};
use crate::reader::{self, flag};

/// Rows in which the answers are counted at most, and cells of them.
const ROWS: usize = 20_000;
const CELLS: usize = 1_000_000;
/// So many questions are asked at a time; all words of a status are one.
const AT_A_TIME: usize = 3;

/// What is asked of a file and what would follow.
#[derive(Clone, Debug)]
pub struct Weighed {
    /// As it is kept: its questions are open.
    pub layout: Layout,
    /// With the answers on top.
    pub now: Layout,
    /// The questions whose answers are counted, the most harmful first; without those about words.
    pub questions: Vec<Weight>,
    /// What was answered before and is not asked now.
    pub answered: Vec<Weight>,
    /// What became of each payment, by word.
    pub words: Option<Words>,
    /// The words are asked about now.
    pub asks_words: bool,
    /// Questions that follow after these.
    pub later: usize,
    /// What the rows do with the answers.
    pub outcome: Outcome,
    /// Rows in which it is counted.
    pub rows: u64,
    /// These are all rows of the file.
    pub whole: bool,
}

/// A question with what each answer does.
#[derive(Clone, Debug)]
pub struct Weight {
    /// The question.
    pub question: Question,
    /// What each choice does; nothing where that cannot be read, or is not counted.
    pub outcomes: Vec<Option<Outcome>>,
    /// The choice that was made.
    pub chosen: Option<usize>,
}

/// What is needed to read the file in one way and another.
struct Scale<'a> {
    office: &'a Office,
    import: &'a Import,
    book: Rulebook,
    records: Vec<Record>,
    layout: &'a Layout,
    said: reader::Hints,
}

impl Office {
    /// Counts what the answers to a file's questions would do. `answers` are in the words of the command line; without them what
    /// is proposed is taken, but for words of a status. With `anew` what was answered before is asked again. Nothing is kept.
    ///
    /// # Errors
    /// The import is past that step, its file cannot be read, or an answer is none.
    pub fn weigh_import(&self, id: ImportId, answers: Option<&[String]>, anew: bool) -> Result<Weighed> {
        let import = self.import(id)?;
        if import.state() != ImportState::Received {
            return Err(Error::Conflict("This file is past its questions.".into()));
        }
        let layout = self.inspect_import(id, &Hints::default())?;
        let (records, whole) = self.sample(&import, &layout)?;
        let book = self.db.read(|conn| Rulebook::open(conn, import.outage_id))?;
        let said = match answers {
            Some(answers) => read(answers)?,
            None => read(&proposed(&layout))?,
        };
        let scale = Scale {
            office: self,
            import: &import,
            book,
            records,
            layout: &layout,
            said: said.after(layout.said.clone()),
        };
        scale.weigh(anew, whole)
    }

    /// The rows in which is counted, and whether these are all.
    fn sample(&self, import: &Import, layout: &Layout) -> Result<(Vec<Record>, bool)> {
        let unreadable = |error: reader::Error| Error::invalid("file", error.to_string());
        let most = (CELLS / layout.columns.len().max(1)).clamp(1, ROWS);
        let mut all = reader::records(self.upload(import)?, layout).map_err(unreadable)?;
        let records: std::result::Result<Vec<Record>, _> = all.by_ref().take(most).collect();
        Ok((records.map_err(unreadable)?, all.next().is_none()))
    }
}

impl Scale<'_> {
    fn weigh(&self, anew: bool, whole: bool) -> Result<Weighed> {
        let now = self
            .layout_with(&self.said)?
            .unwrap_or_else(|| self.layout.clone());
        let outcome = self.outcome(&now);
        let (asked, later) = at_a_time(self.layout);
        let mut questions: Vec<Weight> = asked
            .into_iter()
            .map(|one| self.weight(one))
            .collect::<Result<_>>()?;
        let before = self.before(&outcome);
        let mut answered = Vec::new();
        for question in before {
            match anew {
                true => questions.push(self.weight(&question)?),
                false => answered.push(self.unweighed(&question)?),
            }
        }
        Ok(Weighed {
            words: self.spelled(&now),
            layout: self.layout.clone(),
            now,
            questions,
            answered,
            asks_words: anew || self.layout.questions.iter().any(is_of_words),
            later,
            outcome,
            rows: self.records.len() as u64,
            whole,
        })
    }

    /// What was answered, and the clock where it was taken for known.
    fn before(&self, outcome: &Outcome) -> Vec<Question> {
        let answered = self.layout.answered.iter();
        let mut before: Vec<Question> = answered.filter(|one| !is_of_words(one)).cloned().collect();
        let open = self.layout.questions.iter().chain(&before);
        let asks_clock = open.clone().any(|one| one.about == About::Clock);
        if !asks_clock && (outcome.zone_unsaid || self.layout.terms.zone.is_some()) {
            before.insert(0, self.clock());
        }
        before
    }

    /// The question of the clock as it stands.
    fn clock(&self) -> Question {
        let own = self.book.outage.time_zone.clone();
        let set = self.layout.terms.zone.clone().unwrap_or_else(|| own.clone());
        let mut zones = vec![set.clone(), own.clone(), "UTC".to_owned()];
        zones.dedup();
        if zones.len() > 2 && zones.first() == zones.last() {
            zones.pop();
        }
        let choice = |zone: &String| Choice {
            answer: zone.clone(),
            flag: flag("--times-in", zone),
            consequence: String::new(),
            rows_in_outage: None,
            people: None,
        };
        let time = self
            .layout
            .columns
            .iter()
            .find(|column| column.field.is_some_and(is_time));
        Question {
            about: About::Clock,
            column: time.map(|column| column.header.clone()).unwrap_or_default(),
            value: None,
            why: "Times in this column carry no zone of their own.".to_owned(),
            choices: zones.iter().map(choice).collect(),
            proposed: set.clone(),
            flag: flag("--times-in", &set),
        }
    }

    fn weight(&self, question: &Question) -> Result<Weight> {
        let outcome = |choice: &Choice| {
            let hints = read(std::slice::from_ref(&choice.flag))?.after(self.said.clone());
            Ok(self.layout_with(&hints)?.map(|layout| self.outcome(&layout)))
        };
        Ok(Weight {
            outcomes: question.choices.iter().map(outcome).collect::<Result<_>>()?,
            ..self.unweighed(question)?
        })
    }

    fn unweighed(&self, question: &Question) -> Result<Weight> {
        let mut chosen = None;
        for (at, choice) in question.choices.iter().enumerate() {
            if self.said.says(&read(std::slice::from_ref(&choice.flag))?) {
                chosen = Some(at);
            }
        }
        Ok(Weight {
            question: question.clone(),
            outcomes: Vec::new(),
            chosen,
        })
    }

    fn layout_with(&self, hints: &reader::Hints) -> Result<Option<Layout>> {
        let around = around(&self.book, self.import.kind());
        Ok(inspect(&mut self.office.upload(self.import)?, hints, &around)?.ok())
    }

    fn outcome(&self, layout: &Layout) -> Outcome {
        let kind = self.import.kind();
        let window = around(&self.book, kind).window;
        Outcome::of(&self.records, &reading(&self.book, layout, kind), window)
    }

    fn spelled(&self, now: &Layout) -> Option<Words> {
        let kind = self.import.kind();
        let spelled = Spelled {
            asked: self.layout,
            now,
            reading: &|layout| reading(&self.book, layout, kind),
            window: around(&self.book, kind).window,
            kind,
        };
        spelled.words(&self.records)
    }
}

/// The questions that are asked now, beside that of the words, and how many follow.
fn at_a_time(layout: &Layout) -> (Vec<&Question>, usize) {
    let (words, others): (Vec<&Question>, Vec<&Question>) = layout
        .questions
        .iter()
        .partition(|question| is_of_words(question));
    let most = AT_A_TIME - usize::from(!words.is_empty());
    let later = others.len().saturating_sub(most);
    (others.into_iter().take(most).collect(), later)
}

/// The proposed answers to what is asked now; nothing is proposed for a word that nobody knows.
fn proposed(layout: &Layout) -> Vec<String> {
    let (now, _) = at_a_time(layout);
    now.into_iter().map(|question| question.flag.clone()).collect()
}

/// Whether a question is about words of the status.
fn is_of_words(question: &Question) -> bool {
    question.value.is_some() || question.flag == "--leave-out-others"
}

const fn is_time(field: crate::domain::field::Field) -> bool {
    use crate::domain::field::Field;
    matches!(field, Field::Timestamp | Field::Date | Field::Time)
}

/// Answers in the reader's terms.
fn read(answers: &[String]) -> Result<reader::Hints> {
    let mut hints = Hints::default();
    hints.take(answers)?;
    hints.read()
}

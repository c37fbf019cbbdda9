//! What stands around the call: progress, who is next, what was recorded last, and what an empty
//! queue says.

/// How far the caller's list is.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// Name of the list, or that there is none.
    pub heading: String,
    /// Closed households.
    pub closed: i64,
    /// All households of the list.
    pub total: i64,
    /// Further figures: calls today, closed in the last hour.
    pub figures: Vec<Figure>,
}

/// A figure with its words.
#[derive(Clone, Debug, Default)]
pub struct Figure {
    /// `Calls today`
    pub label: String,
    /// `49`
    pub value: String,
}

/// A household that comes up soon. Not a link, so that the order is trusted.
#[derive(Clone, Debug, Default)]
pub struct NextUp {
    /// Whom it is about.
    pub name: String,
    /// Why it comes now: `Promised for 7:50, in 6 min`.
    pub reason: String,
    /// The colour of the dot.
    pub state: &'static str,
}

/// An outcome recorded a while ago.
#[derive(Clone, Debug, Default)]
pub struct Recent {
    /// Whom it is about.
    pub name: String,
    /// `Left voicemail, 7:40`
    pub outcome: String,
    /// Who else changed it, and when; empty for nobody.
    pub changed: String,
    /// The first words of the note; empty for none.
    pub note: String,
    /// The colour of the dot.
    pub state: &'static str,
    /// Where it can be changed.
    pub change_href: String,
}

/// The outcome just recorded, which can be taken back.
#[derive(Clone, Debug, Default)]
pub struct Undo {
    /// Where to take it back.
    pub action: String,
    /// `Left voicemail`
    pub outcome: String,
    /// For whom.
    pub name: String,
    /// What follows: `Next try after 9:00 a.m. tomorrow.`
    pub follows: String,
    /// How many seconds it can still be taken back.
    pub seconds: i64,
}

/// Something to know before going on; the tone is `info`, `success`, `warning` or `error`.
#[derive(Clone, Debug, Default)]
pub struct Notice {
    /// Its colour.
    pub tone: &'static str,
    /// The news.
    pub strong: String,
    /// What it means and what to do.
    pub text: String,
    /// Where the next call is asked for; empty when it is not offered.
    pub next: String,
    /// The form that takes the call again with all that is typed in it; empty when that is not offered.
    pub again: String,
}

/// Nobody to call now, and why.
#[derive(Clone, Debug, Default)]
pub struct Empty {
    /// `That is your whole list`
    pub heading: String,
    /// What it means.
    pub lead: String,
    /// Who waits for what, in households.
    pub waiting: Vec<Waiting>,
    /// When somebody can be called next: `9:00 a.m. tomorrow`; empty when nobody will.
    pub next: String,
}

/// So many households wait for this.
#[derive(Clone, Debug, Default)]
pub struct Waiting {
    /// How many.
    pub count: i64,
    /// For what.
    pub reason: String,
    /// The colour of the dot.
    pub state: &'static str,
}

/// When the caller's shift ends, and whether she is on a break.
#[derive(Clone, Debug, Default)]
pub struct ShiftCard {
    /// `Ends at 9:00 p.m.`, or that it is not known.
    pub words: String,
    /// The same for the time field: `21:00`.
    pub ends: String,
    /// Until when the break lasts.
    pub on_break: Option<String>,
    /// A call is in hand: a break can begin after it.
    pub in_call: bool,
    /// What was wrong with the time entered.
    pub problem: String,
}

//! An import's course, and the bins its records end in.

use super::text_enum::text_enum;

text_enum! {
    /// Where an import stands.
    pub enum ImportState {
        /// The file is here; nobody has said yet what its columns are.
        Received = "received",
        /// It is being read; nothing of it is visible.
        Checking = "checking",
        /// Every row is accounted for; it waits for a person's yes.
        Checked = "checked",
        /// It counts.
        Published = "published",
        /// It cannot be read; the reason says why.
        Refused = "refused",
        /// Given up before it counted: by a person, or because reading it was interrupted.
        Discarded = "discarded",
        /// It was taken back and does not count; cases that it had changed still fall back, and its rows go.
        Undoing = "undoing",
        /// It counted and was taken back; nothing of it is left.
        Undone = "undone",
    }
}

text_enum! {
    /// What the records of a file are.
    pub enum ImportKind {
        /// Payments that failed in the outage.
        Failed = "failed",
        /// Payments that succeeded later.
        Successes = "successes",
    }
}

text_enum! {
    /// Where a record lies that has a time and an identity and was not there before.
    pub enum Bin {
        /// In the window.
        Accepted = "accepted",
        /// Before its start.
        Before = "before",
        /// At its end or after it.
        After = "after",
    }
}

text_enum! {
    /// What is being done with an import, in its order.
    pub enum ImportPhase {
        /// Waiting until another file of the outage is done with.
        Waiting = "waiting",
        /// Reading the file's records.
        Reading = "reading",
        /// Finding out whose they are.
        Linking = "linking",
        /// Writing cases and households.
        Gathering = "gathering",
        /// Counting what the outage would hold.
        Counting = "counting",
        /// It counts, or does not any more: bringing the cases that it changes up to date.
        Changing = "changing",
        /// Dealing its new calls to those who have lists.
        Dealing = "dealing",
        /// Deleting its rows.
        Clearing = "clearing",
    }
}

impl ImportState {
    /// Whether rows of it stand in the database without counting.
    pub const fn is_staged(self) -> bool {
        matches!(self, Self::Checking | Self::Checked)
    }

    /// The words on a page.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Received => "Columns to be matched",
            Self::Checking => "Being read",
            Self::Checked => "Waits for your yes",
            Self::Published => "Imported",
            Self::Refused => "Refused",
            Self::Discarded => "Given up",
            Self::Undoing => "Being taken back",
            Self::Undone => "Taken back",
        }
    }
}

impl From<super::window::Side> for Bin {
    fn from(side: super::window::Side) -> Self {
        match side {
            super::window::Side::Before => Self::Before,
            super::window::Side::Inside => Self::Accepted,
            super::window::Side::After => Self::After,
        }
    }
}

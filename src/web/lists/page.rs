//! What the call lists' pages show, ready to print.

use askama::Template;

use crate::web::layout::Chrome;

/// All call lists of an outage, and the pool.
#[derive(Template)]
#[template(path = "lists/list.html")]
pub struct ListPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the outage's pages are.
    pub base: String,
    /// The lists, by name.
    pub lists: Vec<ListRow>,
    /// Calls on nobody's list.
    pub pool: String,
    /// The calls of the pool.
    pub pool_href: String,
    /// What the pool means for callers.
    pub pool_note: &'static str,
    /// All lists together.
    pub total: ListRow,
    /// Calls that were moved a moment ago and can be moved back.
    pub moved: Option<Moved>,
}

/// The latest step, while it can be taken back.
pub struct Moved {
    /// Which.
    pub step: i64,
    /// How many went elsewhere.
    pub calls: String,
    /// When.
    pub at: String,
    /// Until when it can be taken back.
    pub until: String,
}

/// One call list.
#[derive(Default)]
pub struct ListRow {
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub owner: String,
    /// Their languages.
    pub languages: String,
    /// The calls of this list.
    pub href: String,
    /// Its calls.
    pub calls: String,
    /// Citizens behind them.
    pub citizens: String,
    /// Calls done, as a number for the bar.
    pub done: i64,
    /// All calls, as a number for the bar.
    pub of: i64,
    /// Calls that can be made now or later.
    pub left: String,
}

/// Dealing the pool, with its preview.
#[derive(Template)]
#[template(path = "lists/split.html", blocks = ["main"])]
pub struct SplitPage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the outage's pages are.
    pub base: String,
    /// The ways to split.
    pub ways: Vec<Way>,
    /// What lies on lists is dealt again, too.
    pub again: bool,
    /// But not what was tried.
    pub keep_tried: bool,
    /// Languages are matched first.
    pub speakers_first: bool,
    /// In what order.
    pub order: OrderPart,
    /// What would be dealt.
    pub plan: Plan,
}

/// In what order calls are made.
pub struct OrderPart {
    /// What can come first.
    pub first: Vec<Choice>,
    /// What can come then.
    pub then: Vec<Choice>,
    /// The weights were set one by one.
    pub own: bool,
    /// The most a reason can weigh.
    pub heaviest: i64,
    /// The weights.
    pub weights: Vec<WeightRow>,
    /// While calls are put in the order: `1,200 of 5,000`.
    pub progress: Option<String>,
}

/// One thing to choose.
pub struct Choice {
    /// Its name in the form.
    pub key: &'static str,
    /// In words.
    pub label: &'static str,
    /// It is the one chosen.
    pub chosen: bool,
}

/// How much one reason weighs.
pub struct WeightRow {
    /// Its name in the form.
    pub name: &'static str,
    /// In words.
    pub label: &'static str,
    /// In points.
    pub weight: i64,
}

/// One way to split.
pub struct Way {
    /// Its name on the command line.
    pub key: &'static str,
    /// In words.
    pub label: &'static str,
    /// What it means.
    pub note: &'static str,
    /// It is the one chosen.
    pub chosen: bool,
}

/// Who would get what.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Calls in the pool now.
    pub pool: String,
    /// Calls that would go elsewhere.
    pub moved: i64,
    /// The button's words: `Move 308 calls`.
    pub act: String,
    /// Calls that would stay in the pool.
    pub rest: String,
    /// The way chosen asks for a share of each caller.
    pub weighted: bool,
    /// The way chosen asks for the hours that each caller has left.
    pub timed: bool,
    /// The dealing's seed: the same seed deals the same way.
    pub seed: String,
    /// The callers.
    pub hands: Vec<HandRow>,
    /// Calls on the lists now, and after.
    pub now: String,
    /// Calls on the lists after.
    pub after: String,
    /// What the lists gain together.
    pub change: String,
    /// Citizens after.
    pub citizens: String,
    /// Calls dealt whose due date is near.
    pub due_soon: usize,
    /// When the last list is done; empty: that is too far ahead to tell.
    pub finish: String,
    /// The same without the split; empty: nobody has calls yet.
    pub finish_now: String,
    /// Why nothing can be dealt.
    pub problem: Option<String>,
}

/// One caller in the plan.
#[derive(Clone, Debug, Default)]
pub struct HandRow {
    /// The account.
    pub user: i64,
    /// Their name.
    pub name: String,
    /// Their languages.
    pub languages: String,
    /// They take part.
    pub chosen: bool,
    /// Their share.
    pub weight: String,
    /// The hours they have left.
    pub hours: String,
    /// Calls an hour: `12/h`.
    pub pace: String,
    /// Calls dealt to citizens whose due date is near.
    pub due_soon: usize,
    /// When the list is done at their pace.
    pub done: String,
    /// Calls dealt that are in another language than English.
    pub other_languages: usize,
    /// Open calls of their list now.
    pub now: String,
    /// Open calls after.
    pub after: String,
    /// What is added or taken.
    pub change: String,
    /// Open citizens behind the calls of the list after.
    pub citizens: String,
    /// The gray bar, of a hundred and fifty.
    pub bar_now: i64,
    /// The blue bar, of a hundred and fifty.
    pub bar_after: i64,
}

/// The plan alone, for the page's own script.
#[derive(Template)]
#[template(path = "lists/plan.html")]
pub struct PlanPart {
    /// The plan.
    pub plan: Plan,
}

/// Moving one caller's untouched calls to others.
#[derive(Template)]
#[template(path = "lists/rebalance.html", blocks = ["main"])]
pub struct RebalancePage {
    /// What stands around it.
    pub chrome: Chrome,
    /// Where the outage's pages are.
    pub base: String,
    /// Whose calls can be moved.
    pub from: Vec<Leaver>,
    /// Who can take them.
    pub to: Vec<HandRow>,
    /// The button's words, once it is known whose calls: `Move 47 calls`.
    pub act: Option<String>,
    /// The number in them.
    pub moved: Option<usize>,
    /// They have gone home.
    pub gone: bool,
    /// Calls that would go to nobody's list.
    pub to_pool: Option<String>,
    /// What was wrong with the last answer.
    pub problem: Option<String>,
}

/// Someone whose calls can be moved.
pub struct Leaver {
    /// The account.
    pub user: i64,
    /// Their name.
    pub name: String,
    /// Calls left on their list.
    pub left: String,
    /// They are the one chosen.
    pub chosen: bool,
}

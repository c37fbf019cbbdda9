//! Which part of a long list a page shows, and the links to the others.

use super::count::count;

/// Where a page of a list stands. Pages are numbered from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    page: i64,
    size: i64,
    total: i64,
    address: String,
    filter: String,
}

/// One step of the pager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The page's number, as text; `…` for a gap.
    pub label: String,
    /// Where it leads; nothing for a gap.
    pub href: Option<String>,
    /// It is the page shown.
    pub current: bool,
}

impl Paging {
    /// Page `page` of `total` rows, `size` to a page, at `address`. `filter` is what else stands in
    /// the query, already encoded, without `?`. A page beyond the end is the last one.
    pub fn new(
        page: i64,
        size: i64,
        total: i64,
        address: impl Into<String>,
        filter: impl Into<String>,
    ) -> Self {
        let size = size.max(1);
        let last = ((total + size - 1) / size).max(1);
        Self {
            page: page.clamp(1, last),
            size,
            total,
            address: address.into(),
            filter: filter.into(),
        }
    }

    /// Rows before this page.
    pub fn offset(&self) -> i64 {
        (self.page - 1) * self.size
    }

    /// Rows on a page.
    pub fn size(&self) -> i64 {
        self.size
    }

    /// `1 to 12 of 815`, or that there are none.
    pub fn range(&self) -> String {
        if self.total == 0 {
            return "None".to_owned();
        }
        let last = (self.offset() + self.size).min(self.total);
        format!(
            "{} to {} of {}",
            count(self.offset() + 1),
            count(last),
            count(self.total)
        )
    }

    /// More than one page.
    pub fn many(&self) -> bool {
        self.total > self.size
    }

    /// The page before, if any.
    pub fn previous(&self) -> Option<String> {
        (self.page > 1).then(|| self.href(self.page - 1))
    }

    /// The page after, if any.
    pub fn next(&self) -> Option<String> {
        (self.page < self.last()).then(|| self.href(self.page + 1))
    }

    /// The first, the last and the neighbours of this page, with gaps between them.
    pub fn steps(&self) -> Vec<Step> {
        let last = self.last();
        let mut steps = Vec::new();
        let mut before = 0;
        for number in 1..=last {
            if number != 1 && number != last && (number - self.page).abs() > 1 {
                continue;
            }
            if number > before + 1 {
                steps.push(Step {
                    label: "…".to_owned(),
                    href: None,
                    current: false,
                });
            }
            steps.push(Step {
                label: count(number),
                href: Some(self.href(number)),
                current: number == self.page,
            });
            before = number;
        }
        steps
    }

    fn last(&self) -> i64 {
        ((self.total + self.size - 1) / self.size).max(1)
    }

    fn href(&self, page: i64) -> String {
        let Self { address, filter, .. } = self;
        if filter.is_empty() {
            format!("{address}?page={page}")
        } else {
            format!("{address}?{filter}&page={page}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_says_where_we_are() {
        let paging = Paging::new(1, 12, 815, "/email", "");
        assert_eq!(paging.range(), "1 to 12 of 815");
        assert_eq!(
            Paging::new(68, 12, 815, "/email", "").range(),
            "805 to 815 of 815"
        );
        assert_eq!(Paging::new(1, 12, 0, "/email", "").range(), "None");
    }

    #[test]
    fn a_page_beyond_the_end_is_the_last() {
        let paging = Paging::new(99, 10, 25, "/cases", "stage=new");
        assert_eq!(paging.offset(), 20);
        assert_eq!(paging.next(), None);
        assert_eq!(paging.previous().as_deref(), Some("/cases?stage=new&page=2"));
    }

    #[test]
    fn gaps_are_shown_as_gaps() {
        let labels: Vec<_> = Paging::new(5, 10, 1000, "/x", "")
            .steps()
            .into_iter()
            .map(|s| s.label)
            .collect();
        assert_eq!(labels, ["1", "…", "4", "5", "6", "…", "100"]);
    }
}

//! A filled body, Markdown with armoured values, into plain text and into HTML with inline styles.
//!
//! HTML in the source is dropped. A paragraph that is nothing but one link becomes a button; a quotation
//! becomes a tinted box.

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::armour::bare;

/// The readable text: links as `words: address`, boxes and emphasis as plain words.
pub(super) fn plain_text(markdown: &str) -> String {
    let mut text = PlainText::default();
    for event in Parser::new(markdown) {
        text.take(event);
    }
    let mut tidy = String::new();
    for line in bare(&text.out).replace('\u{a0}', " ").lines().map(str::trim_end) {
        if !line.is_empty() || !(tidy.is_empty() || tidy.ends_with("\n\n")) {
            tidy.push_str(line);
            tidy.push('\n');
        }
    }
    tidy.trim_end().to_owned() + "\n"
}

#[derive(Default)]
struct PlainText {
    out: String,
    link: Option<(String, usize)>,
    lists: Vec<Option<u64>>,
}

impl PlainText {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Text(words) | Event::Code(words) => self.out.push_str(&words),
            Event::SoftBreak => self.out.push(' '),
            Event::HardBreak => self.out.push('\n'),
            Event::Rule => self.out.push_str("---\n\n"),
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Link { dest_url, .. } => self.link = Some((bare(&dest_url), self.out.len())),
            Tag::List(first) => self.lists.push(first),
            Tag::Item => {
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                self.out.push_str(&mark);
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Link => self.end_link(),
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock => self.out.push_str("\n\n"),
            TagEnd::Item => self.out.push('\n'),
            TagEnd::List(_) => {
                self.lists.pop();
                self.out.push('\n');
            }
            _ => {}
        }
    }

    fn end_link(&mut self) {
        let Some((address, start)) = self.link.take() else {
            return;
        };
        let words = bare(self.out.get(start..).unwrap_or_default());
        if let Some(shown) = reachable(&address).filter(|_| words != address && !address.starts_with("tel:"))
        {
            self.out.push_str(&format!(": {shown}"));
        }
    }
}

/// The HTML body without its frame.
pub(super) fn html(markdown: &str) -> String {
    let mut writer = Html::default();
    let events: Vec<Event<'_>> = Parser::new(markdown).collect();
    let mut rest = events.as_slice();
    while let Some((event, after)) = rest.split_first() {
        rest = match button(rest) {
            Some((button, after_button)) => {
                writer.out.push_str(&button);
                after_button
            }
            None => {
                writer.take(event);
                after
            }
        };
    }
    writer.out
}

/// A paragraph of exactly one link: the button and what follows it.
fn button<'a, 'e>(events: &'a [Event<'e>]) -> Option<(String, &'a [Event<'e>])> {
    let [
        Event::Start(Tag::Paragraph),
        Event::Start(Tag::Link { dest_url, .. }),
        inside @ ..,
    ] = events
    else {
        return None;
    };
    let end = inside
        .iter()
        .position(|event| matches!(event, Event::End(TagEnd::Link)))?;
    let (words, after) = inside.split_at_checked(end)?;
    let [Event::End(TagEnd::Link), Event::End(TagEnd::Paragraph), rest @ ..] = after else {
        return None;
    };
    let address = bare(dest_url);
    let address = reachable(&address)?;
    let mut label = Html::default();
    words.iter().for_each(|event| label.take(event));
    Some((
        format!(
            "<table role=\"presentation\" class=\"buttons\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"margin:8px 0 24px\"><tr>\
             <td class=\"button\" bgcolor=\"#005ea2\" style=\"border-radius:6px;background:#005ea2\"><a href=\"{}\" \
             style=\"display:inline-block;padding:14px 24px;border:1px solid #005ea2;border-radius:6px;color:#ffffff;\
             font-weight:700;text-decoration:none\">{}</a></td></tr></table>\n",
            escaped(address),
            label.out
        ),
        rest,
    ))
}

#[derive(Default)]
struct Html {
    out: String,
    open_link: bool,
}

impl Html {
    fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Text(words) => self.out.push_str(&escaped(&bare(words))),
            Event::Code(words) => {
                let code = escaped(&bare(words));
                self.out.push_str(&format!(
                    "<code style=\"font-family:Consolas,Menlo,monospace\">{code}</code>"
                ));
            }
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => self
                .out
                .push_str("<hr style=\"border:0;border-top:1px solid #dfe1e2;margin:24px 0\">\n"),
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(*tag),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        let html = match tag {
            Tag::Paragraph => "<p style=\"margin:0 0 16px\">".to_owned(),
            Tag::Heading { level, .. } => format!("<{} style=\"margin:24px 0 8px;font-size:19px;line-height:26px\">", name(*level)),
            Tag::BlockQuote(_) => "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
                 style=\"margin:8px 0 20px\"><tr><td class=\"box\" bgcolor=\"#f1f3f6\" style=\"padding:16px 18px 2px;\
                 background:#f1f3f6;border-left:4px solid #005ea2;border-radius:4px\">\n".to_owned(),
            Tag::List(None) => "<ul style=\"margin:0 0 16px;padding-left:24px\">".to_owned(),
            Tag::List(Some(first)) => format!("<ol start=\"{first}\" style=\"margin:0 0 16px;padding-left:24px\">"),
            Tag::Item => "<li style=\"margin:0 0 6px\">".to_owned(),
            Tag::Strong => "<strong>".to_owned(),
            Tag::Emphasis => "<em>".to_owned(),
            Tag::Link { dest_url, .. } => self.link(&bare(dest_url)),
            _ => return,
        };
        self.out.push_str(&html);
    }

    fn link(&mut self, address: &str) -> String {
        let reachable = reachable(address);
        self.open_link = reachable.is_some();
        reachable.map_or_else(String::new, |address| {
            format!(
                "<a class=\"link\" href=\"{}\" style=\"color:#005ea2\">",
                escaped(address)
            )
        })
    }

    fn end(&mut self, tag: TagEnd) {
        let html = match tag {
            TagEnd::Paragraph => "</p>\n",
            TagEnd::Heading(level) => return self.out.push_str(&format!("</{}>\n", name(level))),
            TagEnd::BlockQuote(_) => "</td></tr></table>\n",
            TagEnd::List(true) => "</ol>\n",
            TagEnd::List(false) => "</ul>\n",
            TagEnd::Item => "</li>\n",
            TagEnd::Strong => "</strong>",
            TagEnd::Emphasis => "</em>",
            TagEnd::Link if std::mem::take(&mut self.open_link) => "</a>",
            _ => return,
        };
        self.out.push_str(html);
    }
}

/// Headings of a template stand below the page's own.
const fn name(level: HeadingLevel) -> &'static str {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => "h2",
        _ => "h3",
    }
}

/// Only addresses that a mail reader may open.
pub(super) fn reachable(address: &str) -> Option<&str> {
    let schemes = ["https://", "http://", "mailto:", "tel:"];
    let clean = !address.chars().any(|c| c.is_whitespace() || c.is_control());
    (clean && schemes.iter().any(|scheme| address.starts_with(scheme))).then_some(address)
}

pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::armour::armoured;
    use super::*;

    #[test]
    fn the_text_part_reads_without_marks() {
        let text = plain_text(
            "# Sorry\n\nHello **Ana**, see [our page](https://a.example/x).\n\n- one\n- two\n\n> A *box*.\n\n1. first\n2. second",
        );
        assert_eq!(
            text,
            "Sorry\n\nHello Ana, see our page: https://a.example/x.\n\n- one\n- two\n\nA box.\n\n1. first\n2. second\n"
        );
    }

    #[test]
    fn a_link_alone_is_a_button_and_a_link_in_a_sentence_is_not() {
        let alone = html("[Tell us](https://a.example/c?a=1&b=2)");
        assert!(
            alone.contains("class=\"button\"") && alone.contains("https://a.example/c?a=1&amp;b=2"),
            "{alone}"
        );
        assert!(!html("See [us](https://a.example)").contains("class=\"button\""));
    }

    #[test]
    fn nothing_that_runs_or_loads_gets_through() {
        let source = "<script>x()</script>\n\n<img src=http://a.example/pixel>\n\n[a](javascript:alert(1)) ![p](https://a.example/p.png) b<b onclick=x>c";
        let page = html(source);
        for bad in ["<script", "<img", "javascript:", "onclick", "p.png"] {
            assert!(!page.contains(bad), "{bad} in {page}");
        }
    }

    #[test]
    fn a_value_is_text_whatever_it_holds() {
        let nasty = "**[x](https://evil.example)** <b>&amp; `# 1. > - \\";
        let body = format!("Hello {}, `{}`", armoured(nasty), armoured(nasty));
        assert_eq!(plain_text(&body), format!("Hello {nasty}, {nasty}\n"));
        let page = html(&body);
        assert!(
            page.contains("**[x](https://evil.example)** &lt;b&gt;&amp;amp; `# 1. &gt; - \\"),
            "{page}"
        );
    }
}

use super::*;

#[test]
fn a_letter_comes_out_as_it_was_meant() {
    let source = "<p style=\"color:#1b1b1b\">Hello <b>Ana</b> &amp; you,<br>see <a href='https://a.example/?a=1&amp;b=2'>us</a>.</p>";
    let made = rewritten(source).unwrap();
    assert_eq!(
        made,
        "<p style=\"color:#1b1b1b\">Hello <b>Ana</b> &amp; you,<br>see <a href=\"https://a.example/?a=1&amp;b=2\">us</a>.</p>"
    );
    assert_eq!(
        rewritten("A & B <!-- not sent --> &nbsp;>").unwrap(),
        "A &amp; B  &nbsp;&gt;"
    );
}

#[test]
fn nothing_that_runs_loads_or_covers_gets_through() {
    for bad in [
        "<script>x()</script>",
        "<img src=\"https://a.example/pixel.gif\">",
        "<p onclick=\"x()\">a</p>",
        "<a href=\"javascript:x()\">a</a>",
        "<a href=\" https://a.example\">a</a>",
        "<p style=\"background:url(https://a.example/x)\">a</p>",
        "<p style=\"position:fixed\">a</p>",
        "<p style=\"a\\75rl(x)\">a</p>",
        "<iframe></iframe>",
        "<p class=\"a\"onclick=x>a</p>",
        "<style>p{}</style>",
        "<form action=\"https://a.example\"></form>",
        "<p>open",
        "<b><i>crossed</b></i>",
        "</p>",
        "a < b",
        "<!-- no end",
        "<p",
    ] {
        assert!(rewritten(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_value_is_text_whatever_it_holds() {
    let nasty = "</p><script>x()</script>\" onclick=\"x";
    let source = format!("<p>{}</p>", armoured(nasty));
    assert_eq!(
        rewritten(&source).unwrap(),
        "<p>&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;&quot; onclick=&quot;x</p>"
    );
    let link = format!("<a href=\"{}\">x</a>", armoured("https://a.example/c?a=1&b=\"2"));
    assert_eq!(
        rewritten(&link).unwrap(),
        "<a href=\"https://a.example/c?a=1&amp;b=&quot;2\">x</a>"
    );
    let bad = format!("<a href=\"{}\">x</a>", armoured("javascript:x()"));
    assert!(rewritten(&bad).is_err());
}

#[test]
fn in_a_draft_names_stand_where_values_will() {
    assert!(rewritten("<p>{{ given_name }}{% if link %}<a href=\"{{ link }}\">x</a>{% endif %}</p>").is_ok());
    let fault = rewritten("<p>a</p>\n<img>").unwrap_err();
    assert_eq!((fault.at, fault.message.contains("<img>")), (9, true));
}

//! What a template may be written with. A letter puts names into sentences and asks whether they are known; whatever could make
//! it larger than what was typed (repeating, loops, names of its own, blocks that are filled and used again) is refused before
//! anything of it is worked out. What is left grows no further than its source and the facts.

use minijinja::Error;
use minijinja::machinery::ast::{BinOpKind, CallArg, Expr, Stmt};
use minijinja::machinery::parse;

/// What may not stand in a template.
pub(super) struct Refused {
    /// Byte of the source.
    pub at: usize,
    /// What is wrong and what to do.
    pub message: String,
}

/// The first thing in a source that may not stand there.
///
/// # Errors
/// The source does not parse.
pub(super) fn refused(source: &str) -> Result<Option<Refused>, Error> {
    Ok(statement(&parse(source, "", Default::default())?))
}

fn statement(statement: &Stmt<'_>) -> Option<Refused> {
    match statement {
        Stmt::Template(template) => all(&template.children),
        Stmt::EmitRaw(_) => None,
        Stmt::EmitExpr(emit) => expression(&emit.expr),
        Stmt::IfCond(condition) => expression(&condition.expr)
            .or_else(|| all(&condition.true_body))
            .or_else(|| all(&condition.false_body)),
        Stmt::ForLoop(body) => told(
            body.span().start_offset,
            "there is nothing to go through; leave out the loop",
        ),
        Stmt::WithBlock(body) => told(body.span().start_offset, NO_NAMES),
        Stmt::Set(body) => told(body.span().start_offset, NO_NAMES),
        Stmt::SetBlock(body) => told(body.span().start_offset, NO_NAMES),
        Stmt::Macro(body) => told(body.span().start_offset, NO_NAMES),
        Stmt::AutoEscape(body) => told(body.span().start_offset, ONLY_IF),
        Stmt::FilterBlock(body) => told(body.span().start_offset, ONLY_IF),
        Stmt::CallBlock(body) => told(body.span().start_offset, ONLY_IF),
        Stmt::Do(body) => told(body.span().start_offset, ONLY_IF),
        Stmt::Block(body) => told(body.span().start_offset, ONLY_IF),
        Stmt::Import(body) => told(body.span().start_offset, ONLY_IF),
        Stmt::FromImport(body) => told(body.span().start_offset, ONLY_IF),
        Stmt::Extends(body) => told(body.span().start_offset, ONLY_IF),
        Stmt::Include(body) => told(body.span().start_offset, ONLY_IF),
    }
}

const NO_NAMES: &str = "a text has no names of its own; write what you mean where it stands";
const ONLY_IF: &str = "of the tags in {% %} only if, elif, else and endif can be used";

fn told(at: u32, message: &str) -> Option<Refused> {
    Some(Refused {
        at: usize::try_from(at).unwrap_or_default(),
        message: message.to_owned(),
    })
}

fn all(statements: &[Stmt<'_>]) -> Option<Refused> {
    statements.iter().find_map(statement)
}

fn expression(expr: &Expr<'_>) -> Option<Refused> {
    match expr {
        Expr::Var(_) | Expr::Const(_) => None,
        Expr::UnaryOp(of) => expression(&of.expr),
        Expr::BinOp(of) => operator(of.op)
            .and_then(|message| told(expr.span().start_offset, message))
            .or_else(|| expression(&of.left))
            .or_else(|| expression(&of.right)),
        Expr::Compare(of) => {
            expression(&of.expr).or_else(|| of.ops.iter().find_map(|next| expression(&next.expr)))
        }
        Expr::IfExpr(of) => expression(&of.test_expr)
            .or_else(|| expression(&of.true_expr))
            .or_else(|| of.false_expr.as_ref().and_then(expression)),
        Expr::Filter(of) => of
            .expr
            .as_ref()
            .and_then(expression)
            .or_else(|| arguments(&of.args)),
        Expr::Test(of) => expression(&of.expr).or_else(|| arguments(&of.args)),
        Expr::GetAttr(of) => expression(&of.expr),
        Expr::GetItem(of) => expression(&of.expr).or_else(|| expression(&of.subscript_expr)),
        Expr::Slice(of) => [
            Some(&of.expr),
            of.start.as_ref(),
            of.stop.as_ref(),
            of.step.as_ref(),
        ]
        .into_iter()
        .flatten()
        .find_map(expression),
        Expr::List(of) => of.items.iter().find_map(expression),
        Expr::Tuple(of) => of.items.iter().find_map(expression),
        Expr::Map(of) => of.keys.iter().chain(&of.values).find_map(expression),
        Expr::Call(of) => match &of.expr {
            Expr::Var(name) => told(
                expr.span().start_offset,
                &format!("`{}` is no function that can be used here", name.id),
            ),
            _ => told(expr.span().start_offset, "there are no functions here"),
        },
    }
}

fn arguments(args: &[CallArg<'_>]) -> Option<Refused> {
    args.iter().find_map(|argument| match argument {
        CallArg::Pos(expr)
        | CallArg::Kwarg(_, expr)
        | CallArg::PosSplat(expr)
        | CallArg::KwargSplat(expr) => expression(expr),
    })
}

/// What is wrong with an operator: those that repeat, reckon, or fill a pattern out.
const fn operator(kind: BinOpKind) -> Option<&'static str> {
    match kind {
        BinOpKind::Mul | BinOpKind::Pow => Some("`*` repeats a text; write out what you mean"),
        BinOpKind::Rem | BinOpKind::Div | BinOpKind::FloorDiv | BinOpKind::Sub => {
            Some("a text does not reckon; write out what you mean")
        }
        BinOpKind::Eq
        | BinOpKind::Ne
        | BinOpKind::Lt
        | BinOpKind::Lte
        | BinOpKind::Gt
        | BinOpKind::Gte
        | BinOpKind::ScAnd
        | BinOpKind::ScOr
        | BinOpKind::Add
        | BinOpKind::Concat
        | BinOpKind::In => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told_of(source: &str) -> Option<String> {
        refused(source).unwrap().map(|refused| refused.message)
    }

    #[test]
    fn what_repeats_or_remembers_is_refused_wherever_it_hides() {
        for bomb in [
            r#"{{ "x"*90000000 }}"#,
            r#"{{ 90000000 * "x" }}"#,
            r#"{% if given_name %}{{ ("x" ~ ("y"*99999999))|upper }}{% endif %}"#,
            r#"{{ "x" if "y"*99999999 else "z" }}"#,
            r#"{{ given_name|default("x"*99999999) }}"#,
            r#"{{ given_name[:9**99] }}"#,
            r#"{{ ["a", "b"*99999999] }}"#,
            r#"{{ "%99999999d" % 1 }}"#,
            r#"{% for a in [1,2] %}x{% endfor %}"#,
            r#"{% set a = "xxxxxxxx" %}{% set a = a ~ a %}{{ a }}"#,
            r#"{% with a = [1,1] %}{{ [a, a] }}{% endwith %}"#,
            r#"{% macro a() %}x{% endmacro %}{{ a() }}"#,
            r#"{% set a %}x{% endset %}"#,
            r#"{% filter upper %}x{% endfilter %}"#,
            r#"{{ range(99999999) }}"#,
            r#"{% include "body" %}"#,
        ] {
            assert!(told_of(bomb).is_some(), "{bomb}");
        }
    }

    #[test]
    fn what_letters_are_written_with_is_taken() {
        for fine in [
            "Dear {{ given_name|upper }}, {# not sent #}2 * 3 {% raw %}{{ x*9 }}{% endraw %}",
            "{% if code and not link or help_phone == 'x' %}{{ code }}{% elif link %}b{% else %}c{% endif %}",
            r#"{{ "Dear " ~ given_name|default("you") }} {{ given_name[:1] }} {{ link if link else website }}"#,
        ] {
            assert_eq!(told_of(fine), None, "{fine}");
        }
    }

    #[test]
    fn the_place_is_told() {
        let found = refused("Hello\n{{ 'x' * 9 }}").unwrap().unwrap();
        assert!(found.at >= 6 && found.message.contains("repeats"));
    }
}

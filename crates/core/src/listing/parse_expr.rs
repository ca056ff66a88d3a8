//! Tokens to expressions.

use super::Span;
use super::ast::{BinaryOp, Expr, ExprKind};
use super::parse::{DEPTH_MAX, Parser, Read};
use alloc::{boxed::Box, format, vec::Vec};

const OPERATORS: [BinaryOp; 10] = [
    BinaryOp::Or,
    BinaryOp::And,
    BinaryOp::Eq,
    BinaryOp::Ne,
    BinaryOp::Lt,
    BinaryOp::Le,
    BinaryOp::Gt,
    BinaryOp::Ge,
    BinaryOp::Add,
    BinaryOp::Sub,
];

impl Parser<'_> {
    pub(super) fn expr(&mut self) -> Read<Expr> {
        if self.depth >= DEPTH_MAX {
            self.fail::<()>(format!("expressions nest at most {DEPTH_MAX} deep"))?;
        }
        self.depth += 1;
        let expr = self.ternary();
        self.depth -= 1;
        expr
    }

    fn ternary(&mut self) -> Read<Expr> {
        let cond = self.binary(1)?;
        if !self.eat("?") {
            return Ok(cond);
        }
        let yes = self.expr()?;
        self.expect(":", "between the two values of `?`")?;
        let no = self.expr()?;
        let span = Span { start: cond.span.start, end: no.span.end };
        Ok(Expr { span, kind: ExprKind::Ternary(Box::new(cond), Box::new(yes), Box::new(no)) })
    }

    fn binary(&mut self, binds_min: u8) -> Read<Expr> {
        let mut left = self.unary()?;
        loop {
            let found = OPERATORS.iter().find(|op| self.is(op.text()));
            let Some(op) = found.filter(|op| op.binds() >= binds_min) else { return Ok(left) };
            self.bump();
            let right = self.binary(op.binds() + 1)?;
            let span = Span { start: left.span.start, end: right.span.end };
            let kind = ExprKind::Binary(*op, Box::new(left), Box::new(right));
            left = Expr { span, kind };
        }
    }

    fn unary(&mut self) -> Read<Expr> {
        let start = self.span().start;
        if self.eat("!") {
            if self.depth >= DEPTH_MAX {
                self.fail::<()>(format!("expressions nest at most {DEPTH_MAX} deep"))?;
            }
            self.depth += 1;
            let inner = self.unary();
            self.depth -= 1;
            let inner = inner?;
            let span = Span { start, end: inner.span.end };
            return Ok(Expr { span, kind: ExprKind::Not(Box::new(inner)) });
        }
        let mut expr = self.primary()?;
        while self.eat("->") {
            let (name, span) = self.word("a field's name")?;
            let span = Span { start, end: span.end };
            expr = Expr { span, kind: ExprKind::Field(Box::new(expr), name) };
        }
        Ok(expr)
    }

    fn primary(&mut self) -> Read<Expr> {
        let span = self.span();
        if self.eat("(") {
            let inner = self.expr()?;
            let end = self.span().end;
            self.expect(")", "after the expression")?;
            let kind = ExprKind::Paren(Box::new(inner));
            return Ok(Expr { span: Span { start: span.start, end }, kind });
        }
        if self.peek().text.starts_with(|c: char| c.is_ascii_digit()) {
            let text = self.peek().text;
            let Ok(number) = text.parse() else {
                return self.fail(format!("`{text}` is not a decimal number below 2^32"));
            };
            self.bump();
            return Ok(Expr { span, kind: ExprKind::Number(number) });
        }
        let (name, span) = self.word("a value")?;
        let kind = match name.as_str() {
            "NULL" => ExprKind::Null,
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            "hook" => {
                let (name, _) = self.word("the hook's name")?;
                let (args, end) = self.args()?;
                let span = Span { start: span.start, end };
                return Ok(Expr { span, kind: ExprKind::Hook(name, args) });
            }
            _ if self.is("(") => {
                let (args, end) = self.args()?;
                let span = Span { start: span.start, end };
                return Ok(Expr { span, kind: ExprKind::Call(name, args) });
            }
            _ => ExprKind::Name(name),
        };
        Ok(Expr { span, kind })
    }

    fn args(&mut self) -> Read<(Vec<Expr>, usize)> {
        self.expect("(", "before the arguments")?;
        let mut args = Vec::new();
        if !self.is(")") {
            args.push(self.expr()?);
            while self.eat(",") {
                args.push(self.expr()?);
            }
        }
        let end = self.span().end;
        self.expect(")", "after the arguments")?;
        Ok((args, end))
    }
}

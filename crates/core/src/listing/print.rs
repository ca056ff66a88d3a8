//! A listing back to text. For text in the canonical form this is the same text.

use super::ast::{Body, Expr, ExprKind, Field, Function, Item, ItemKind, Listing, Role};
use super::ast::{Stmt, StmtKind, Trivia};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::Write as _;

/// Prints a listing in the canonical form: tabs, the kernel's braces, one blank line between items.
pub fn print(listing: &Listing) -> String {
    let mut p = Printer { out: String::new(), indent: 0 };
    for (key, value) in &listing.header.entries {
        p.line(&format!("{key}: {value}"));
    }
    for item in &listing.items {
        let glued = matches!(item.kind, ItemKind::Global(_)) && !item.trivia.blank;
        if !glued {
            p.out.push('\n');
        }
        p.item(item);
    }
    if !listing.tail.is_empty() {
        p.out.push('\n');
        p.comments(&listing.tail);
    }
    p.out
}

struct Printer {
    out: String,
    indent: usize,
}

impl Printer {
    fn line(&mut self, text: &str) {
        if !text.is_empty() {
            self.out.extend(core::iter::repeat_n('\t', self.indent));
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn comments(&mut self, comments: &[String]) {
        for comment in comments {
            self.line(format!("// {comment}").trim_end());
        }
    }

    fn behind(text: &str, trivia: &Trivia) -> String {
        match &trivia.behind {
            Some(comment) => format!("{text} // {comment}").trim_end().to_string(),
            None => text.to_string(),
        }
    }

    fn item(&mut self, item: &Item) {
        self.comments(&item.trivia.before);
        match &item.kind {
            ItemKind::Slot { keys, fields } => {
                let keys: Vec<&str> = keys.iter().map(|(k, _)| k.as_str()).collect();
                self.fields(&format!("slot per {}", keys.join(", ")), fields, &item.trivia);
            }
            ItemKind::Memcg(fields) => self.fields("memcg", fields, &item.trivia),
            ItemKind::Cookie(fields) => self.fields("cookie", fields, &item.trivia),
            ItemKind::Global(field) => {
                let text = format!("global {}{};", field.ty.prefix(), field.name);
                self.line(&Self::behind(&text, &item.trivia));
            }
            ItemKind::Function(function) => self.function(function, &item.trivia),
        }
    }

    fn fields(&mut self, head: &str, fields: &[Field], trivia: &Trivia) {
        self.line(&format!("{head} {{"));
        self.indent += 1;
        for (at, field) in fields.iter().enumerate() {
            if at > 0 && field.trivia.blank {
                self.line("");
            }
            self.comments(&field.trivia.before);
            let text = format!("{}{};", field.ty.prefix(), field.name);
            self.line(&Self::behind(&text, &field.trivia));
        }
        self.indent -= 1;
        self.line(&Self::behind("}", trivia));
    }

    fn function(&mut self, f: &Function, trivia: &Trivia) {
        let params: Vec<String> =
            f.params.iter().map(|p| format!("{}{}", p.ty.prefix(), p.name)).collect();
        let params = if params.is_empty() { "void".to_string() } else { params.join(", ") };
        let name = &f.name;
        self.line(&match f.role {
            Role::Plain => format!("{}{name}({params})", f.returns.prefix()),
            Role::Hook => format!("hook {name}({params})"),
            Role::Stage { on_last_put: false } => format!("stage {name}({params})"),
            Role::Stage { on_last_put: true } => format!("stage {name}({params}) on last put"),
        });
        self.line("{");
        self.indent += 1;
        self.stmts(&f.body);
        self.comments(&f.tail);
        self.indent -= 1;
        self.line(&Self::behind("}", trivia));
    }

    fn stmts(&mut self, stmts: &[Stmt]) {
        for (at, stmt) in stmts.iter().enumerate() {
            if at > 0 && stmt.trivia.blank {
                self.line("");
            }
            self.comments(&stmt.trivia.before);
            self.stmt(stmt, "");
        }
    }

    /// Prints a statement behind `lead` (which is `else ` for a chained `if`).
    fn stmt(&mut self, stmt: &Stmt, lead: &str) {
        let text = match &stmt.kind {
            StmtKind::If { cond, then, other } => {
                return self.if_stmt(lead, cond, then, other.as_ref(), &stmt.trivia);
            }
            StmtKind::While { cond, body } => {
                return self.loop_stmt(&format!("while ({})", expr(cond)), body, &stmt.trivia);
            }
            StmtKind::DoWhile { body, cond } => {
                let close = format!("while ({});", expr(cond));
                self.open("do", body);
                if body.braces {
                    return self.line(&Self::behind(&format!("}} {close}"), &stmt.trivia));
                }
                close
            }
            StmtKind::ForEachSlot { var, of, body } => {
                let head = format!("for_each_slot ({var}, {})", expr(of));
                return self.loop_stmt(&head, body, &stmt.trivia);
            }
            StmtKind::ForEachChild { var, of, body } => {
                let head = format!("for_each_child ({var}, {})", expr(of));
                return self.loop_stmt(&head, body, &stmt.trivia);
            }
            StmtKind::ForEachAncestor { var, of, body } => {
                let head = format!("for_each_ancestor ({var}, {})", expr(of));
                return self.loop_stmt(&head, body, &stmt.trivia);
            }
            StmtKind::Label(name) => {
                self.indent -= 1;
                self.line(&Self::behind(&format!("{name}:"), &stmt.trivia));
                self.indent += 1;
                return;
            }
            StmtKind::Local { ty, name, init: None } => format!("{}{name};", ty.prefix()),
            StmtKind::Local { ty, name, init: Some(e) } => {
                format!("{}{name} = {};", ty.prefix(), expr(e))
            }
            StmtKind::Assign { target, value } => format!("{} = {};", expr(target), expr(value)),
            StmtKind::Bump { target, down: false } => format!("{}++;", expr(target)),
            StmtKind::Bump { target, down: true } => format!("{}--;", expr(target)),
            StmtKind::Expr(e) => format!("{};", expr(e)),
            StmtKind::Return(None) => "return;".to_string(),
            StmtKind::Return(Some(e)) => format!("return {};", expr(e)),
            StmtKind::Goto(label) => format!("goto {label};"),
            StmtKind::Break => "break;".to_string(),
            StmtKind::Continue => "continue;".to_string(),
        };
        self.line(&Self::behind(&text, &stmt.trivia));
    }

    /// The head of a block and all in it, without the closing brace.
    fn open(&mut self, head: &str, body: &Body) {
        if body.braces {
            self.line(&format!("{head} {{"));
        } else {
            self.line(head);
        }
        self.indent += 1;
        self.stmts(&body.stmts);
        self.comments(&body.tail);
        self.indent -= 1;
    }

    fn loop_stmt(&mut self, head: &str, body: &Body, trivia: &Trivia) {
        self.open(head, body);
        if body.braces {
            self.line(&Self::behind("}", trivia));
        }
    }

    fn if_stmt(
        &mut self,
        lead: &str,
        cond: &Expr,
        then: &Body,
        other: Option<&Body>,
        trivia: &Trivia,
    ) {
        self.open(&format!("{lead}if ({})", expr(cond)), then);
        let lead = if then.braces { "} else" } else { "else" };
        match other {
            None if then.braces => self.line(&Self::behind("}", trivia)),
            None => {}
            Some(body) => match body.stmts.as_slice() {
                [Stmt { kind: StmtKind::If { .. }, .. }] if !body.braces => {
                    self.stmt(&body.stmts[0], &format!("{lead} "));
                }
                _ => {
                    self.open(lead, body);
                    if body.braces {
                        self.line(&Self::behind("}", trivia));
                    }
                }
            },
        }
    }
}

fn args(list: &[Expr]) -> String {
    let texts: Vec<String> = list.iter().map(expr).collect();
    texts.join(", ")
}

/// An expression as text.
pub(crate) fn expr(e: &Expr) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = match &e.kind {
        ExprKind::Null => write!(out, "NULL"),
        ExprKind::Bool(b) => write!(out, "{b}"),
        ExprKind::Number(n) => write!(out, "{n}"),
        ExprKind::Name(name) => write!(out, "{name}"),
        ExprKind::Field(base, field) => write!(out, "{}->{field}", expr(base)),
        ExprKind::Call(name, list) => write!(out, "{name}({})", args(list)),
        ExprKind::Hook(name, list) => write!(out, "hook {name}({})", args(list)),
        ExprKind::Not(inner) => write!(out, "!{}", expr(inner)),
        ExprKind::Binary(op, a, b) => write!(out, "{} {} {}", expr(a), op.text(), expr(b)),
        ExprKind::Ternary(c, a, b) => write!(out, "{} ? {} : {}", expr(c), expr(a), expr(b)),
        ExprKind::Paren(inner) => write!(out, "({})", expr(inner)),
    };
    out
}

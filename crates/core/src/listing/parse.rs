//! Tokens to items. Goes on after a mistake, so that several are reported at once.

use super::ast::{Field, Function, Header, Item, ItemKind, Listing, Role, Trivia, Type};
use super::lex::{Token, TokenKind, lex};
use super::{Diagnostic, Span, nearest};
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

/// What reading a text gave: all that is sound, and what is not.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The listing, without what could not be read.
    pub listing: Listing,
    /// Mistakes, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Longest listing in bytes that is read.
const TEXT_BYTES_MAX: usize = 200_000;

/// Deepest nesting of statements and of expressions.
pub(super) const DEPTH_MAX: usize = 64;

/// Most mistakes that are reported.
const DIAGNOSTICS_MAX: usize = 50;

/// Reads a listing. Never fails: what is wrong is in the diagnostics.
pub fn parse(text: &str) -> Parsed {
    let mut diagnostics = Vec::new();
    if text.len() > TEXT_BYTES_MAX {
        let message = format!(
            "a listing has at most {TEXT_BYTES_MAX} bytes, this one has {}: none of it was read",
            text.len()
        );
        diagnostics.push(Diagnostic::new(text, Span::default(), message));
        return Parsed { listing: Listing::default(), diagnostics };
    }
    let (header, from) = read_header(text, &mut diagnostics);
    let tokens = lex(text, from, &mut diagnostics);
    let mut parser = Parser { text, tokens, at: 0, diagnostics, depth: 0 };
    let (items, tail) = parser.items();
    let mut diagnostics = crate::order::ordered_by_key(parser.diagnostics, |d| d.span.start);
    diagnostics.truncate(DIAGNOSTICS_MAX);
    Parsed { listing: Listing { header, items, tail }, diagnostics }
}

fn read_header(text: &str, diagnostics: &mut Vec<Diagnostic>) -> (Header, usize) {
    let mut header = Header::default();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        let span = Span { start: at, end: at + line.trim_end().len() };
        if content.is_empty() {
            break;
        }
        at += line.len();
        if let Some((key, value)) = content.split_once(':') {
            header.entries.push((key.trim().to_string(), value.trim().to_string()));
        } else {
            let message = "a header line is `key: value`; the header ends with a blank line";
            diagnostics.push(Diagnostic::new(text, span, message.to_string()));
        }
    }
    if header.kind().is_none() {
        let message = "a listing begins with `policy: name`, `core: name` or `walk: name`";
        diagnostics.push(Diagnostic::new(text, Span::default(), message.to_string()));
    }
    (header, at)
}

/// Said already, in a diagnostic: give up on this statement or item.
pub(super) struct Lost;

pub(super) type Read<T> = Result<T, Lost>;

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token<'t>>,
    pub(super) at: usize,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) depth: usize,
}

impl<'t> Parser<'t> {
    pub(super) fn peek(&self) -> &Token<'t> {
        &self.tokens[self.at]
    }

    pub(super) fn peek_second(&self) -> &Token<'t> {
        &self.tokens[(self.at + 1).min(self.tokens.len() - 1)]
    }

    pub(super) fn span(&self) -> Span {
        self.peek().span
    }

    pub(super) fn bump(&mut self) -> &'t str {
        let text = self.peek().text;
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
        text
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.peek().kind != TokenKind::End && self.peek().text == text
    }

    pub(super) fn eat(&mut self, text: &str) -> bool {
        let found = self.is(text);
        if found {
            self.bump();
        }
        found
    }

    pub(super) fn fail<T>(&mut self, message: String) -> Read<T> {
        let diagnostic = Diagnostic::new(self.text, self.span(), message);
        self.diagnostics.push(diagnostic);
        Err(Lost)
    }

    fn found(&self) -> String {
        match self.peek().kind {
            TokenKind::End => "the end of the text".to_string(),
            _ => format!("`{}`", self.peek().text),
        }
    }

    pub(super) fn expect(&mut self, text: &str, whose: &str) -> Read<()> {
        if self.eat(text) {
            return Ok(());
        }
        self.fail(format!("expected `{text}` {whose}, found {}", self.found()))
    }

    pub(super) fn word(&mut self, what: &str) -> Read<(String, Span)> {
        if self.peek().kind == TokenKind::Word {
            let span = self.span();
            return Ok((self.bump().to_string(), span));
        }
        self.fail(format!("expected {what}, found {}", self.found()))
    }

    pub(super) fn trivia(&mut self) -> Trivia {
        let token = &mut self.tokens[self.at];
        let mut before = Vec::new();
        before.extend(token.behind_previous.take());
        before.append(&mut token.comments);
        Trivia { blank: token.blank, before, behind: None }
    }

    pub(super) fn behind(&mut self) -> Option<String> {
        self.tokens[self.at].behind_previous.take()
    }

    fn items(&mut self) -> (Vec<Item>, Vec<String>) {
        let mut items = Vec::new();
        while self.peek().kind != TokenKind::End {
            let trivia = self.trivia();
            let from = self.at;
            if let Ok(mut item) = self.item() {
                item.trivia = Trivia { behind: self.behind(), ..trivia };
                items.push(item);
            } else {
                self.skip_item(from);
            }
        }
        let tail = self.trivia().before;
        (items, tail)
    }

    /// Goes on behind the closing brace that ends the item begun at `from`.
    fn skip_item(&mut self, from: usize) {
        if self.at == from {
            self.bump();
        }
        let mut depth = 0_usize;
        for token in &self.tokens[from..self.at] {
            match token.text {
                "{" => depth += 1,
                "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        while self.peek().kind != TokenKind::End {
            match self.bump() {
                "{" => depth += 1,
                "}" if depth <= 1 => break,
                "}" => depth -= 1,
                ";" if depth == 0 => break,
                _ => {}
            }
        }
    }

    fn item(&mut self) -> Read<Item> {
        let span = self.span();
        let second = self.peek_second().text;
        let kind = match self.peek().text {
            "slot" if second == "per" => self.slot()?,
            "memcg" if second == "{" => {
                self.bump();
                ItemKind::Memcg(self.fields()?)
            }
            "cookie" if second == "{" => {
                self.bump();
                ItemKind::Cookie(self.fields()?)
            }
            "global" => {
                self.bump();
                ItemKind::Global(self.field(";")?)
            }
            "hook" => {
                self.bump();
                ItemKind::Function(self.function(Role::Hook, Type::Void)?)
            }
            "stage" => {
                self.bump();
                ItemKind::Function(self.function(Role::Stage { on_last_put: false }, Type::Void)?)
            }
            _ => {
                let returns = self.ty(
                    "a function, `slot per`, `memcg {`, `cookie {`, `global`, `hook` or `stage`",
                )?;
                ItemKind::Function(self.function(Role::Plain, returns)?)
            }
        };
        Ok(Item { trivia: Trivia::default(), span, kind })
    }

    fn slot(&mut self) -> Read<ItemKind> {
        self.bump();
        self.bump();
        let mut keys = vec![self.word("what tells slots apart")?];
        while self.eat(",") {
            keys.push(self.word("what tells slots apart")?);
        }
        for (key, span) in &keys {
            let known = ["root", "node", "zone", "priority"];
            if !known.contains(&key.as_str()) {
                let message = format!("slots cannot be told apart by `{key}`");
                let hint = nearest(key, known).map_or_else(
                    || "use root, node, zone, priority".to_string(),
                    |k| format!("did you mean `{k}`?"),
                );
                let diagnostic = Diagnostic::new(self.text, *span, message).suggest(Some(hint));
                self.diagnostics.push(diagnostic);
            }
        }
        Ok(ItemKind::Slot { keys, fields: self.fields()? })
    }

    fn fields(&mut self) -> Read<Vec<Field>> {
        self.expect("{", "before the fields")?;
        let mut fields = Vec::new();
        while !self.eat("}") {
            let trivia = self.trivia();
            let mut field = self.field(";")?;
            field.trivia = Trivia { behind: self.behind(), ..trivia };
            fields.push(field);
        }
        Ok(fields)
    }

    fn field(&mut self, end: &str) -> Read<Field> {
        let ty = self.ty("a type")?;
        let (name, span) = self.word("a name")?;
        if !end.is_empty() {
            self.expect(end, "after the name")?;
        }
        Ok(Field { trivia: Trivia::default(), ty, name, span })
    }

    pub(super) fn is_type(&self) -> bool {
        let star = self.peek_second().text == "*";
        match self.peek().text {
            "int" | "bool" | "void" => self.peek_second().kind == TokenKind::Word,
            "memcg" | "slot" | "cookie" => star,
            _ => false,
        }
    }

    pub(super) fn ty(&mut self, what: &str) -> Read<Type> {
        let ty = match self.peek().text {
            "void" => Type::Void,
            "bool" => Type::Bool,
            "int" => Type::Int,
            "memcg" => Type::Memcg,
            "slot" => Type::Slot,
            "cookie" => Type::Cookie,
            _ => {
                let known = ["void", "bool", "int", "memcg", "slot", "cookie"];
                let hint = nearest(self.peek().text, known).map(|k| format!("did you mean `{k}`?"));
                let message = format!("expected {what}, found {}", self.found());
                let diagnostic = Diagnostic::new(self.text, self.span(), message).suggest(hint);
                self.diagnostics.push(diagnostic);
                return Err(Lost);
            }
        };
        self.bump();
        if matches!(ty, Type::Memcg | Type::Slot | Type::Cookie) {
            self.expect("*", "since groups, slots and cookies are handled by pointer")?;
        }
        Ok(ty)
    }

    fn function(&mut self, mut role: Role, returns: Type) -> Read<Function> {
        let (name, _) = self.word("the function's name")?;
        self.expect("(", "before the parameters")?;
        let mut params = Vec::new();
        if !self.eat(")") {
            if self.is("void") && self.peek_second().text == ")" {
                self.bump();
            } else {
                params.push(self.field("")?);
                while self.eat(",") {
                    params.push(self.field("")?);
                }
            }
            self.expect(")", "after the parameters")?;
        }
        if let Role::Stage { on_last_put } = &mut role
            && self.eat("on")
        {
            self.expect("last", "(a stage runs `on last put`)")?;
            self.expect("put", "(a stage runs `on last put`)")?;
            *on_last_put = true;
        }
        self.expect("{", "before the function's body")?;
        let (body, tail) = self.block();
        Ok(Function { role, returns, name, params, body, tail })
    }
}

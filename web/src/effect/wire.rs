//! Questions and answers as messages between page and worker: lists of plain values, read and written by hand. A
//! library for it is several times as large, and both ends are built together.

use crate::work::{Answer, Note, Question, Task, Tree};
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

/// Where a question's text stands in its message; another text can be put there.
pub(super) const TEXT: u32 = 2;
/// Where a file can be put.
pub(super) const FILE: u32 = 3;

/// Values of a message, taken one by one.
struct Reader(Array, u32);

impl Reader {
    fn of(message: JsValue) -> Option<Self> {
        message.dyn_into().ok().map(|list| Self(list, 0))
    }

    fn next(&mut self) -> JsValue {
        self.1 += 1;
        self.0.get(self.1 - 1)
    }

    fn number(&mut self) -> Option<u32> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates; written by the other end"
        )]
        self.next().as_f64().map(|n| n as u32)
    }

    fn text(&mut self) -> Option<String> {
        self.next().as_string()
    }

    fn task(&mut self) -> Option<Task> {
        Task::ALL.get(self.number()? as usize).copied()
    }
}

fn number(n: usize) -> JsValue {
    u32::try_from(n).unwrap_or(u32::MAX).into()
}

pub(super) fn question(question: &Question) -> Array {
    let out = Array::new();
    out.push(&number(question.task as usize));
    out.push(&question.id.into());
    out.push(&question.text.as_str().into());
    out
}

pub(super) fn question_of(message: JsValue) -> Option<Question> {
    let mut reader = Reader::of(message)?;
    Some(Question { task: reader.task()?, id: reader.number()?, text: reader.text()? })
}

pub(super) fn answer(answer: &Answer) -> Array {
    let out = Array::new();
    let (lines, n_groups) = answer.tree.parts();
    for n in [answer.task as usize, answer.id as usize, n_groups, answer.n_lines, answer.n_more] {
        out.push(&number(n));
    }
    out.push(&answer.words.as_str().into());
    out.push(&lines.into());
    for note in &answer.notes {
        let Note { is_error, line, column, text, why, help } = note;
        for n in [u32::from(*is_error), *line, *column] {
            out.push(&n.into());
        }
        for text in [text, why, help] {
            out.push(&text.as_str().into());
        }
    }
    out
}

pub(super) fn answer_of(message: JsValue) -> Option<Answer> {
    let mut reader = Reader::of(message)?;
    let (task, id) = (reader.task()?, reader.number()?);
    let mut count = || reader.number().map(|n| n as usize);
    let (n_groups, n_lines, n_more) = (count()?, count()?, count()?);
    let words = reader.text()?;
    let tree = Tree::of_parts(reader.text()?, n_groups);
    let mut notes = Vec::new();
    while reader.1 < reader.0.length() {
        notes.push(Note {
            is_error: reader.number()? != 0,
            line: reader.number()?,
            column: reader.number()?,
            text: reader.text()?,
            why: reader.text()?,
            help: reader.text()?,
        });
    }
    Some(Answer { task, id, words, tree, n_lines, notes, n_more })
}

//! Questions and answers as lists of texts, in which form they cross to the worker and back.
//!
//! A list of texts is read back by far less code than what browsers' objects need.

use super::{Answer, Note, Question, Task, Tree};

/// Texts of an answer before its notes, and of each note.
const N_HEAD: usize = 7;
const N_NOTE: usize = 6;

fn task(text: &str) -> Option<Task> {
    Task::ALL.get(text.parse::<usize>().ok()?).copied()
}

impl Question {
    /// As texts; the last is the question's own.
    pub fn written(&self) -> [String; 3] {
        [(self.task as u32).to_string(), self.id.to_string(), self.text.clone()]
    }

    /// Reads it back.
    pub fn read(texts: Vec<String>) -> Option<Self> {
        let [task, id, text] = <[String; 3]>::try_from(texts).ok()?;
        Some(Self { task: self::task(&task)?, id: id.parse().ok()?, text })
    }
}

impl Answer {
    /// As texts.
    pub fn written(&self) -> Vec<String> {
        let Self { task, id, words, tree, n_lines, notes, n_more } = self;
        let mut out = vec![
            (*task as u32).to_string(),
            id.to_string(),
            words.clone(),
            tree.lines.clone(),
            tree.n_groups.to_string(),
            n_lines.to_string(),
            n_more.to_string(),
        ];
        for Note { is_error, line, column, text, why, help } in notes {
            out.push(u8::from(*is_error).to_string());
            out.extend([line.to_string(), column.to_string()]);
            out.extend([text, why, help].map(Clone::clone));
        }
        out
    }

    /// Reads it back.
    pub fn read(texts: &[String]) -> Option<Self> {
        let (head, notes) = texts.split_at_checked(N_HEAD)?;
        let number = |text: &String| text.parse().ok();
        let note = |note: &[String]| {
            Some(Note {
                is_error: note[0] == "1",
                line: number(&note[1])?,
                column: number(&note[2])?,
                text: note[3].clone(),
                why: note[4].clone(),
                help: note[5].clone(),
            })
        };
        Some(Self {
            task: task(&head[0])?,
            id: number(&head[1])?,
            words: head[2].clone(),
            tree: Tree { lines: head[3].clone(), n_groups: head[4].parse().ok()? },
            n_lines: head[5].parse().ok()?,
            n_more: head[6].parse().ok()?,
            notes: notes.chunks_exact(N_NOTE).map(note).collect::<Option<_>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Desk;
    use crate::work::answer;

    #[test]
    fn what_crosses_comes_out_the_same() {
        for (n, task) in (0..).zip(Task::ALL) {
            let question = Question { task: *task, id: n, text: "a\tb\nc".into() };
            assert_eq!(Question::read(question.written().to_vec()), Some(question));
        }
        let text =
            "hierarchy:\n  a\n    b\n  /x\nthreads:\n  k: reclaim nowhere\n  oh\n".to_owned();
        let question = Question { task: Task::Parse, id: 7, text };
        let said = answer(&mut Desk::default(), &question, &mut |_| {});
        assert!(!said.notes.is_empty());
        assert_eq!(Answer::read(&said.written()), Some(said));
        assert_eq!(Answer::read(&["1".into()]), None);
        assert_eq!(Question::read(vec!["99".into(), "1".into(), String::new()]), None);
    }
}

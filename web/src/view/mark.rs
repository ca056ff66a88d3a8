//! A thread's mark: its letter and colour, the same wherever it appears.

use memcg_core::world::{Role, World};
use yew::{AttrValue, Html, classes, html};

/// How a thread is marked.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct ThreadMark {
    /// One letter, `A` for the first thread and `W` for the worker.
    pub letter: AttrValue,
    /// Its name.
    pub name: AttrValue,
    /// Class of its colour.
    pub tone: &'static str,
    /// It walks the tree, so that it has a token beside the rows.
    pub walks: bool,
}

const TONES: [&str; 8] = ["t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7"];

/// The marks of a world's threads, in its order; the worker's comes last.
pub fn of(world: &World) -> Vec<ThreadMark> {
    let threads = world.threads.iter().enumerate().map(|(at, thread)| ThreadMark {
        letter: letter(at),
        name: thread.name.clone().into(),
        tone: TONES[at % TONES.len()],
        walks: matches!(thread.role, Role::Reclaimer { .. }),
    });
    let worker =
        ThreadMark { letter: "W".into(), name: World::WORKER.into(), tone: "tw", walks: false };
    threads.chain(std::iter::once(worker)).collect()
}

/// `A` to `V`, then `A2` and so on: `W` is the worker's.
fn letter(at: usize) -> AttrValue {
    const N_LETTERS: usize = 22;
    let first = char::from(b'A' + u8::try_from(at % N_LETTERS).unwrap_or(0));
    match at / N_LETTERS {
        0 => AttrValue::from(first.to_string()),
        n => AttrValue::from(format!("{first}{}", n + 1)),
    }
}

/// The mark as a small disc within text; silent for screen readers, so say the name beside it.
pub fn disc(mark: &ThreadMark) -> Html {
    html! { <span class={classes!("disc", mark.tone)} aria-hidden="true">{ &mark.letter }</span> }
}

/// Names in a sentence: `A`, `A and B`, `A, B and C`.
pub fn names(marks: &[ThreadMark], threads: &[usize]) -> String {
    let names: Vec<&str> =
        threads.iter().filter_map(|at| marks.get(*at)).map(|m| m.name.as_str()).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

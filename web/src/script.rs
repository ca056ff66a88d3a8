//! What scripts and tests see of the page, as JSON. Documented in `docs/page-api.md`.
//!
//! Written by hand: a serializer and its values between are several times as large.

use crate::model::Model;
use crate::model::playback::Playback;
use crate::model::text::Verdict;
use memcg_core::picture::{
    Counters, Fault, GroupPicture, LanePicture, Life, Next, PinPicture, ThreadPicture,
};
use memcg_core::run::{Choice, Possible};
use memcg_core::world::World;
use std::fmt::{Display, Write as _};

/// The version of this interface.
pub const VERSION: u32 = 1;

/// A value that is written as JSON.
type Write<'a> = &'a mut dyn FnMut(&mut Json);

/// JSON under construction.
#[derive(Default)]
struct Json(String);

impl Json {
    /// A comma, unless it is the first in its brackets.
    fn next(&mut self) {
        if !self.0.ends_with(['{', '[', ':']) && !self.0.is_empty() {
            self.0.push(',');
        }
    }

    fn key(&mut self, name: &str) -> &mut Self {
        self.text(name);
        self.0.push(':');
        self
    }

    /// A number or a word of JSON's own.
    fn plain(&mut self, value: &dyn Display) {
        self.next();
        let _ = write!(self.0, "{value}");
    }

    fn text(&mut self, text: &str) {
        self.next();
        self.0.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => self.0.extend(['\\', c]),
                '\n' => self.0.push_str("\\n"),
                c if c < ' ' => {
                    let _ = write!(self.0, "\\u{:04x}", u32::from(c));
                }
                c => self.0.push(c),
            }
        }
        self.0.push('"');
    }

    fn maybe(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    fn null(&mut self) {
        self.plain(&"null");
    }

    fn count(&mut self, n: Option<u32>) {
        match n {
            Some(n) => self.plain(&n),
            None => self.null(),
        }
    }

    fn object(&mut self, write: Write) {
        self.next();
        self.0.push('{');
        write(self);
        self.0.push('}');
    }

    fn list<T>(&mut self, all: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        self.next();
        self.0.push('[');
        for one in all {
            write(self, one);
        }
        self.0.push(']');
    }
}

/// The page as it is.
pub fn state(model: &Model) -> String {
    let mut out = Json::default();
    let playback = model.playback();
    let branches = model.branches();
    out.object(&mut |out| {
        out.key("title").text(&model.document.scenario().title);
        out.key("cursor").plain(&model.cursor());
        out.key("nMoves").plain(&playback.map_or(0, |p| p.player.len()));
        out.key("branch").text(branches.all.get(branches.shown).map_or("", |b| &b.name));
        out.key("branches").list(&branches.all, |out, b| out.text(&b.name));
        out.key("playing").plain(&playback.is_some_and(Playback::is_playing));
        // What the last move did.
        out.key("sentence").text(playback.map_or("", |p| &p.shown.sentence));
        // Where lanes first differ, among the moves played so far.
        out.key("divergence");
        match playback.and_then(|p| p.player.divergence()) {
            Some(parting) => out.object(&mut |out| {
                out.key("at").plain(&parting.at);
                out.key("words").text(&parting.words);
            }),
            None => out.null(),
        }
        let threads = playback.map(|p| &p.world.threads[..]).unwrap_or_default();
        out.key("threads").list(threads, |out, thread| out.text(&thread.name));
        let choices = playback.map(|p| &p.shown.choices[..]).unwrap_or_default();
        out.key("choices").list(choices, choice);
        out.key("lanes").list(playback.map(lanes).into_iter().flatten(), lane);
        // Titles of the notices on the page.
        out.key("notices").list(&model.troubles, |out, trouble| out.text(&trouble.title));
        // The text tab holds a text with mistakes.
        let typed = model.text.typed.as_ref();
        out.key("textIsWrong").plain(&typed.is_some_and(|t| t.verdict == Verdict::Wrong));
    });
    out.0
}

fn choice(out: &mut Json, choice: &Choice) {
    out.object(&mut |out| {
        out.key("thread").text(choice.mv.thread());
        // By lane: the next step in words, or why there is none.
        out.key("lanes").list(&choice.lanes, |out, possible| {
            let (is_possible, words) = match possible {
                Possible::Yes(words) => (true, words),
                Possible::No(why) => (false, why),
            };
            out.object(&mut |out| {
                out.key("possible").plain(&is_possible);
                out.key("words").text(words);
            });
        });
    });
}

fn lanes(playback: &Playback) -> impl Iterator<Item = (&World, String, &LanePicture)> {
    let lanes = playback.player.run().lanes().iter();
    let pictures = playback.shown.pictures.iter();
    lanes.zip(pictures).map(|(lane, p)| (&*playback.world, lane.spec().to_string(), &**p))
}

fn lane(out: &mut Json, (world, name, picture): (&World, String, &LanePicture)) {
    let Counters { n_rounds, n_restarts, n_visits, n_wiped } = picture.counters;
    out.object(&mut |out| {
        out.key("lane").text(&name);
        out.key("counters").object(&mut |out| {
            out.key("rounds").plain(&n_rounds);
            out.key("restarts").plain(&n_restarts);
            out.key("visits").plain(&n_visits);
            out.key("wiped").plain(&n_wiped);
        });
        out.key("fault");
        match &picture.fault {
            Some(Fault { name, words, .. }) => out.object(&mut |out| {
                out.key("name").text(name);
                out.key("words").text(words);
            }),
            None => out.null(),
        }
        out.key("groups").list(&picture.groups, |out, it| group(out, world, it));
        out.key("pins").list(&picture.pins, |out, it| pin(out, world, it));
        out.key("threads")
            .list(picture.threads.iter().enumerate(), |out, (at, it)| thread(out, world, at, it));
    });
}

fn group(out: &mut Json, world: &World, group: &GroupPicture) {
    let life = match group.life {
        Life::Unborn => "unborn",
        Life::Coming => "coming",
        Life::Alive => "alive",
        Life::Dying => "dying",
        Life::Offline => "offline",
        Life::Unlinked => "unlinked",
        Life::Freed => "freed",
    };
    out.object(&mut |out| {
        out.key("path").text(world.path(group.group));
        out.key("life").text(life);
        out.key("refs").plain(&group.n_refs);
        // Place in its round, from 1.
        out.key("visit").count(group.visit);
        out.key("visits").plain(&group.n_visits);
    });
}

fn pin(out: &mut Json, world: &World, pin: &PinPicture) {
    out.object(&mut |out| {
        out.key("root").text(world.path(pin.root));
        out.key("key").text(&pin.key);
        out.key("group").maybe(pin.group.map(|group| world.path(group)));
        out.key("dangling").plain(&pin.dangling);
        out.key("generation").count(pin.generation);
    });
}

fn thread(out: &mut Json, world: &World, at: usize, thread: &ThreadPicture) {
    let next = match &thread.next {
        Next::Access { words, .. } => words.clone(),
        Next::Waits { stage, group, .. } => ["waits: ", stage, " of ", world.path(*group)].concat(),
        Next::Blocked(why) => ["blocked: ", why].concat(),
        Next::Done => "done".to_owned(),
    };
    out.object(&mut |out| {
        out.key("name").text(world.threads.get(at).map_or("", |t| &t.name));
        out.key("holds").maybe(thread.holds.map(|group| world.path(group)));
        out.key("call").maybe(thread.call.as_deref());
        out.key("line");
        match &thread.line {
            Some((file, line)) => out.list([()], |out, ()| {
                out.text(file);
                out.plain(line);
            }),
            None => out.null(),
        }
        out.key("next").text(&next);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_people_have_named_is_text() {
        let mut out = Json::default();
        out.object(&mut |out| {
            out.key("a\"b").text("c\\d\n\u{1}é");
            out.key("n").list([1, 2], |out, n| out.plain(&n));
            out.key("none").maybe(None);
        });
        assert_eq!(out.0, "{\"a\\\"b\":\"c\\\\d\\n\\u0001é\",\"n\":[1,2],\"none\":null}");
    }
}

//! A fenced `memcg` block: where it is in a chapter, and what its options say.

use memcg_core::listing::nearest;
use memcg_core::run::Grain;
use memcg_core::schedule::LaneSpec;
use memcg_render::Theme;
use pulldown_cmark::{CodeBlockKind, Event, Options as Markdown, Parser, Tag, TagEnd};
use std::ops::Range;

/// What readers of a living figure may do.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Mode {
    /// Play what is recorded.
    Figure,
    /// Let threads take other steps.
    Steppable,
    /// Change the scenario.
    Editable,
}

impl Mode {
    /// Its name as the element's attribute, and its flag in a link; none for what needs no word.
    pub(crate) const fn words(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Figure => None,
            Self::Steppable => Some(("steppable", "step")),
            Self::Editable => Some(("editable", "edit")),
        }
    }
}

/// A block as it stands in a chapter.
#[derive(Clone, Eq, PartialEq, Debug)]
pub(crate) struct Block {
    /// Bytes of the chapter, fences included.
    pub(crate) range: Range<usize>,
    /// What stands after the opening fence.
    pub(crate) info: String,
    /// What stands between the fences.
    pub(crate) text: String,
}

/// What the options of a block ask for.
#[derive(Clone, Eq, PartialEq, Debug)]
pub(crate) struct Options {
    /// A file, from the chapter's folder, or a scenario of the gallery; otherwise the block holds the scenario.
    pub(crate) file: Option<String>,
    /// Lanes in place of the scenario's.
    pub(crate) policies: Vec<LaneSpec>,
    /// Moves made; all without it.
    pub(crate) step: Option<usize>,
    /// `auto` or pixels.
    pub(crate) height: Option<String>,
    pub(crate) theme: Theme,
    /// Readers may take other moves than those recorded.
    pub(crate) mode: Mode,
    /// How finely the race is told as text.
    pub(crate) grain: Grain,
    pub(crate) caption: Option<String>,
    pub(crate) alt: Option<String>,
}

const KEYS: [&str; 9] =
    ["file", "policy", "step", "height", "theme", "mode", "grain", "caption", "alt"];

/// The fenced `memcg` blocks of a chapter, in order.
pub(crate) fn find(chapter: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut inside = false;
    for (event, range) in Parser::new_ext(chapter, Markdown::all()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if is_ours(&info) => {
                inside = true;
                found.push(Block { range, info: info.to_string(), text: String::new() });
            }
            Event::Text(text) if inside => {
                if let Some(block) = found.last_mut() {
                    block.text.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => inside = false,
            _ => {}
        }
    }
    found
}

fn is_ours(info: &str) -> bool {
    info.split([' ', '\t', ',']).next() == Some("memcg")
}

impl Options {
    /// Reads `memcg key=value key="two words"`.
    pub(crate) fn parse(info: &str) -> Result<Self, String> {
        let mut out = Self {
            file: None,
            policies: Vec::new(),
            step: None,
            height: None,
            theme: Theme::Auto,
            mode: Mode::Figure,
            grain: Grain::Statement,
            caption: None,
            alt: None,
        };
        let mut rest = info.trim_start().strip_prefix("memcg").unwrap_or(info);
        while let Some((key, value, after)) = option(rest)? {
            out.set(key, value)?;
            rest = after;
        }
        Ok(out)
    }

    fn set(&mut self, key: &str, value: String) -> Result<(), String> {
        let not_one = |what: &str| format!("{key} takes {what}, not \"{value}\"");
        match key {
            "file" => self.file = Some(value),
            "policy" => {
                let names = value.split(',').map(str::trim).filter(|name| !name.is_empty());
                self.policies.extend(names.map(lane));
            }
            "step" => self.step = Some(value.parse().map_err(|_| not_one("a number of moves"))?),
            "height" => {
                if value != "auto" && value.parse::<u16>().is_err() {
                    return Err(not_one("a number of pixels or auto"));
                }
                self.height = Some(value);
            }
            "theme" => {
                let theme = Theme::of_name(&value).filter(|theme| *theme != Theme::Print);
                self.theme = theme.ok_or_else(|| not_one("auto, light or dark"))?;
            }
            "mode" => match value.as_str() {
                "figure" => self.mode = Mode::Figure,
                "steppable" => self.mode = Mode::Steppable,
                "editable" => self.mode = Mode::Editable,
                _ => return Err(not_one("figure, steppable or editable")),
            },
            "grain" => match value.as_str() {
                "access" => self.grain = Grain::Access,
                "statement" => self.grain = Grain::Statement,
                "call" => self.grain = Grain::Call,
                _ => return Err(not_one("access, statement or call")),
            },
            "caption" => self.caption = Some(value),
            "alt" => self.alt = Some(value),
            other => {
                let hint = match nearest(other, KEYS) {
                    Some(meant) => format!("did you mean \"{meant}\"?"),
                    None => format!("there are {}", KEYS.join(", ")),
                };
                return Err(format!("there is no option \"{other}\"; {hint}"));
            }
        }
        Ok(())
    }
}

/// `NAME` or `NAME on CORE`, as in a scenario, or `NAME:CORE`, as on the command line.
fn lane(text: &str) -> LaneSpec {
    let parts = text.split_once(" on ").or_else(|| text.split_once(':'));
    match parts {
        Some((policy, core)) => {
            LaneSpec { policy: policy.trim().into(), core: Some(core.trim().into()) }
        }
        None => LaneSpec { policy: text.into(), core: None },
    }
}

/// The first option, and what stands behind it.
fn option(text: &str) -> Result<Option<(&str, String, &str)>, String> {
    let text = text.trim_start_matches([' ', '\t', ',']);
    if text.is_empty() {
        return Ok(None);
    }
    let end = text.find([' ', '\t', '=', ',']).unwrap_or(text.len());
    let (key, rest) = text.split_at(end);
    let Some(rest) = rest.strip_prefix('=') else {
        return Err(format!("the option \"{key}\" has no value: write {key}=…"));
    };
    if let Some(quoted) = rest.strip_prefix('"') {
        let Some((value, after)) = quoted.split_once('"') else {
            return Err(format!("the value of \"{key}\" has no closing quote"));
        };
        return Ok(Some((key, value.into(), after)));
    }
    let end = rest.find([' ', '\t']).unwrap_or(rest.len());
    Ok(Some((key, rest[..end].into(), &rest[end..])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_where_markdown_has_them() {
        let chapter = "# A\n\n```memcg step=1\na\n\nb\n```\n\n- item\n  ```memcg,mode=steppable\n  c\n  ```\n\n\
                       ````text\n```memcg\nshown, not drawn\n```\n````\n\n    ```memcg\n    code\n\n~~~memcg\nd\n~~~\n";
        let found = find(chapter);
        let texts: Vec<&str> = found.iter().map(|block| block.text.as_str()).collect();
        assert_eq!(texts, ["a\n\nb\n", "c\n", "d\n"]);
        assert!(chapter[found[1].range.clone()].starts_with("```memcg,mode"));
    }

    #[test]
    fn options_are_read() {
        let info = "memcg policy=one,two:core step=3 height=auto theme=dark mode=steppable caption=\"two words\" alt=x";
        let options = Options::parse(info).expect("all are options");
        assert_eq!(options.policies.len(), 2);
        assert_eq!(options.policies[1].core.as_deref(), Some("core"));
        assert_eq!((options.step, options.mode), (Some(3), Mode::Steppable));
        assert_eq!(options.caption.as_deref(), Some("two words"));
        assert_eq!(options.theme, Theme::Dark);
    }

    #[test]
    fn what_is_no_option_is_said() {
        let why = |info: &str| Options::parse(info).expect_err("a mistake");
        assert!(why("memcg stp=3").contains("did you mean \"step\"?"));
        assert!(why("memcg step=x").contains("a number of moves"));
        assert!(why("memcg theme=print").contains("auto, light or dark"));
        assert!(why("memcg caption=\"x").contains("closing quote"));
        assert!(why("memcg step").contains("step=…"));
    }
}

//! Books as mdBook hands them over, and what becomes of them.

use expect_test::expect;
use mdbook_memcg::{Done, preprocess};
use memcg_scenario::link;
use serde_json::{Value, json};

const SMALL: &str = "scenario: Small
hierarchy:
  a
  b
threads:
  kswapd0: reclaim /
compare:
  vz7-nullify
schedule:
  kswapd0 x2

  kswapd0
expect:
  vz7-nullify visits = 3
";

fn book(key: &str, renderer: &str, content: &str) -> String {
    let chapter = json!({ "name": "One", "content": content, "path": "deep/one.md",
        "source_path": "deep/one.md", "sub_items": [] });
    let context = json!({
        "root": "/nowhere",
        "config": { "book": { "src": "src" }, "preprocessor": { "memcg": { "engine": "memcg/" } } },
        "renderer": renderer,
        "mdbook_version": "0.5.4",
    });
    let part = json!({ "PartTitle": "A part" });
    json!([context, { key: [part, "Separator", { "Chapter": chapter }], "kept": 1 }]).to_string()
}

fn run(renderer: &str, content: &str) -> Done {
    preprocess(&book("items", renderer, content)).expect("it is a book")
}

fn content(done: &Done) -> String {
    let book: Value = serde_json::from_str(&done.book).expect("JSON");
    let items = book.get("items").or_else(|| book.get("sections")).expect("chapters");
    items[2]["Chapter"]["content"].as_str().expect("text").to_owned()
}

fn fenced(info: &str, text: &str) -> String {
    format!("Before.\n\n```{info}\n{text}```\n\nAfter.\n")
}

fn problems(content: &str) -> String {
    let done = run("html", content);
    assert!(done.is_bad);
    done.problems.join("\n")
}

#[test]
fn both_forms_of_a_book_are_understood_and_the_rest_is_kept() {
    for key in ["items", "sections"] {
        let done = preprocess(&book(key, "html", &fenced("memcg", SMALL))).expect("a book");
        assert!(content(&done).contains("<memcg-playground"), "{key}");
        assert!(done.book.contains("\"kept\":1") && done.book.contains("\"Separator\""));
        assert!(!done.is_bad && done.problems.is_empty(), "{:?}", done.problems);
    }
    assert!(preprocess("[]").is_err());
    assert!(preprocess("{").is_err());
    assert!(preprocess("[{}, {}]").is_err());
}

#[test]
fn a_living_figure_is_one_line_with_a_link_that_says_the_same() {
    let info = "memcg step=1 mode=steppable theme=dark caption=\"A <caption>\" alt=\"x & y\"";
    let text = content(&run("html", &fenced(info, SMALL)));
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("memcg-playground")).collect();
    let [line] = lines[..] else { panic!("one line: {lines:?}") };
    let (start, rest) = line.split_once("<memcg-playground src=\"#").expect("the element");
    assert_eq!(start, "<div class=\"memcg\">");
    let (fragment, rest) = rest.split_once('"').expect("its link");
    let shared = link::decode(fragment).shared.expect("a sound link");
    assert_eq!((shared.cursor, shared.view.get("embed")), (1, Some("step")));
    assert_eq!(shared.scenario, memcg_scenario::parse(SMALL).scenario);
    assert!(shared.proof.is_some());
    let (attributes, rest) = rest.split_once('>').expect("its end");
    expect![[r#" height="590" theme="dark" mode="steppable" step="1" alt="x &amp; y""#]]
        .assert_eq(attributes);
    let (svg, rest) = rest.split_once("</svg>").expect("a picture");
    let svg = svg.split_once("<svg").map(|(_, svg)| format!("<svg{svg}</svg>")).expect("a picture");
    let picture = roxmltree::Document::parse(&svg).expect("well-formed");
    assert_eq!(picture.root_element().attribute("aria-label"), Some("x & y"));
    assert_eq!(picture.root_element().attribute("width"), Some("100%"));
    assert!(!svg.contains("<style"), "a strict policy refuses it");
    assert!(
        memcg_render::embedded(&svg).is_some_and(|held| held.text.starts_with("scenario: Small"))
    );
    assert!(rest.contains("<pre>vz7-nullify&#10;") && rest.contains("A &lt;caption&gt;"));
    let (_, steps) =
        rest.split_once("class=\"memcg-steps\">").expect("what plays without an engine");
    let steps = steps.split_once("</script>").expect("its end").0;
    let steps: Value = serde_json::from_str(steps).expect("JSON");
    assert_eq!(steps["steps"].as_array().map(Vec::len), Some(shared.scenario.schedule.len() + 1));
    assert!(rest.ends_with("<script defer src=\"../memcg/memcg-playground.js\"></script></div>"));
    assert!(text.starts_with("Before.\n\n") && text.ends_with("\n\nAfter.\n"), "{text}");
}

#[test]
fn a_page_loads_the_program_once() {
    let two = fenced("memcg", SMALL) + &fenced("memcg theme=light", SMALL);
    assert_eq!(content(&run("html", &two)).matches("<script defer").count(), 1);
}

#[test]
fn who_shows_no_scripts_is_given_the_picture_and_others_text() {
    let epub = content(&run("epub", &fenced("memcg caption=c", SMALL)));
    assert!(epub.contains("<figure><div class=\"memcg-figure\"><svg"));
    assert!(!epub.contains("<script") && !epub.contains("memcg-playground src"));
    for renderer in ["markdown", "man", "linkcheck", ""] {
        let text = content(&run(renderer, &fenced("memcg caption=*c*", SMALL)));
        assert!(text.contains("```text\nvz7-nullify\n"), "{text}");
        assert!(text.contains("\n\\*c\\*\n") && !text.contains('<'), "{text}");
    }
}

#[test]
fn in_a_list_it_stays_in_the_list() {
    let list = format!(
        "- item\n\n  ```memcg\n{}  ```\n- next\n",
        SMALL.replace("scenario", "  scenario").replace('\n', "\n  ").trim_end_matches(' ')
    );
    let text = content(&run("markdown", &list.replace("    scenario", "  scenario")));
    let diagram = text.split("```").nth(1).expect("a diagram");
    assert!(diagram.lines().skip(1).all(|line| line.starts_with("  ")), "{text}");
}

#[test]
fn a_scenario_of_the_gallery_by_name() {
    let done = run("html", "```memcg file=one-rmdir policy=vz7-nullify\n```\n");
    assert!(!done.is_bad, "{:?}", done.problems);
    assert!(content(&done).contains("One rmdir in the middle of a round"));
}

#[test]
fn an_edited_listing_runs_and_goes_into_the_link() {
    let edit = "edit: vz7-nullify as mine\n @99\n =void wipe(memcg *root, memcg *dead)\n";
    let text = SMALL.replace("  vz7-nullify\nschedule", "  vz7-nullify\n  mine\nschedule");
    let page = content(&run("html", &fenced("memcg", &format!("{edit}\n{text}"))));
    let fragment = page.split("src=\"#").nth(1).and_then(|p| p.split('"').next()).expect("a link");
    let shared = link::decode(fragment).shared.expect("a sound link");
    assert_eq!((shared.edits.len(), shared.edits[0].name.as_str()), (1, "mine"));
    let svg = page.split("<svg").nth(1).expect("a picture");
    let held = memcg_render::embedded(&format!("<svg{svg}")).expect("its scenario");
    assert_eq!(held.link.as_deref(), Some(fragment));
    expect![[r#"src/deep/one.md:3: error: the listing vz7-nullify has changed since it was edited: part 1 of the edit belongs at "void whip(memcg *root, memcg *dead)", which is no longer there"#]]
        .assert_eq(&problems(&fenced("memcg", &format!("{}\n{text}", edit.replace("wipe", "whip")))));
}

#[test]
fn other_lanes_than_the_scenarios_leave_no_expectation_in_the_link() {
    let page = content(&run("html", &fenced("memcg policy=v6.12-unpinned", SMALL)));
    let fragment = page.split("src=\"#").nth(1).and_then(|p| p.split('"').next()).expect("a link");
    let decoded = link::decode(fragment);
    assert!(decoded.diagnostics.is_empty(), "{:?}", decoded.diagnostics);
}

#[test]
fn what_is_wrong_is_said_by_file_and_line() {
    let with = |from: &str, to: &str| fenced("memcg", &SMALL.replace(from, to));
    expect!["src/deep/one.md:17: error: expected vz7-nullify visits = 4, but it is 3"]
        .assert_eq(&problems(&with("visits = 3", "visits = 4")));
    expect![[r#"src/deep/one.md:13: error: there is no thread "kswpd0"; did you mean "kswapd0"?"#]]
        .assert_eq(&problems(&with("kswapd0 x2", "kswpd0 x2")));
    expect![[r#"
        src/deep/one.md:17: warning: "vz7-nullify" is not among those compared; did you mean "vz7-nullfy"?
        src/deep/one.md:11: error: there is no policy "vz7-nullfy"; did you mean "vz7-nullify"?"#]].assert_eq(&problems(&with("  vz7-nullify\nschedule", "  vz7-nullfy\nschedule")));
    expect![[r#"
        src/deep/one.md:15: warning: "vz7-nullify" is not among those compared
        src/deep/one.md:3: error: no policy to run: name some under `compare:`"#]]
    .assert_eq(&problems(&with("compare:\n  vz7-nullify\n", "")));
    expect![[r#"src/deep/one.md:3: error: there is no option "stp"; did you mean "step"?"#]]
        .assert_eq(&problems(&fenced("memcg stp=1", SMALL)));
    expect!["src/deep/one.md:3: error: step=4: the schedule has 3 moves, and 3 can be drawn"]
        .assert_eq(&problems(&fenced("memcg step=4", SMALL)));
    expect![[r#"src/deep/one.md:3: error: there is no policy "nobody""#]]
        .assert_eq(&problems(&fenced("memcg policy=nobody", SMALL)));
    expect!["src/deep/one.md:3: error: src/deep/nowhere.scenario: No such file or directory (os error 2)"].assert_eq(&problems("\n\n```memcg file=nowhere.scenario\n```\n"));
    expect!["src/deep/one.md:3: error: a block with file= holds no scenario of its own"]
        .assert_eq(&problems(&fenced("memcg file=one-rmdir", SMALL)));
}

#[test]
fn hostile_names_stay_text() {
    let text = SMALL
        .replace("  a\n", "  \"<script>alert(1)</script>\"\n")
        .replace("Small", "</memcg-playground><img src=x>");
    let page = content(&run("html", &fenced("memcg caption=<img/src=x> alt=\"'><b>\"", &text)));
    for markup in ["<script>", "<img", "<b>", "</memcg-playground><"] {
        assert!(!page.contains(markup) || markup == "</memcg-playground><", "{markup} in {page}");
    }
    assert_eq!(page.matches("</memcg-playground>").count(), 1);
}

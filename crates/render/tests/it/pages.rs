//! The page of one file.

use crate::gallery;
use base64::Engine as _;
use memcg_core::run::Grain;
use memcg_render::{Engine, Film, Theme, figure, page, race, steps};
use sha2::Digest as _;

fn html(name: &str) -> (String, Film) {
    let (run, scenario) = gallery(name);
    let text = race(run.clone(), &scenario.schedule, usize::MAX, Grain::Call);
    let film = Film::shoot(run, &scenario, |_| true);
    (page(&film, &text, Theme::Light, None), film)
}

/// The security policy names the script that the page holds, by its checksum, and allows nothing else.
#[test]
fn the_policy_allows_the_script() {
    let (html, _) = html("one-rmdir");
    let (_, script) = html.rsplit_once("<script>").expect("a script");
    let (script, _) = script.split_once("</script>").expect("ends");
    let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(script));
    assert!(html.contains(&format!("script-src 'sha256-{hash}'")), "sha256-{hash} in html.rs");
    assert!(html.contains("default-src 'none'"));
    assert!(
        !html.contains("http:")
            || html.matches("http:").count() == html.matches("http://www.w3.org/2000/svg").count()
    );
}

/// A page that carries the playground allows the two scripts, what they make themselves, and nothing from elsewhere.
#[test]
fn the_policy_of_a_page_with_an_engine() {
    let (_, film) = html("one-rmdir");
    let part = |name: &str| format!("{name}+/=");
    let engine = Engine {
        script: part("app"),
        wasm: part("wasm"),
        worker_script: part("worker"),
        worker_wasm: part("workerwasm"),
        style: part("css"),
        link: "1:abc\"<".into(),
    };
    let with = page(&film, "", Theme::Auto, Some(&engine));
    let scripts: Vec<&str> = with.split("<script>").skip(1).collect();
    assert_eq!(scripts.len(), 2);
    let (_, policy) = with.split_once("Content-Security-Policy\" content=\"").expect("a policy");
    let (policy, _) = policy.split_once("\">").expect("ends");
    for script in scripts {
        let (script, _) = script.split_once("</script>").expect("ends");
        let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(script));
        assert!(policy.contains(&format!("'sha256-{hash}'")), "sha256-{hash} in html.rs");
    }
    assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("'self'"), "{policy}");
    assert!(!policy.contains("unsafe-eval'") || policy.contains("'wasm-unsafe-eval'"), "{policy}");
    for (id, text) in [("app-js", "app"), ("worker-wasm", "workerwasm"), ("app-css", "css")] {
        let block = format!("<script id=\"{id}\" type=\"text/plain\">{text}+/=</script>");
        assert!(with.contains(&block), "{block}");
    }
    assert!(with.contains("data-link=\"1:abc&quot;&lt;\""));
    // Without the engine nothing of it is there.
    let without = page(&film, "", Theme::Auto, None);
    assert!(
        !without.contains("app-wasm")
            && !without.contains("blob:")
            && !without.contains("id=\"live\"")
    );
}

/// Playing the differences gives, at every moment, the parts that the figure of the moment has.
#[test]
fn the_steps_give_the_figures() {
    let (html, film) = html("one-rmdir");
    let (_, data) = html.split_once("type=\"application/json\">").expect("data");
    let (data, _) = data.split_once("</script>").expect("ends");
    let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
    let steps = data["steps"].as_array().expect("steps");
    assert_eq!(steps.len(), film.frames.len());
    let mut shown = std::collections::BTreeMap::new();
    for (step, frame) in steps.iter().zip(&film.frames) {
        assert_eq!(step[0].as_u64(), Some(frame.at as u64));
        for change in step[1].as_array().expect("changes").chunks(2) {
            shown.insert(change[0].as_u64(), change[1].as_u64().expect("a text"));
        }
        // All groups exist from the start, so the figure stands as in the page, but for what is below the lanes.
        let svg = figure(&film, frame, Theme::Light);
        for (part, text) in shown.iter().filter(|(part, _)| **part != Some(1)) {
            let text =
                data["texts"][usize::try_from(*text).expect("small")].as_str().expect("a text");
            assert!(svg.contains(text), "part {part:?} at {}: {text}", frame.at);
        }
    }
}

/// The steps for other pages' players: the picture's parts are empty and named, and every change names one of them. Nothing
/// in it is what a strict policy refuses, and it fits in an element of a script.
#[test]
fn steps_beside_a_figure() {
    let (run, scenario) = gallery("one-rmdir");
    let film = Film::shoot(run.clone(), &scenario, |_| true);
    let text = steps(&film).expect("it is small");
    assert!(!text.contains('<'), "it is no markup, whatever it is put into");
    let data: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let svg = data["svg"].as_str().expect("a picture");
    for refused in ["<style", "<script", "<metadata", "style="] {
        assert!(!svg.contains(refused), "{refused}");
    }
    roxmltree::Document::parse(svg).expect("well-formed");
    let n_lanes = film.lanes.len();
    assert_eq!(data["lanes"].as_array().map(Vec::len), Some(n_lanes));
    let steps_of = data["steps"].as_array().expect("steps");
    assert_eq!(steps_of.len(), film.frames.len());
    for step in steps_of {
        for change in step[1].as_array().expect("changes").chunks(2) {
            assert!(svg.contains(&format!("<g id=\"part{}\"></g>", change[0])), "{change:?}");
            let text = usize::try_from(change[1].as_u64().expect("a text")).expect("small");
            let text = data["texts"][text].as_str().expect("a text");
            roxmltree::Document::parse(&format!("<g>{text}</g>")).expect("well-formed");
        }
    }
    for (counters, frame) in data["counters"].as_array().expect("counters").iter().zip(&film.frames)
    {
        for (told, picture) in counters.as_array().expect("lanes").iter().zip(&frame.lanes) {
            assert_eq!(told[2].as_u64(), Some(u64::from(picture.counters.n_visits)));
        }
    }

    let still = memcg_scenario::Scenario { schedule: Vec::new(), ..scenario };
    assert_eq!(
        steps(&Film::shoot(run, &still, |_| true)),
        None,
        "there is nothing to step through"
    );
}

/// Without scripts the page shows the end, the text and the scenario.
#[test]
fn without_scripts() {
    let (html, film) = html("bias-core-nullify");
    let (still, _) = html.split_once("<script").expect("a script");
    assert!(still.contains("Move 10 of 10"));
    assert!(still.contains("next() -&gt; machine/ct-102"));
    assert!(still.contains("compare:\n  vz7-nullify"));
    assert!(film.scenario.notes.iter().all(|note| still.contains(note.as_str())));
    assert!(still.contains("<div id=\"steps\" hidden>"));
}

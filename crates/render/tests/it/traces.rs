//! Traces for Perfetto: valid JSON with the fields of the Trace Event Format, and slices that nest.

use crate::gallery;
use memcg_render::trace;
use serde_json::Value;
use std::collections::BTreeMap;

fn events(name: &str) -> Vec<Value> {
    let (run, scenario) = gallery(name);
    let json: Value =
        serde_json::from_str(&trace(run, &scenario.title, &scenario.schedule)).expect("JSON");
    json["traceEvents"].as_array().expect("events").clone()
}

#[test]
fn every_event_has_its_fields() {
    for item in memcg_scenario::gallery() {
        let mut open: BTreeMap<(u64, u64), Vec<u64>> = BTreeMap::new();
        let mut last: BTreeMap<(u64, u64), u64> = BTreeMap::new();
        for event in events(item.name) {
            let phase = event["ph"].as_str().expect("ph");
            let pid = event["pid"].as_u64().expect("pid");
            if phase == "M" {
                assert!(event["args"]["name"].is_string(), "{event}");
                continue;
            }
            let track = (pid, event["tid"].as_u64().expect("tid"));
            let time = event["ts"].as_u64().expect("ts");
            assert!(last.insert(track, time).is_none_or(|before| before <= time), "{event}");
            match phase {
                "B" => open.entry(track).or_default().push(time),
                "E" => {
                    let begin =
                        open.get_mut(&track).and_then(Vec::pop).expect("an end after a begin");
                    assert!(begin <= time);
                }
                "i" => assert!(matches!(event["s"].as_str(), Some("t" | "p")), "{event}"),
                other => panic!("{other}"),
            }
            assert!(phase == "E" || (event["name"].is_string() && event["cat"].is_string()));
        }
        assert!(open.values().all(Vec::is_empty), "{}: a slice that does not end", item.name);
    }
}

/// Tracks are named, removal stages are slices, restarts are instants across their lane.
#[test]
fn what_is_in_it() {
    let events = events("one-rmdir");
    let count = |test: &dyn Fn(&Value) -> bool| events.iter().filter(|e| test(e)).count();
    assert_eq!(count(&|e| e["name"] == "process_name"), 3);
    assert_eq!(count(&|e| e["name"] == "thread_name" && e["args"]["name"] == "kswapd0"), 3);
    assert_eq!(count(&|e| e["cat"] == "stage" && e["name"] == "offline(machine/ct-104)"), 3);
    assert_eq!(
        count(&|e| e["ph"] == "i" && e["s"] == "p" && e["name"] == "restart: back at the root"),
        2
    );
    assert_eq!(count(&|e| e["cat"] == "walk" && e["name"] == "next()"), 3 * 6);
    // The lanes begin their last call at the same time.
    let last = |pid: u64| {
        let own = events.iter().rev().find(|e| e["pid"] == pid && e["ph"] == "B");
        own.and_then(|e| e["ts"].as_u64())
    };
    assert!(last(1).is_some() && last(1) == last(2) && last(2) == last(3));
}

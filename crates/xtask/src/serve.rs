//! `cargo xtask serve`: build, then serve `dist/` on this machine.

use crate::build::{self, Care};
use crate::http;
use crate::options::Options;
use crate::say::{self, Failure, Outcome};
use crate::setup::find;
use crate::watch;
use std::net::TcpListener;
use std::process::{Command, Stdio};

const PORT: u16 = 8080;
/// How many ports after the usual one are tried when it is taken.
const PORTS_TRIED: u16 = 20;

/// Serves until interrupted.
pub(crate) fn serve(options: &Options) -> Outcome<()> {
    let care = Care::asked(options);
    let dist = care.folder();
    if !options.has("no-build") {
        build::dist(care)?;
    } else if care.built().is_none() {
        return Err(Failure::new("nothing has been built yet").advice("Leave `--no-build` out."));
    }
    let listener = listen(options)?;
    let address = listener.local_addr().map_err(|error| Failure::new(error.to_string()))?;
    let url = format!("http://localhost:{}/", address.port());
    say::heading("Serving");
    say::line(&format!("  {url}   (Ctrl-C ends it)"));
    if !options.has("no-open") {
        open(&url);
    }
    if options.has("watch") {
        watch::in_background(care);
    }
    http::serve(&listener, &dist);
    Ok(())
}

fn listen(options: &Options) -> Outcome<TcpListener> {
    let bind = |port| TcpListener::bind(("127.0.0.1", port));
    let Some(text) = options.last("port") else {
        // Nobody asked for a particular one, so a taken one is no failure.
        return (PORT..PORT + PORTS_TRIED).find_map(|port| bind(port).ok()).ok_or_else(|| {
            Failure::new(format!("ports {PORT} and up are all taken"))
                .advice("Choose one with `--port N`.")
        });
    };
    let port = text.parse().map_err(|_| Failure::new(format!("`{text}` is not a port number")))?;
    bind(port).map_err(|error| {
        Failure::new(format!("port {port} cannot be had: {error}"))
            .advice("Choose another with `--port N`, or leave it out for the first free one.")
    })
}

/// Shows the page if there is something to show it on; whether that worked is not our business.
fn open(url: &str) {
    let on_display =
        ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    let opener = match std::env::consts::OS {
        "macos" => find(&["open"]),
        _ if on_display => find(&["xdg-open"]),
        _ => None,
    };
    if let Some(opener) = opener {
        let quiet =
            Command::new(opener).arg(url).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        drop(quiet);
    }
}

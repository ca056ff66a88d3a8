//! The page's program, and its worker's: index.html, embed.html and worker-boot.js start it.

fn main() {
    memcg_web::effect::start();
}

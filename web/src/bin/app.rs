//! The page's program: index.html and embed.html start it.

fn main() {
    memcg_web::effect::start();
}

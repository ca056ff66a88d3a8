//! The page's program: index.html starts it.

fn main() {
    memcg_web::effect::start();
}

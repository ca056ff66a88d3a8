//! The program of the page's worker: worker-boot.js starts it once the page has a question.

fn main() {
    memcg_web::effect::answer();
}

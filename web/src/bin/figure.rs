//! The program of figures in other pages: figure.js starts it once, however many figures there are.

fn main() {
    memcg_web::effect::offer();
}

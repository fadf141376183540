//! Loads that are dropped before they are done: what stays of them in the pool and on the server.

mod borrowed;
mod pooled;

use relata::prelude::*;
use tokio_postgres::Config;

use crate::support::{World, blog};

/// A user, with posts and comments that take their time.
#[derive(Entity, Debug, Clone)]
#[entity(table = "users")]
#[has_many(posts: Vec<Slow>, by = user_id)]
#[has_many(notes: Vec<Note>, by = user_id)]
struct Reader {
    #[key]
    id: i32,
    name: String,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "slow_posts")]
struct Slow {
    #[key]
    id: i32,
    user_id: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "slow_notes")]
struct Note {
    #[key]
    id: i32,
    user_id: Option<i32>,
}

/// The blog with views that take so many seconds, and the way to it under an application's name.
async fn slow_world(seconds: f32, application: &str) -> (World, Config) {
    let views = format!(
        "CREATE VIEW slow_posts AS SELECT posts.* FROM pg_sleep({seconds}), posts;
         CREATE VIEW slow_notes AS SELECT comments.* FROM pg_sleep({seconds}), comments;"
    );
    let world = World::new(&format!("{}{}{views}", blog::TABLES, blog::ROWS)).await;
    let mut config = world.config.clone();
    config.application_name(application);
    (world, config)
}

/// Counts what an application's connections do on the server.
fn question(application: &str, condition: &str) -> String {
    format!("SELECT count(*) FROM pg_stat_activity WHERE application_name = '{application}' AND {condition}")
}

//! `check`: what entities and a live database differ in, kind by kind with its text, and that the fixes mend it.

mod tables;
mod keys;
mod guards;
mod indexes;
mod orders;
mod partial;
mod places;
mod inherited;
mod run;

use relata::check::{Entities, Finding, FindingKind, Report};

use tokio_postgres::error::SqlState;

use crate::support::blog::{Comment, Post, Profile, User};
use crate::support::{World, blog};

async fn report<S: Entities>(world: &World) -> Report {
    relata::check::<S>(&world.pool).await.unwrap()
}

/// The findings as they print.
fn texts(report: &Report) -> Vec<String> {
    report.findings().iter().map(Finding::to_string).collect()
}

/// What the entities find in a schema of this script, as it prints. Then all fixes are executed, again where those made
/// more to be said (a new table has no indexes), until none is left; what is found then is returned too.
async fn found<S: Entities>(script: &str) -> (Vec<String>, Vec<String>) {
    let world = World::new(script).await;
    let first = texts(&report::<S>(&world).await);
    let mut last = report::<S>(&world).await;
    for _ in 0..4 {
        for fix in last.findings().iter().filter_map(Finding::fix) {
            world.execute(fix).await;
        }
        last = report::<S>(&world).await;
        if last.findings().iter().all(|finding| finding.fix().is_none()) {
            break;
        }
    }
    (first, texts(&last))
}

/// Makes an index of rows that contradict it: it stays, and is not valid.
async fn half_made(world: &World, index: &str) {
    let error = world.client().await.batch_execute(index).await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::UNIQUE_VIOLATION));
}

/// Asserts what is found, and that nothing is once the fixes were executed.
async fn mended<S: Entities>(script: &str, expected: &[&str]) {
    let (first, last) = found::<S>(script).await;
    assert_eq!(first, expected);
    assert_eq!(last, [""; 0], "after the fixes");
}

/// Asserts what is found where no SQL can mend it.
async fn stays<S: Entities>(script: &str, expected: &[&str]) {
    let (first, last) = found::<S>(script).await;
    assert_eq!((first.as_slice(), last.as_slice()), (&last[..], &first[..]));
    assert_eq!(first, expected);
}

#[tokio::test]
async fn a_schema_that_fits_has_no_finding() {
    let world = blog::world().await;
    let report = report::<User>(&world).await;
    assert_eq!(report.to_string(), "4 entities: nothing found");
    assert!(report.is_empty() && report.findings().is_empty());
    assert_eq!(report.entities(), ["User", "Post", "Comment", "Profile"]);
}

#[tokio::test]
async fn entities_that_are_reached_over_relations_are_checked_once() {
    let world = blog::world().await;
    let all = report::<(User, (Post, Profile), User, Comment)>(&world).await;
    assert_eq!(all.entities(), ["User", "Post", "Comment", "Profile"]);
    world.execute("ALTER TABLE comments DROP body").await;
    for report in [report::<(Profile,)>(&world).await, report::<(User, (Post, Profile))>(&world).await] {
        let found: Vec<_> = report.findings().iter().map(|finding| (finding.kind(), finding.entity())).collect();
        assert_eq!(found, [(FindingKind::MissingColumn, "Comment")]);
    }
}

#[tokio::test]
async fn what_the_database_has_more_is_no_finding() {
    let world = blog::world().await;
    let more = "ALTER TABLE users ADD extra text; CREATE TABLE others (id int); CREATE INDEX ON users (extra);
        ALTER TABLE posts ADD FOREIGN KEY (id) REFERENCES comments NOT VALID; CREATE VIEW more AS TABLE users;";
    world.execute(more).await;
    assert_eq!(report::<User>(&world).await.to_string(), "4 entities: nothing found");
}

#[tokio::test]
async fn a_report_is_text_and_data() {
    let world = blog::world().await;
    let broken = "ALTER TABLE users ALTER name DROP NOT NULL; DROP INDEX posts_user_id_idx; \
                  ALTER TABLE comments DROP CONSTRAINT comments_post_id_fkey";
    world.execute(broken).await;
    let report = report::<User>(&world).await;
    assert_eq!(
        report.to_string(),
        "\
error: field `User.name`: column `name` of table `users` can be NULL, and the field is not an `Option`
    ALTER TABLE \"users\" ALTER COLUMN \"name\" SET NOT NULL;

warning: Comment.post: no foreign key leads from `post_id` of table `comments` to `id` of table `posts`, so that a row \
may lead nowhere
    ALTER TABLE \"comments\" ADD FOREIGN KEY (\"post_id\") REFERENCES \"posts\" (\"id\");

warning: User.posts: no index of table `posts` begins with `user_id`, by which it is searched
    CREATE INDEX ON \"posts\" (\"user_id\");

4 entities: 1 error, 2 warnings"
    );
    assert_eq!((report.errors().count(), report.warnings().count(), report.is_empty()), (1, 2, false));
    let index = &report.findings()[2];
    assert_eq!((index.kind(), index.entity(), index.table()), (FindingKind::MissingIndex, "Post", "posts"));
    assert_eq!((index.columns(), index.relations()), (&["user_id".to_owned()][..], &["User.posts".to_owned()][..]));
    assert_eq!(index.fix(), Some("CREATE INDEX ON \"posts\" (\"user_id\")"));
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["findings"][0]["kind"], "Nullable");
    assert_eq!(json["findings"][2]["relations"][0], "User.posts");
    for fix in report.findings().iter().filter_map(Finding::fix) {
        world.execute(fix).await;
    }
    assert!(self::report::<User>(&world).await.is_empty());
}

//! What can be said of a check without a database: what it takes, and what its findings are.

use relata::check::{Entities, FindingKind, Severity};
use relata::entity::Entity;
use relata::schema::Table;

use crate::support::blog::{Comment, Post, Profile, User};

fn names<S: Entities>() -> Vec<&'static str> {
    let mut tables: Vec<&'static Table> = Vec::new();
    S::tables(&mut tables);
    tables.iter().map(|table| table.entity).collect()
}

/// A list of a program's own.
struct Own;

impl Entities for Own {
    fn tables(out: &mut Vec<&'static Table>) {
        out.extend([User::TABLE, Comment::TABLE]);
    }
}

#[test]
fn entities_are_one_or_a_tuple_or_tuples_of_tuples() {
    assert_eq!(names::<User>(), ["User"]);
    assert_eq!(names::<(Post,)>(), ["Post"]);
    assert_eq!(names::<(User, (Post, (Comment,)), Profile)>(), ["User", "Post", "Comment", "Profile"]);
    type Twelve = (User, User, User, User, User, User, User, User, User, User, User, Post);
    assert_eq!(names::<Twelve>().len(), 12);
    assert_eq!(names::<(Own, Post)>(), ["User", "Comment", "Post"]);
}

#[test]
fn what_makes_a_load_fail_or_be_wrong_is_an_error() {
    use FindingKind as Kind;
    for error in [
        Kind::MissingTable,
        Kind::MissingColumn,
        Kind::NotReadable,
        Kind::TypeDiffers,
        Kind::Nullable,
        Kind::KeyNotUnique,
        Kind::NotComparable,
        Kind::KeyEqualityDiffers,
        Kind::SeveralRows,
    ] {
        assert_eq!(error.severity(), Severity::Error, "{error:?}");
    }
    for warning in [Kind::MissingForeignKey, Kind::UnlikeKeys, Kind::MissingIndex, Kind::MissingOrderIndex] {
        assert_eq!(warning.severity(), Severity::Warning, "{warning:?}");
        assert!(warning > Kind::SeveralRows, "errors come first");
    }
}

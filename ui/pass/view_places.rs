//! Views in functions and modules, of entities elsewhere, private ones in public ones, and under names that meet others.
#![deny(warnings)]
use relata::Query;
use relata::prelude::*;
use relata_ui::{Comment, Post, User};

pub mod cards {
    use relata::prelude::*;

    /// What is loaded into a private field is no part of the interface.
    #[derive(View, Debug)]
    #[view(relata_ui::Post)]
    pub struct Card {
        pub title: String,
        #[view(order_by = (user_id, id.desc()))]
        comments: Vec<Line>,
        #[view(load)]
        pub(crate) author: super::lines::Name,
    }

    #[derive(View, Debug)]
    #[view(relata_ui::Comment)]
    struct Line {
        body: String,
    }

    impl Card {
        pub fn bodies(&self) -> Vec<&str> {
            self.comments.iter().map(|line| line.body.as_str()).collect()
        }
    }
}

mod lines {
    use relata::prelude::View;
    // Neither the entity's constant nor the traits are needed.
    use relata_ui::User as Writer;

    #[derive(View, Debug)]
    #[view(Writer)]
    pub(crate) struct Name {
        pub(crate) name: String,
    }
}

mod hidden {
    use relata::prelude::*;

    /// Less of it is visible than of the struct, so that `loaded!` cannot name its relations.
    #[derive(Entity, Debug, Clone)]
    #[entity(table = "users", vis = pub(super))]
    #[has_many(notes: Vec<Note>, by = user_id)]
    pub struct Person {
        #[key]
        pub id: i32,
    }

    #[derive(Entity, Debug, Clone)]
    #[entity(table = "notes")]
    pub(super) struct Note {
        #[key]
        pub(super) id: i32,
        pub(super) user_id: i32,
    }
}

use hidden::{Note, Person};

#[derive(View)]
#[view(Person)]
struct Notes {
    #[view(order_by = id)]
    notes: Vec<Note>,
    #[view(count = notes)]
    all: i64,
}

/// Keywords, names of generated code, and names of values that are in scope.
#[derive(View)]
#[view(r#Comment)]
#[allow(non_snake_case)]
struct r#Odd {
    #[view(column = body)]
    r#type: String,
    #[view(path = post.title)]
    __row: String,
    #[view(relation = author)]
    __state: Option<User>,
    #[view(column = id)]
    LIMIT: i32,
    id: i32,
    #[view(expr = id + ONE)]
    next: i32,
}

const LIMIT: u64 = 3;
const ONE: i32 = 1;

macro_rules! line {
    ($name:ident of $entity:ident { $field:ident: $type:ty, $relation:ident by $order:expr => $target:ty }) => {
        #[derive(View)]
        #[view($entity)]
        struct $name {
            $field: $type,
            #[view(order_by = $order, limit = LIMIT, filter = id.gt(ONE))]
            $relation: Vec<$target>,
        }
    };
}

line!(Line of Post { title: String, comments by id.desc() => Comment });

type Alias = Post;

/// As many fields as no tuple has.
#[derive(View)]
#[view(Alias)]
struct Wide {
    id: i32,
    title: String,
    published: bool,
    user_id: i32,
    #[view(path = author.id)]
    a: i32,
    #[view(path = author.name)]
    b: String,
    #[view(path = author)]
    c: User,
    #[view(path = author.profile.bio)]
    d: Option<String>,
    #[view(path = author.profile)]
    e: Option<relata_ui::Profile>,
    #[view(count = comments)]
    f: i64,
    #[view(count = comments.author)]
    g: i64,
    #[view(max = comments.author.name)]
    h: Option<String>,
    #[view(expr = title.lower())]
    i: String,
    #[view(load)]
    comments: Vec<Comment>,
    #[view(relation = comments)]
    others: Vec<Comment>,
}

fn in_a_function() -> String {
    #[derive(Entity, Clone)]
    #[entity(table = "kinds")]
    #[has_many(things: Vec<Thing>, by = kind)]
    struct Kind {
        #[key]
        r#type: i32,
    }

    #[derive(Entity, Clone)]
    #[entity(table = "things")]
    #[belongs_to(r#fn: Kind, by = kind)]
    struct Thing {
        #[key]
        id: i32,
        kind: i32,
    }

    #[derive(View)]
    #[view(Kind)]
    struct Kinds {
        #[view(relation = things)]
        r#impl: Vec<Things>,
        r#type: i32,
    }

    #[derive(View)]
    #[view(Thing)]
    struct Things {
        id: i32,
        #[view(path = r#fn.r#type)]
        r#type: i32,
        #[view(relation = r#fn, joined)]
        r#dyn: Kind,
    }

    let read = |kinds: Kinds| {
        (kinds.r#type, kinds.r#impl.into_iter().map(|one| (one.id, one.r#type, one.r#dyn.r#type)).last())
    };
    let _ = (read, |thing: Thing| thing.id + thing.kind);
    Kinds::query().to_sql().text().to_owned()
}

fn main() {
    let query: Query<cards::Card> = cards::Card::query().filter(Post.id.eq(1)).order_by(Post.author.name.asc());
    assert_eq!((query.plan().statements(), query.plan().round_trips()), (2, 2));
    let read = |card: &cards::Card| format!("{} {:?} {} {card:?}", card.title, card.bodies(), card.author.name);
    let _ = (read, |line: &Line| line.title.len() + line.comments.len());
    assert_eq!(Notes::query().plan().statements(), 2);
    let _ = |person: Person| person.id;
    let _ = |notes: Notes| (notes.notes.iter().map(|note| note.id + note.user_id).sum::<i32>(), notes.all);
    let _ = |odd: Odd| (odd.r#type, odd.__row, odd.__state, odd.LIMIT, odd.id, odd.next);
    let _ = |wide: Wide| {
        let columns = (wide.id, wide.title, wide.published, wide.user_id, wide.a, wide.b, wide.c, wide.d);
        (columns, wide.e, wide.f, wide.g, wide.h, wide.i, wide.comments, wide.others)
    };
    assert_eq!(in_a_function(), r#"SELECT "t0"."type" FROM "kinds" AS "t0""#);
    assert_eq!(Wide::query().plan().statements(), 3);
    assert_eq!(Line::query().plan().statements(), 2);
    assert_eq!(Odd::query().plan().statements(), 1);
}

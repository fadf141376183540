//! Association entities in a function, in other modules and in other crates, and declarations that lead in circles.
#![deny(warnings)]
use relata::prelude::*;
use relata::{Query, entity};

pub mod people {
    use relata::prelude::*;

    use super::{between, things};

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "people")]
    #[many_to_many(
        things: Vec<things::Thing>,
        through = between::Own,
        by = (person, thing),
        only = (broken = false),
        through_only = (since = None),
        order_by = name
    )]
    pub struct Person {
        #[key]
        pub id: i32,
    }
}

pub mod things {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "things")]
    #[many_to_many(owners: Vec<super::people::Person>, through = crate::between::Own, by = (thing, person))]
    pub struct Thing {
        #[key]
        pub id: i32,
        pub(crate) name: String,
        pub(crate) broken: bool,
    }
}

pub mod between {
    use relata::prelude::*;

    use super::people::Person;
    use super::things::Thing;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "owns")]
    #[belongs_to(person: Person, by = person_id)]
    #[belongs_to(thing: Thing, by = thing_id)]
    pub struct Own {
        #[key]
        pub(super) person_id: i32,
        #[key]
        pub(super) thing_id: i32,
        pub(super) since: Option<i64>,
    }
}

// Each is the association of the other.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "nodes")]
#[belongs_to(left: Edge, by = left_id)]
#[belongs_to(right: Option<Edge>, by = right_id)]
#[many_to_many(nodes: Vec<Node>, through = Edge, by = (start, end), order_by = id)]
struct Node {
    #[key]
    id: i32,
    left_id: i32,
    right_id: Option<i32>,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "edges")]
#[belongs_to(start: Node, by = start_id)]
#[belongs_to(end: Node, by = end_id)]
#[many_to_many(edges: Vec<Edge>, through = Node, by = (left, right), through_only = (right_id = 3))]
struct Edge {
    #[key]
    id: i32,
    start_id: i32,
    end_id: i32,
}

fn main() {
    let _: Query<loaded!(people::Person { things { owners } })> =
        people::Person::query().with(people::Person.things.with(things::Thing.owners));
    let _: Query<loaded!(Node { nodes { left { edges { end } } } })> =
        Node::query().with(Node.nodes.with(Node.left.with(Edge.edges.with(Edge.end))));
    let _ = |node: &Node, edge: &Edge| (node.left_id + edge.start_id + edge.end_id, node.right_id);

    #[derive(Entity, Clone)]
    #[entity(table = "readers")]
    #[many_to_many(posts: Vec<relata_ui::Post>, through = Bookmark, by = (reader, post), only = (published = true))]
    struct Reader {
        #[key]
        id: i32,
    }

    #[derive(Entity, Clone)]
    #[entity(table = "bookmarks")]
    #[belongs_to(reader: Reader, by = reader_id)]
    #[belongs_to(post: relata_ui::Post, by = post_id)]
    struct Bookmark {
        #[key]
        reader_id: i32,
        #[key]
        post_id: i32,
        at: i64,
    }

    let query: Query<loaded!(Reader { posts })> =
        Reader::query().with(Reader.posts.filter_through(Bookmark.at.gt(3_i64)).order_by_through(Bookmark.at.desc()));
    let _ = query;
    let read = |bookmark: &Bookmark, reader: &Reader| bookmark.reader_id + bookmark.post_id + reader.id;
    let _ = (read, |own: &between::Own| own.person_id + own.thing_id + i32::from(own.since.is_some()));
    assert_eq!(<Reader_posts as entity::Relation>::DEF.only[0].column.name, "published");
}

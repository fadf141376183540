//! Group H: many-to-many in both directions, through tables, entities and views, beside and below each other.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{Graph, ids};
use crate::support::twins::{Joined, SelectIn, Under, mixtures};

/// Fixture "M2MOmitJoin", simple, and its composite twins: both sides, or one of them, have keys of two columns.
mod plain {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "a")]
    #[many_to_many(bs: Vec<B>, through = "a_b", by = (a_id, b_id), order_by = id)]
    #[many_to_many(pairs: Vec<Pair>, through = "a_pair", by = (a_id, (id2, id1)))]
    pub struct A {
        #[key]
        pub id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "b")]
    #[many_to_many(as_: Vec<A>, through = "a_b", by = (b_id, a_id), order_by = (id desc))]
    pub struct B {
        #[key]
        pub id: i32,
    }

    /// The key's columns are not in the order of the table's.
    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "pair")]
    #[many_to_many(as_: Vec<A>, through = "a_pair", by = ((id2, id1), a_id), order_by = id)]
    #[many_to_many(others: Vec<Pair>, through = "pair_pair", by = ((id2, id1), (other2, other1)), order_by = (id1, id2))]
    pub struct Pair {
        #[key]
        pub id2: i32,
        #[key]
        pub id1: i32,
    }

    pub const SCRIPT: &str = "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY);
        CREATE TABLE a_b (a_id int REFERENCES a, b_id int REFERENCES b);
        INSERT INTO a VALUES (1), (2), (3); INSERT INTO b VALUES (1), (2), (3); INSERT INTO a_b VALUES (1, 2), (2, 1), (1, 1);
        CREATE TABLE pair (id1 int, id2 int, PRIMARY KEY (id2, id1));
        CREATE TABLE a_pair (id1 int, id2 int, a_id int REFERENCES a, FOREIGN KEY (id2, id1) REFERENCES pair);
        CREATE TABLE pair_pair (id1 int, id2 int, other1 int, other2 int, FOREIGN KEY (id2, id1) REFERENCES pair,
            FOREIGN KEY (other2, other1) REFERENCES pair);
        INSERT INTO pair VALUES (1, 2), (2, 1), (2, 2), (1, 1);
        INSERT INTO a_pair VALUES (1, 2, 1), (2, 1, 1), (2, 2, 1), (2, 1, 2), (2, 2, 2), (NULL, 1, 3);
        INSERT INTO pair_pair VALUES (1, 2, 2, 1), (1, 2, 1, 2), (2, 1, 1, 1), (2, 2, 1, 2);";
}

#[tokio::test]
async fn shared_targets_there_and_back_again() {
    use plain::{A, B};
    let world = World::new(plain::SCRIPT).await;
    let back = [(1, vec![2, 1]), (2, vec![1]), (3, vec![])];
    for [there, home] in mixtures() {
        let query = A::query().order_by(A.id.asc()).with(A.bs.under(there).with(B.as_.under(home)));
        let all = query.all(&world.pool).await.unwrap();
        let found: Graph = all.iter().map(|a| (a.id, ids!(a.bs()))).collect();
        assert_eq!(found, [(1, vec![1, 2]), (2, vec![1]), (3, vec![])], "{}", query.to_sql());
        for b in all.iter().flat_map(|a| a.bs()) {
            assert_eq!((b.id, ids!(b.as_())), back[b.id as usize - 1], "{}", query.to_sql());
        }
        let all = B::query().order_by(B.id.asc()).with(B.as_.under(home)).all(&world.pool).await.unwrap();
        let found: Graph = all.iter().map(|b| (b.id, ids!(b.as_()))).collect();
        assert_eq!(found, back);
    }
}

#[tokio::test]
async fn many_to_many_by_keys_of_several_columns() {
    use plain::{A, Pair};
    let world = World::new(plain::SCRIPT).await;
    let keys = |rows: &[Pair]| rows.iter().map(|pair| (pair.id1, pair.id2)).collect::<Vec<_>>();
    for [one, other] in mixtures() {
        // From a single key to composite ones; the pair with a NULL in it is nobody's.
        let load = A.pairs.order_by(Pair.id1.asc()).order_by(Pair.id2.desc()).under(one);
        let query = A::query().order_by(A.id.asc()).with(load);
        let all = query.all(&world.pool).await.unwrap();
        let found: Vec<_> = all.iter().map(|a| (a.id, keys(a.pairs()))).collect();
        let expected = [(1, vec![(1, 2), (2, 2), (2, 1)]), (2, vec![(2, 2), (2, 1)]), (3, vec![])];
        assert_eq!(found, expected, "{}", query.to_sql());

        // From composite keys to single ones, and to composite ones and on.
        let query = Pair::query().order_by(Pair.id1.asc()).order_by(Pair.id2.asc());
        let query = query.with(Pair.as_.under(one)).with(Pair.others.under(other).with(Pair.as_.under(one)));
        let all = query.all(&world.pool).await.unwrap();
        let found: Vec<_> = all
            .iter()
            .map(|pair| {
                let others = pair.others().iter().map(|other| (other.id1, other.id2, ids!(other.as_())));
                ((pair.id1, pair.id2), ids!(pair.as_()), others.collect::<Vec<_>>())
            })
            .collect();
        let expected = [
            ((1, 1), vec![], vec![]),
            ((1, 2), vec![1], vec![(1, 2, vec![1]), (2, 1, vec![1, 2])]),
            ((2, 1), vec![1, 2], vec![(1, 1, vec![])]),
            ((2, 2), vec![1, 2], vec![(1, 2, vec![1])]),
        ];
        assert_eq!(found, expected, "{}", query.to_sql());
    }
    let with_both = A.pairs.any(Pair.id1.eq(2) & Pair.id2.eq(1)) & A.pairs.none(Pair.id1.eq(1));
    assert_eq!(ids!(A::query().filter(with_both).all(&world.pool).await.unwrap()), [2]);
    let over_two = Pair.others.as_.any(A.id.eq(2));
    assert_eq!(keys(&Pair::query().filter(over_two).all(&world.pool).await.unwrap()), [(1, 2)]);
}

/// The association is a view that gives each number in a list, beside columns of the parent's own names.
mod listed {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "a")]
    #[many_to_many(bs: Vec<B>, through = "listed", by = (aid, bid))]
    pub struct A {
        #[key]
        pub id: i32,
        pub b_ids: String,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "b")]
    #[many_to_many(listed_by: Vec<A>, through = "listed", by = (bid, aid))]
    pub struct B {
        #[key]
        pub id: String,
    }
}

#[tokio::test]
async fn h4_an_association_that_is_a_view_with_columns_of_its_parent() {
    use listed::{A, B};
    let script = "CREATE TABLE a (id int PRIMARY KEY, b_ids text NOT NULL); CREATE TABLE b (id text PRIMARY KEY);
        CREATE VIEW listed AS SELECT a.id AS aid, b.id AS bid, a.id, a.b_ids FROM a, b WHERE a.b_ids LIKE '%' || b.id || '%';
        INSERT INTO a VALUES (1, '1'), (2, '2 3'), (3, ''), (4, '3 1'); INSERT INTO b VALUES ('1'), ('2'), ('3'), ('4');";
    let world = World::new(script).await;
    for strategy in [SelectIn, Joined] {
        let load = A.bs.filter(B.id.ne("2")).order_by(B.id.desc()).under(strategy);
        let query = A::query().filter(A.b_ids.ne("1")).order_by(A.id.asc()).with(load);
        let all = query.all(&world.pool).await.unwrap();
        let found: Vec<_> = all.iter().map(|a| a.bs().iter().map(|b| b.id.as_str()).collect::<Vec<_>>()).collect();
        assert_eq!(found, [vec!["3"], vec![], vec!["3", "1"]], "{}", query.to_sql());

        let load = B.listed_by.order_by(A.id.desc()).limit(1).under(strategy);
        let query = B::query().order_by(B.id.asc()).with(load);
        let found: Vec<Vec<i32>> = query.all(&world.pool).await.unwrap().iter().map(|b| ids!(b.listed_by())).collect();
        assert_eq!(found, [vec![4], vec![2], vec![4], vec![]], "{}", query.to_sql());
    }
    let listed = A.bs.any(B.id.eq("3")) & A.b_ids.ne("2 3");
    assert_eq!(ids!(A::query().filter(listed).all(&world.pool).await.unwrap()), [4]);
}

mod tickets {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "tickets")]
    #[belongs_to(task: Option<Task>, by = task_id)]
    pub struct Ticket {
        #[key]
        pub id: i32,
        pub task_id: Option<i32>,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "tasks")]
    #[belongs_to(kind: Kind, by = kind_id)]
    #[many_to_many(tags: Vec<Tag>, through = "task_tags", by = (task_id, tag_id), order_by = id)]
    pub struct Task {
        #[key]
        pub id: i32,
        pub kind_id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "tags")]
    #[belongs_to(kind: Kind, by = kind_id)]
    pub struct Tag {
        #[key]
        pub id: i32,
        pub kind_id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "kinds")]
    pub struct Kind {
        #[key]
        pub id: i32,
    }

    /// A ticket without a task, a task that two tickets share, a task without tags, and a tag that two tasks share.
    pub const SCRIPT: &str = "CREATE TABLE kinds (id int PRIMARY KEY);
        CREATE TABLE tags (id int PRIMARY KEY, kind_id int NOT NULL REFERENCES kinds);
        CREATE TABLE tasks (id int PRIMARY KEY, kind_id int NOT NULL REFERENCES kinds);
        CREATE TABLE task_tags (task_id int REFERENCES tasks, tag_id int REFERENCES tags);
        CREATE TABLE tickets (id int PRIMARY KEY, task_id int REFERENCES tasks);
        INSERT INTO kinds VALUES (1), (2); INSERT INTO tags VALUES (1, 2), (2, 1), (3, 2);
        INSERT INTO tasks VALUES (1, 1), (2, 2), (3, 1); INSERT INTO task_tags VALUES (1, 3), (1, 1), (3, 1);
        INSERT INTO tickets VALUES (1, 1), (2, NULL), (3, 2), (4, 1), (5, 3);";
}

#[tokio::test]
async fn h6_many_to_many_and_promised_rows_below_a_row_that_may_be_missing() {
    use tickets::{Tag, Task, Ticket};
    let world = World::new(tickets::SCRIPT).await;
    let first = Some((1, 1, vec![(1, 2), (3, 2)]));
    let expected = [first.clone(), None, Some((2, 2, vec![])), first, Some((3, 1, vec![(1, 2)]))];
    for [task, kind, tags, of_tag] in mixtures() {
        let load = Ticket.task.under(task).with(Task.kind.under(kind));
        let query = Ticket::query()
            .order_by(Ticket.id.asc())
            .with(load.with(Task.tags.under(tags).with(Tag.kind.under(of_tag))));
        let tickets = query.all(&world.pool).await.unwrap();
        let found: Vec<_> = tickets
            .iter()
            .map(|ticket| {
                let tags = |task: &loaded!(Task { kind, tags { kind } })| {
                    task.tags().iter().map(|tag| (tag.id, tag.kind().id)).collect::<Vec<_>>()
                };
                ticket.task().map(|task| (task.id, task.kind().id, tags(task)))
            })
            .collect();
        assert_eq!(found, expected, "{}", query.to_sql());
    }
}

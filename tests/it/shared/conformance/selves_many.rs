//! Many-to-many relations of a table to itself: widgets, the net of seven nodes, connected rooms.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{Graph, Page, ids};
use crate::support::twins::{Joined, SelectIn, Under, mixtures};

mod widgets {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "widget")]
    #[many_to_many(children: Vec<Widget>, through = "widget_rel", by = (parent_id, child_id))]
    #[many_to_many(parents: Vec<Widget>, through = "widget_rel", by = (child_id, parent_id))]
    pub struct Widget {
        #[key]
        pub id: i32,
        pub name: String,
    }
}

#[tokio::test]
async fn h9_a_widget_of_a_widget() {
    use widgets::Widget;
    let script = "CREATE TABLE widget (id int PRIMARY KEY, name text UNIQUE NOT NULL);
        CREATE TABLE widget_rel (parent_id int REFERENCES widget, child_id int REFERENCES widget, UNIQUE (parent_id, child_id));
        INSERT INTO widget VALUES (1, 'w1'), (2, 'w2'); INSERT INTO widget_rel VALUES (1, 2);";
    let world = World::new(script).await;
    for [children, parents] in mixtures() {
        let query = Widget::query()
            .order_by(Widget.id.asc())
            .with(Widget.children.under(children).with(Widget.parents.under(parents)));
        let found: Vec<(i32, Graph)> = query
            .all(&world.pool)
            .await
            .unwrap()
            .iter()
            .map(|row| (row.id, row.children().iter().map(|child| (child.id, ids!(child.parents()))).collect()))
            .collect();
        assert_eq!(found, [(1, vec![(2, vec![1])]), (2, vec![])], "{}", query.to_sql());
    }
    let child =
        Widget::query().filter(Widget.name.eq("w1")).with(Widget.children.joined()).one(&world.pool).await.unwrap();
    assert_eq!(child.children(), [Widget { id: 2, name: "w2".to_owned() }]);
}

mod net {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "nodes")]
    #[belongs_to(kind: Kind, by = kind_id)]
    #[many_to_many(rights: Vec<Node>, through = Link, by = (left, right), order_by = id)]
    #[many_to_many(lefts: Vec<Node>, through = Link, by = (right, left), order_by = id)]
    #[many_to_many(heavy: Vec<Node>, through = Link, by = (left, right), through_only = (weight = 2), order_by = id)]
    pub struct Node {
        #[key]
        pub id: i32,
        pub kind_id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "node_to_nodes")]
    #[belongs_to(left: Node, by = left_node_id)]
    #[belongs_to(right: Node, by = right_node_id)]
    pub struct Link {
        #[key]
        pub left_node_id: i32,
        #[key]
        pub right_node_id: i32,
        pub weight: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "kinds")]
    pub struct Kind {
        #[key]
        pub id: i32,
    }
}

/// From, to, and the weight of the link.
const LINKS: [(i32, i32, i32); 8] =
    [(1, 2, 1), (1, 3, 2), (1, 4, 2), (2, 3, 2), (2, 6, 1), (2, 7, 2), (3, 5, 1), (3, 4, 2)];

async fn seven() -> World {
    let links: Vec<String> = LINKS.iter().map(|(left, right, weight)| format!("({left}, {right}, {weight})")).collect();
    let script = format!(
        "CREATE TABLE kinds (id int PRIMARY KEY);
        CREATE TABLE nodes (id int PRIMARY KEY, kind_id int NOT NULL REFERENCES kinds);
        CREATE TABLE node_to_nodes (left_node_id int REFERENCES nodes, right_node_id int REFERENCES nodes,
            weight int NOT NULL, PRIMARY KEY (left_node_id, right_node_id));
        INSERT INTO kinds VALUES (0), (1); INSERT INTO nodes SELECT id, id % 2 FROM generate_series(1, 7) AS id;
        INSERT INTO node_to_nodes VALUES {};",
        links.join(", ")
    );
    World::new(&script).await
}

/// Where the links of a node lead that meet a condition on their weight, in the order of the ids.
fn rights(id: i32, keep: impl Fn(i32) -> bool) -> Vec<i32> {
    let mut ids: Vec<i32> =
        LINKS.iter().filter(|(left, _, weight)| *left == id && keep(*weight)).map(|(_, right, _)| *right).collect();
    ids.sort_unstable();
    ids
}

fn lefts(id: i32) -> Vec<i32> {
    LINKS.iter().filter(|(_, right, _)| *right == id).map(|(left, ..)| *left).collect()
}

#[tokio::test]
async fn a_net_in_both_directions_with_a_promised_row_at_its_end() {
    use net::Node;
    let world = seven().await;
    for [one, back, two, kind] in mixtures() {
        for part in [Page::ALL, Page::first(2), Page::after(1)] {
            let load = part.of_each(Node.rights.under(two), true).with(Node.kind.under(kind));
            let load = part.of_each(Node.rights.under(one), false).with(load).with(Node.lefts.under(back));
            let query = Node::query().order_by(Node.id.asc()).with(load);
            for node in query.all(&world.pool).await.unwrap() {
                let all = |id: i32| part.cut(rights(id, |_| true));
                assert_eq!(ids!(node.rights()), all(node.id), "{}", query.to_sql());
                for right in node.rights() {
                    assert_eq!(ids!(right.lefts()), lefts(right.id), "{}", query.to_sql());
                    assert_eq!(ids!(right.rights()), all(right.id), "{}", query.to_sql());
                    assert!(right.rights().iter().all(|last| last.kind().id == last.id % 2));
                }
            }
        }
    }
}

#[tokio::test]
async fn i21_conditions_across_a_many_to_many_to_itself() {
    use net::{Link, Node};
    let world = seven().await;
    let keeps = async |condition: Predicate<Node>| {
        ids!(Node::query().filter(condition).order_by(Node.id.asc()).all(&world.pool).await.unwrap())
    };
    let to = |id: i32| Node.rights.any(Node.id.eq(id));
    assert_eq!(keeps(to(3)).await, [1, 2]);
    assert_eq!(keeps(to(4)).await, [1, 3]);
    assert_eq!(keeps(!to(4)).await, [2, 4, 5, 6, 7]);
    assert_eq!(keeps(Node.rights.none(Node.id.eq(4))).await, [2, 4, 5, 6, 7]);
    assert_eq!(keeps(to(3) & to(4)).await, [1]);
    assert_eq!(keeps(Node.lefts.any(Node.id.eq(2))).await, [3, 6, 7]);
    assert_eq!(keeps(Node.rights.rights.any(Node.id.eq(5))).await, [1, 2]);
    assert_eq!(keeps(Node.rights.lefts.any(Node.id.eq(3))).await, [1, 3], "of those that 4 and 5 are right of");
    assert_eq!(keeps(Node.heavy.any(Node.id.eq(2))).await, [0; 0], "1 leads to 2 by a light link");
    assert_eq!(keeps(Node.rights.every(Node.id.gt(3)) & Node.rights.any(Predicate::always())).await, [3]);
    for strategy in [SelectIn, Joined] {
        let load = Node.rights.filter_through(Link.weight.eq(1)).under(strategy);
        let matching = Node::query().order_by(Node.id.asc()).with_matching(load);
        let found: Graph =
            matching.all(&world.pool).await.unwrap().iter().map(|row| (row.id, ids!(row.rights()))).collect();
        assert_eq!(found, [(1, vec![2]), (2, vec![6]), (3, vec![5])], "{}", matching.to_sql());
    }
}

#[tokio::test]
async fn m12_conditions_on_the_association_of_two_levels() {
    use net::{Link, Node};
    let world = seven().await;
    for [one, two, heavy] in mixtures() {
        for (first, second) in [(1, 2), (2, 1), (2, 2)] {
            let load = Node.rights.filter_through(Link.weight.eq(second)).under(two);
            let load = Node.rights.filter_through(Link.weight.eq(first)).under(one).with(load);
            let query = Node::query().order_by(Node.id.asc()).with(load.with(Node.heavy.under(heavy)));
            let nodes = query.all(&world.pool).await.unwrap();
            assert_eq!(ids!(nodes), [1, 2, 3, 4, 5, 6, 7], "no parent is dropped");
            for node in &nodes {
                assert_eq!(ids!(node.rights()), rights(node.id, |weight| weight == first), "{}", query.to_sql());
                for right in node.rights() {
                    let expected = rights(right.id, |weight| weight == second);
                    assert_eq!(ids!(right.rights()), expected, "{}", query.to_sql());
                    assert_eq!(ids!(right.heavy()), rights(right.id, |weight| weight == 2), "{}", query.to_sql());
                }
            }
        }
        // Sorted by the association, and only so many: the heaviest link, the greater id where two are as heavy.
        let load = Node.rights.order_by_through(Link.weight.desc()).order_by(Node.id.desc()).limit(1).under(one);
        let query = Node::query().filter(Node.id.le(3)).order_by(Node.id.asc()).with(load);
        let found: Vec<Vec<i32>> = query.all(&world.pool).await.unwrap().iter().map(|row| ids!(row.rights())).collect();
        assert_eq!(found, [[4], [7], [4]], "{}", query.to_sql());
    }
}

mod rooms {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "room")]
    #[belongs_to(color: Color, by = color_id)]
    #[many_to_many(connected: Vec<Room>, through = "room_connections", by = (room_a_id, room_b_id), order_by = id)]
    pub struct Room {
        #[key]
        pub id: i32,
        pub name: String,
        pub color_id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "color")]
    #[belongs_to(temperature: Temperature, by = temp_id)]
    pub struct Color {
        #[key]
        pub id: i32,
        pub name: String,
        pub temp_id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "temperature")]
    pub struct Temperature {
        #[key]
        pub id: i32,
        pub name: String,
    }

    pub const SCRIPT: &str = "CREATE TABLE temperature (id int PRIMARY KEY, name text NOT NULL);
        CREATE TABLE color (id int PRIMARY KEY, name text NOT NULL, temp_id int NOT NULL REFERENCES temperature);
        CREATE TABLE room (id int PRIMARY KEY, name text NOT NULL, color_id int NOT NULL REFERENCES color);
        CREATE TABLE room_connections (room_a_id int REFERENCES room, room_b_id int REFERENCES room);
        INSERT INTO temperature VALUES (1, 'warm'), (2, 'cool');
        INSERT INTO color VALUES (1, 'red', 1), (2, 'orange', 1), (3, 'blue', 2), (4, 'green', 2);
        INSERT INTO room VALUES (1, 'Red-1', 1), (2, 'Red-2', 1), (3, 'Orange-2', 2), (4, 'Blue-1', 3), (5, 'Blue-2', 3),
            (6, 'Green-1', 4);
        INSERT INTO room_connections VALUES (1, 2), (1, 4), (1, 6), (2, 1), (2, 5), (2, 3), (4, 1), (4, 5), (4, 6), (5, 2),
            (5, 4), (5, 3);";
}

#[tokio::test]
async fn m5_connected_rooms_under_a_condition_behind_two_relations() {
    use rooms::Room;
    let world = World::new(rooms::SCRIPT).await;
    for [first, second] in mixtures() {
        let of = |temperature: &str| Room.color.temperature.name.eq(temperature);
        let load = Room.connected.filter(of("warm")).under(first).with(Room.connected.filter(of("cool")).under(second));
        let query = Room::query().filter(Room.name.starts_with("Red")).order_by(Room.id.asc()).with(load);
        let rooms = query.all(&world.pool).await.unwrap();
        let found: Vec<Vec<&str>> =
            rooms.iter().map(|room| room.connected().iter().map(|room| room.name.as_str()).collect()).collect();
        assert_eq!(found, [vec!["Red-2"], vec!["Red-1", "Orange-2"]], "{}", query.to_sql());
        let cool: Vec<Vec<i32>> =
            rooms.iter().flat_map(|room| room.connected()).map(|room| ids!(room.connected())).collect();
        assert_eq!(cool, [vec![5], vec![4, 6], vec![]], "{}", query.to_sql());

        // With a limit, and sorted behind the two relations.
        let warmest = Room.connected.order_by(Room.color.temperature.name.desc()).order_by(Room.id.desc()).limit(2);
        let query = Room::query().order_by(Room.id.asc()).with(warmest.under(first));
        let found: Graph =
            query.all(&world.pool).await.unwrap().iter().map(|row| (row.id, ids!(row.connected()))).collect();
        let expected = [(1, vec![2, 6]), (2, vec![3, 1]), (3, vec![]), (4, vec![1, 6]), (5, vec![3, 2]), (6, vec![])];
        assert_eq!(found, expected, "{}", query.to_sql());
    }
}

//! Relations of every shape: several between two tables, to the entity itself, over several columns, over texts.

use relata::ErrorKind;
use relata::prelude::*;

use crate::support::World;
use crate::support::trace::listen;
use crate::support::twins::{Strategy, Under, mixtures};

mod model {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "people")]
    #[has_many(sent: Vec<Message>, by = sender_id)]
    #[has_many(received: Vec<Message>, by = recipient_id)]
    #[belongs_to(boss: Option<Person>, by = boss_id)]
    #[has_many(staff: Vec<Person>, by = boss_id)]
    #[has_one(desk: Desk, by = owner)]
    pub struct Person {
        #[key]
        pub id: i64,
        pub boss_id: Option<i64>,
        #[column(embed)]
        pub address: Address,
        #[column(skip)]
        pub cache: Option<String>,
    }

    #[derive(Embed, Debug, Clone, PartialEq)]
    pub struct Address {
        pub street: String,
        #[column(name = "Ort")]
        pub city: Option<String>,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "messages", rename_all = "camelCase")]
    #[belongs_to(sender: Person, by = sender_id)]
    #[belongs_to(recipient: Option<Person>, by = recipient_id)]
    pub struct Message {
        #[key(generated)]
        pub id: i32,
        pub sender_id: i32,
        pub recipient_id: Option<i32>,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "desks")]
    #[has_many(lamps: Vec<Lamp>, by = desk)]
    pub struct Desk {
        #[key]
        pub number: String,
        pub owner: i64,
        #[column(name = "type")]
        pub r#type: Option<String>,
        #[column(skip)]
        pub note: u8,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "lamps")]
    pub struct Lamp {
        #[key]
        pub id: i32,
        pub desk: String,
    }
}

use model::{Address, Desk, Message, Person};

const PEOPLE: &str = r#"
CREATE TABLE people (id bigint PRIMARY KEY, boss_id bigint, street text NOT NULL, "Ort" text);
CREATE TABLE messages (id int PRIMARY KEY, "senderId" int NOT NULL, "recipientId" int);
CREATE TABLE desks (number text PRIMARY KEY, owner bigint NOT NULL, type text);
INSERT INTO people VALUES (1, NULL, 'High', 'Ulm'), (2, 1, 'Low', NULL), (3, 1, 'High', NULL), (5000000000, 5000000000, 'Far', 'Ur');
INSERT INTO messages VALUES (1, 1, 2), (2, 2, 1), (3, 1, NULL), (4, 3, 3), (5, 1, 99);
INSERT INTO desks VALUES ('a', 1, 'oak'), ('b', 2, NULL), ('c', 3, NULL), ('d', 5000000000, NULL);
"#;

#[tokio::test]
async fn x2_two_relations_to_one_table_are_not_confused() {
    let world = World::new(PEOPLE).await;
    for [sent, recipient, received, sender] in mixtures() {
        let people = Person::query()
            .order_by(Person.id.asc())
            .with(Person.sent.order_by(Message.id.asc()).under(sent).with(Message.recipient.under(recipient)))
            .with(Person.received.order_by(Message.id.asc()).under(received).with(Message.sender.under(sender)))
            .all(&world.pool)
            .await
            .unwrap();
        let sent: Vec<Vec<i32>> = people.iter().map(|p| p.sent().iter().map(|m| m.id).collect()).collect();
        let received: Vec<Vec<i32>> = people.iter().map(|p| p.received().iter().map(|m| m.id).collect()).collect();
        assert_eq!(sent, [vec![1, 3, 5], vec![2], vec![4], vec![]]);
        assert_eq!(received, [vec![2], vec![1], vec![4], vec![]]);
        let recipients: Vec<Option<i64>> = people[0].sent().iter().map(|m| m.recipient().map(|p| p.id)).collect();
        assert_eq!(recipients, [Some(2), None, None], "a NULL key and a dangling one both lead to no row");
        assert_eq!(people[1].received()[0].sender().id, 1);
    }
}

#[tokio::test]
async fn x24_keys_of_different_width_match_and_those_that_do_not_fit_match_nothing() {
    let world = World::new(PEOPLE).await;
    for load in [Person.sent.select_in(), Person.sent.joined(), Person.sent.limit(1), Person.sent.limit(1).joined()] {
        let far = Person::find(5_000_000_000_i64).with(load.clone()).one(&world.pool).await.unwrap();
        assert!(far.sent().is_empty());
        let all = Person::query().order_by(Person.id.asc()).with(load).all(&world.pool).await.unwrap();
        assert_eq!(all.iter().map(|person| !person.sent().is_empty()).collect::<Vec<_>>(), [true, true, true, false]);
    }
    for [strategy] in mixtures() {
        let senders = Message::query().with(Message.sender.under(strategy)).order_by(Message.id.asc());
        let senders = senders.all(&world.pool).await.unwrap();
        assert_eq!(senders.iter().map(|m| m.sender().id).collect::<Vec<_>>(), [1, 2, 1, 3, 1]);
    }
}

#[tokio::test]
async fn i12_a_row_that_refers_to_itself_and_x3_a_table_joined_with_itself() {
    let world = World::new(PEOPLE).await;
    for [boss, above, staff] in mixtures() {
        let boss = Person.boss.under(boss).with(Person.boss.under(above));
        let far = Person::find(5_000_000_000_i64).with(boss).with(Person.staff.under(staff));
        let far = far.one(&world.pool).await.unwrap();
        assert_eq!(far.boss().and_then(|boss| boss.boss()).map(|boss| boss.id), Some(5_000_000_000));
        assert_eq!(far.staff().len(), 1);
    }

    let query = Person::query().filter(Person.boss.boss.id.is_null() & Person.boss.address.street.eq("High"));
    let ids: Vec<i64> = query.order_by(Person.id.asc()).all(&world.pool).await.unwrap().iter().map(|p| p.id).collect();
    assert_eq!(ids, [2, 3]);
    let bosses = Person::query().filter(Person.staff.any(Person.address.street.eq("Low")));
    assert_eq!(bosses.all(&world.pool).await.unwrap()[0].id, 1);
}

#[tokio::test]
async fn x22_columns_have_names_of_their_own_and_structs_within() {
    let world = World::new(PEOPLE).await;
    for [boss, desk] in mixtures() {
        let query = Person::query().filter(Person.address.city.eq("Ulm")).with(Person.desk.under(desk));
        let people = query.all(&world.pool).await.unwrap();
        assert_eq!(people[0].address, Address { street: "High".into(), city: Some("Ulm".into()) });
        assert_eq!((people[0].cache.as_ref(), people[0].desk().r#type.as_deref()), (None, Some("oak")));
        // The embedded struct of a row that is read from the middle of another one's columns.
        let low = Person::find(2_i64).with(Person.boss.under(boss).with(Person.desk.under(desk)));
        let low = low.one(&world.pool).await.unwrap();
        assert_eq!(low.boss().map(|boss| &boss.address), Some(&people[0].address));
        assert_eq!(low.boss().map(|boss| boss.desk()), Some(people[0].desk()));
    }
    let text = Message::query().filter(Message.sender_id.eq(1)).to_sql().text().to_owned();
    assert!(text.ends_with(r#"WHERE "t0"."senderId" = $1"#), "{text}");
    let desks = Desk::query().filter(Desk.r#type.is_not_null()).all(&world.pool).await.unwrap();
    assert_eq!((desks.len(), desks[0].note), (1, 0));
    assert_eq!(Desk::find("b").one(&world.pool).await.unwrap().owner, 2);
}

#[tokio::test]
async fn a_promised_has_one_that_is_missing_or_double_is_an_error_with_its_path_and_key() {
    let world = World::new(PEOPLE).await;
    world.execute("DELETE FROM desks WHERE number = 'b'").await;
    let query = |[sender, desk]: [Strategy; 2]| {
        let load = Message.sender.under(sender).with(Person.desk.under(desk));
        Message::query().order_by(Message.id.asc()).with(load)
    };
    for strategies in mixtures() {
        let error = query(strategies).all(&world.pool).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::MissingTarget);
        let message = "Message.sender.desk: the relation promises a row, and there is none with key 2";
        assert_eq!(error.to_string(), message);
    }
    world.execute("INSERT INTO desks VALUES ('e', 3, NULL), ('f', 2, NULL)").await;
    for strategies in mixtures() {
        let error = query(strategies).all(&world.pool).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SeveralRows);
        let message = "Message.sender.desk: more than one row for key 3, where the relation allows one";
        assert_eq!(error.to_string(), message);
    }
    // Below the one row that there should be, one key is sent: two of them are no reason to lose the second.
    world.execute("CREATE TABLE lamps (id int, desk text); INSERT INTO lamps VALUES (1, 'c'), (2, 'e')").await;
    let message = "Person.desk: more than one row for key 3, where the relation allows one";
    for [desk, lamps] in mixtures() {
        let query = Person::find(3_i64).with(Person.desk.under(desk).with(Desk.lamps.under(lamps)));
        let error = query.one(&world.pool).await.unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::SeveralRows, message));
    }
}

#[tokio::test]
async fn f9_a_level_without_rows_or_keys_sends_no_statement_below_it() {
    let world = World::new(PEOPLE).await;
    let listener = listen();
    for [first, second] in mixtures() {
        let load = Person.sent.under(first).with(Message.sender.under(second));
        let none = Person::query().filter(Person.id.lt(0)).with(load);
        assert!(none.all(&world.pool).await.unwrap().is_empty());
        assert_eq!(listener.take().len(), 1);

        // C10: all keys are NULL.
        let load = Message.recipient.under(first).with(Person.sent.under(second));
        let query = Message::query().filter(Message.id.eq(3)).with(load);
        assert!(query.one(&world.pool).await.unwrap().recipient().is_none());
        assert_eq!(listener.take().len(), 1);
    }
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "sections")]
#[belongs_to(parent: Option<Section>, by = (year, parent_idx))]
#[has_many(children: Vec<Section>, by = (year, parent_idx))]
#[has_many(notes: Vec<Note>, by = (section_year, section_idx))]
struct Section {
    #[key]
    year: i32,
    #[key]
    idx: String,
    parent_idx: Option<String>,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "notes")]
#[belongs_to(section: Option<Section>, by = (section_year, section_idx))]
struct Note {
    #[key]
    id: i32,
    section_idx: Option<String>,
    section_year: Option<i64>,
}

#[tokio::test]
async fn x6_composite_keys_match_as_a_whole() {
    let script = "CREATE TABLE sections (year int, idx text, parent_idx text, PRIMARY KEY (year, idx));
        CREATE TABLE notes (id int PRIMARY KEY, section_idx text, section_year bigint);
        INSERT INTO sections VALUES (1, 'a', NULL), (1, 'b', 'a'), (2, 'a', NULL), (2, 'b', 'b'), (2, 'ab', 'a');
        INSERT INTO notes VALUES (1, 'a', 1), (2, 'b', 2), (3, 'a', NULL), (4, NULL, 1), (5, 'a', 9), (6, 'a', 1)";
    let world = World::new(script).await;
    let expected = [
        (1, "a", None, vec!["b"], vec![1, 6]),
        (1, "b", Some("a"), vec![], vec![]),
        (2, "a", None, vec!["ab"], vec![]),
        (2, "ab", Some("a"), vec![], vec![]),
        (2, "b", Some("b"), vec!["b"], vec![2]),
    ];
    for [parent, children, notes] in mixtures() {
        let sections = Section::query()
            .order_by(Section.year.asc())
            .order_by(Section.idx.asc())
            .with(Section.parent.under(parent))
            .with(Section.children.order_by(Section.idx.asc()).under(children))
            .with(Section.notes.order_by(Note.id.asc()).under(notes))
            .all(&world.pool)
            .await
            .unwrap();
        let shape: Vec<(i32, &str, Option<&str>, Vec<&str>, Vec<i32>)> = sections
            .iter()
            .map(|section| {
                let parent = section.parent().map(|parent| parent.idx.as_str());
                let children = section.children().iter().map(|child| child.idx.as_str()).collect();
                let notes = section.notes().iter().map(|note| note.id).collect();
                (section.year, section.idx.as_str(), parent, children, notes)
            })
            .collect();
        assert_eq!(shape, expected);

        let all = Note::query().order_by(Note.id.asc()).with(Note.section.under(parent));
        let all = all.all(&world.pool).await.unwrap();
        let found: Vec<Option<(i32, &str)>> =
            all.iter().map(|note| note.section().map(|section| (section.year, section.idx.as_str()))).collect();
        assert_eq!(found, [Some((1, "a")), Some((2, "b")), None, None, None, Some((1, "a"))]);

        let one = Section::find((2, "ab")).with(Section.parent.under(parent)).one(&world.pool).await.unwrap();
        assert_eq!(one.parent().unwrap().idx, "a");
    }
    let of_section = Note::query().filter(Note.section.parent.idx.eq("b")).count(&world.pool).await.unwrap();
    assert_eq!(of_section, 1);
}

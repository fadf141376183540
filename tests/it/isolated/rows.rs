//! Rows that are not what their entity promises: NULL, too many of them, or none.

use relata::prelude::*;
use relata::{ErrorKind, Executor};

use super::probe::refused;
use crate::support::blog::{self, User};
use crate::support::twins::{Joined, SelectIn, Strategy, Under};
use crate::support::{World, connect, pool};

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "owners")]
#[has_many(pets: Vec<Pet>, by = owner_id)]
#[has_one(passport: Option<Passport>, by = owner_id)]
#[has_one(house: House, by = owner_id)]
struct Owner {
    #[key]
    id: i32,
    name: String,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "pets")]
#[belongs_to(owner: Owner, by = owner_id)]
struct Pet {
    #[key]
    id: i32,
    owner_id: i32,
    name: String,
    mood: Mood,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "passports")]
struct Passport {
    #[key]
    id: i32,
    owner_id: i32,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "houses")]
struct House {
    #[key]
    id: i32,
    owner_id: i32,
}

/// A walk with a pet that nobody owns.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "walks")]
#[belongs_to(pet: Pet, by = pet_id)]
struct Walk {
    #[key]
    id: i32,
    pet_id: i32,
}

/// A text with two values that it knows.
#[derive(Debug, Clone, PartialEq)]
enum Mood {
    Calm,
    Wild,
}

impl<'a> tokio_postgres::types::FromSql<'a> for Mood {
    fn from_sql(
        _: &tokio_postgres::types::Type,
        raw: &'a [u8],
    ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        match raw {
            b"calm" => Ok(Mood::Calm),
            b"wild" => Ok(Mood::Wild),
            _ => Err("neither calm nor wild".into()),
        }
    }

    fn accepts(ty: &tokio_postgres::types::Type) -> bool {
        *ty == tokio_postgres::types::Type::TEXT
    }
}

const TABLES: &str = "
CREATE TABLE owners (id int PRIMARY KEY, name text);
CREATE TABLE pets (id int PRIMARY KEY, owner_id int, name text, mood text NOT NULL);
CREATE TABLE passports (id int PRIMARY KEY, owner_id int);
CREATE TABLE houses (id int PRIMARY KEY, owner_id int);
CREATE TABLE walks (id int PRIMARY KEY, pet_id int);
INSERT INTO owners VALUES (1, 'Ada'), (2, 'Ben'), (3, NULL);
INSERT INTO pets VALUES (1, 1, 'Rex', 'calm'), (2, 1, NULL, 'calm'), (3, 7, 'Tom', 'calm'), (4, 2, 'Kit', 'odd'),
    (5, NULL, 'Bo', 'wild');
INSERT INTO pets SELECT id, 1, 'one of many', 'calm' FROM generate_series(10, 5000) AS id;
INSERT INTO passports VALUES (1, 1), (2, 2), (3, 2);
INSERT INTO houses VALUES (1, 1);
INSERT INTO walks VALUES (1, 3);
";

async fn world() -> World {
    World::new(&format!("{}{}{TABLES}", blog::TABLES, blog::ROWS)).await
}

/// Every mistake that the client finds, each followed by loads that succeed on the same executor.
async fn mistakes(db: &impl Executor, strategy: Strategy) {
    let named = Owner.id.le(2);
    let null = "field `Owner.name`: column `name` of table `owners` is NULL, and the field is not an `Option`";
    refused(Owner::query().all(db).await, ErrorKind::UnexpectedNull, &format!("Owner: {null}"));
    works(db).await;
    let null = "field `Pet.name`: column `name` of table `pets` is NULL, and the field is not an `Option`";
    let pets = Owner::query().filter(named.clone()).with(Owner.pets.under(strategy)).all(db).await;
    refused(pets, ErrorKind::UnexpectedNull, &format!("Owner.pets: {null}"));
    works(db).await;
    let mood = "field `Pet.mood`: column `mood` of table `pets` has a value that cannot be read as `Mood`";
    let pets = Owner::find(2).with(Owner.pets.under(strategy)).all(db).await;
    let error = refused(pets, ErrorKind::Decode, &format!("Owner.pets: {mood}"));
    let cause = std::error::Error::source(&error).and_then(std::error::Error::source).unwrap();
    assert_eq!(cause.to_string(), "neither calm nor wild");
    works(db).await;

    let says = "Owner: more than one row, where one was asked for";
    let wild = || Owner::query().filter(named.clone());
    refused(wild().one(db).await, ErrorKind::SeveralRows, says);
    refused(wild().at_most_one(db).await, ErrorKind::SeveralRows, says);
    refused(Owner::find(9).one(db).await, ErrorKind::NotFound, "Owner: no row, where one was asked for");
    assert_eq!(Owner::find(9).at_most_one(db).await.unwrap(), None);
    let passports = wild().with(Owner.passport.under(strategy)).all(db).await;
    let says = "Owner.passport: more than one row for key 2, where the relation allows one";
    refused(passports, ErrorKind::SeveralRows, says);
    works(db).await;

    let says = "Owner.house: the relation promises a row, and there is none with key 2";
    refused(wild().with(Owner.house.under(strategy)).all(db).await, ErrorKind::MissingTarget, says);
    let pet = Walk.pet.under(strategy).with(Pet.owner.under(strategy));
    let walks = Walk::query().with(pet).all(db).await;
    let says = "Walk.pet.owner: the relation promises a row, and there is none with key 7";
    refused(walks, ErrorKind::MissingTarget, says);
    works(db).await;
}

async fn works(db: &impl Executor) {
    let users = User::query().order_by(User.id.asc()).with(User.posts).all(db).await.unwrap();
    assert_eq!((users.len(), users[0].posts().len()), (4, 2));
}

#[tokio::test]
async fn rows_that_break_a_promise_leave_the_pool_usable() {
    let world = world().await;
    let one = pool(&world.config, 1);
    mistakes(&one, SelectIn).await;
    mistakes(&one, Joined).await;
    assert_eq!(one.status().size, 1, "the connection stayed in the pool");
}

#[tokio::test]
async fn rows_that_break_a_promise_leave_a_transaction_usable() {
    let world = world().await;
    let mut pooled = world.pool.get().await.unwrap();
    let transaction = pooled.transaction().await.unwrap();
    transaction.batch_execute("INSERT INTO owners VALUES (4, 'Cleo')").await.unwrap();
    mistakes(&transaction, SelectIn).await;
    mistakes(&transaction, Joined).await;
    assert_eq!(Owner::find(4).one(&transaction).await.unwrap().name, "Cleo");
    transaction.commit().await.unwrap();

    let mut client = connect(&world.config).await;
    let transaction = client.transaction().await.unwrap();
    mistakes(&transaction, SelectIn).await;
    mistakes(&transaction, Joined).await;
    transaction.batch_execute("INSERT INTO owners VALUES (5, 'Dan')").await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(Owner::query().filter(Owner.id.is_in([4, 5])).count(&client).await.unwrap(), 2);
}

#[tokio::test]
async fn a_null_key_with_a_promised_row_is_named() {
    let world = world().await;
    world.execute("UPDATE pets SET owner_id = NULL").await;
    let says = "Pet: field `Pet.owner_id`: column `owner_id` of table `pets` is NULL, and the field is not an `Option`";
    for strategy in [SelectIn, Joined] {
        let pets = Pet::find(1).with(Pet.owner.under(strategy)).all(&world.pool).await;
        refused(pets, ErrorKind::UnexpectedNull, says);
    }
}

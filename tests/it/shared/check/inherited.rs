//! Partitioned tables, and tables that others inherit from.

use relata::prelude::*;

use super::{mended, stays};

#[derive(Entity, Debug, Clone)]
#[entity(table = "devices")]
#[has_many(events: Vec<Event>, by = device_id)]
struct Device {
    #[key]
    id: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "events")]
#[belongs_to(device: Device, by = device_id)]
struct Event {
    #[key]
    id: i32,
    #[key]
    year: i32,
    device_id: i32,
}

const EVENTS: &str = "CREATE TABLE devices (id int PRIMARY KEY);
    CREATE TABLE events (id int NOT NULL, year int NOT NULL, device_id int NOT NULL) PARTITION BY RANGE (year);
    CREATE TABLE events_old PARTITION OF events FOR VALUES FROM (0) TO (2000);
    CREATE TABLE events_new PARTITION OF events FOR VALUES FROM (2000) TO (3000) PARTITION BY LIST (id);
    CREATE TABLE events_new_1 PARTITION OF events_new FOR VALUES IN (1);";

#[tokio::test]
async fn a_partitioned_table_is_one_table() {
    let expected = [
        "error: `Event` is found by `id`, `year`, and nothing keeps that unique in table `events`
    ALTER TABLE \"events\" ADD PRIMARY KEY (\"id\", \"year\");",
        "warning: Event.device: no foreign key leads from `device_id` of table `events` to `id` of table `devices`, so \
         that a row may lead nowhere
    ALTER TABLE \"events\" ADD FOREIGN KEY (\"device_id\") REFERENCES \"devices\" (\"id\");",
        "warning: Device.events: no index of table `events` begins with `device_id`, by which it is searched
    CREATE INDEX ON \"events\" (\"device_id\");",
    ];
    mended::<Device>(EVENTS, &expected).await;
}

#[tokio::test]
async fn an_index_on_each_partition_is_one_on_all() {
    let script = format!(
        "{EVENTS} ALTER TABLE events ADD PRIMARY KEY (id, year); CREATE INDEX ON events_old (device_id);
        ALTER TABLE events_old ADD FOREIGN KEY (device_id) REFERENCES devices;
        ALTER TABLE events_new ADD FOREIGN KEY (device_id) REFERENCES devices;"
    );
    let wanted = "warning: Device.events: no index of table `events` begins with `device_id`, by which it is searched
    CREATE INDEX ON \"events\" (\"device_id\");";
    mended::<Device>(&script, &[wanted]).await;
    stays::<Device>(&format!("{script} CREATE INDEX ON events_new_1 (device_id)"), &[]).await;
    // One that was made for the parent alone is not valid until its partitions have theirs.
    let alone = "CREATE INDEX alone ON ONLY events (device_id)";
    let wanted = wanted.replace("searched\n", "searched; index `alone` does, and is not valid\n");
    mended::<Device>(&format!("{script} {alone}"), &[&wanted]).await;
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "events")]
struct ById {
    #[key]
    id: i32,
}

#[tokio::test]
async fn a_key_without_the_partitions_column_cannot_be_kept_unique() {
    let expected = ["error: `ById` is found by `id`, and nothing keeps that unique in table `events`, which is \
                     partitioned by `year`, `id`"];
    stays::<ById>(&format!("{EVENTS} ALTER TABLE events ADD PRIMARY KEY (id, year)"), &expected).await;
    // Nor one without the column of a partition that is partitioned again.
    let by = expected[0].replace("`year`, `id`", "`year`, `device_id`");
    stays::<ById>(&EVENTS.replace("PARTITION BY LIST (id)", "PARTITION BY LIST (device_id)"), &[&by]).await;
    let expected = expected[0].replace("`year`, `id`", "`an expression`");
    let script = "CREATE TABLE events (id int NOT NULL) PARTITION BY RANGE ((id % 10))";
    stays::<ById>(script, &[&expected]).await;
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "animals")]
#[belongs_to(owner: Owner, by = owner_id)]
struct Animal {
    #[key]
    id: i32,
    owner_id: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "owners")]
#[has_many(animals: Vec<Animal>, by = owner_id)]
struct Owner {
    #[key]
    id: i32,
}

#[tokio::test]
async fn a_table_that_inherits_has_its_own_indexes_and_constraints() {
    let script = "CREATE TABLE owners (id int PRIMARY KEY);
        CREATE TABLE animals (id int PRIMARY KEY, owner_id int NOT NULL REFERENCES owners); CREATE INDEX ON animals (owner_id);
        CREATE SCHEMA checked_dogs; CREATE TABLE checked_dogs.\"Dogs\" (name text) INHERITS (animals);
        CREATE TABLE puppies (PRIMARY KEY (id), FOREIGN KEY (owner_id) REFERENCES owners) INHERITS (checked_dogs.\"Dogs\");
        CREATE INDEX ON puppies (owner_id);";
    let expected = [
        "error: `Animal` is found by `id`, and nothing keeps that unique in table `checked_dogs.Dogs`, which inherits from \
         `animals`
    ALTER TABLE \"checked_dogs\".\"Dogs\" ADD PRIMARY KEY (\"id\");",
        "warning: Animal.owner: no foreign key leads from `owner_id` of table `checked_dogs.Dogs`, which inherits from \
         `animals` to `id` of table `owners`, so that a row may lead nowhere
    ALTER TABLE \"checked_dogs\".\"Dogs\" ADD FOREIGN KEY (\"owner_id\") REFERENCES \"owners\" (\"id\");",
        "warning: Owner.animals: no index of table `checked_dogs.Dogs`, which inherits from `animals` begins with \
         `owner_id`, by which it is searched
    CREATE INDEX ON \"checked_dogs\".\"Dogs\" (\"owner_id\");",
    ];
    mended::<Owner>(script, &expected).await;
}

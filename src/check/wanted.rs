//! What entities want of a database: their tables, the columns of these, and the relations between them.
//!
//! It walks over relations and knows no catalog. Descriptors are compared by what they say, never by their address.

use std::collections::HashSet;

use crate::schema::{Column, Condition, KeyPair, Link, RelationDef, Table};

/// All that is reachable from the entities that were given, each once.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    /// The tables; what follows names them by their position.
    pub(crate) places: Vec<Place>,
    pub(crate) mapped: Vec<Mapped>,
    pub(crate) relations: Vec<Edge>,
}

/// A table that one or several entities are mapped to, or that a relation goes through.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) schema: Option<&'static str>,
    pub(crate) name: &'static str,
    /// The first entity that is mapped to it, else the one that the relation starts from.
    pub(crate) entity: &'static str,
    /// The relations that go through it, if no entity is mapped to it.
    pub(crate) through: Vec<String>,
    /// Each name once; an entity's column where there is one.
    pub(crate) columns: Vec<Wish>,
    /// The first entity's key, or all columns of a bare association table.
    pub(crate) key: Vec<&'static str>,
}

/// A column that a table should have.
#[derive(Debug)]
pub(crate) struct Wish {
    pub(crate) column: &'static Column,
    /// The first entity that reads it, else the one that the relation starts from.
    pub(crate) entity: &'static str,
    /// The relations that go through it, if no entity reads it.
    pub(crate) through: Vec<String>,
    /// The column that a bare association's column equals, whose type it has, and its table.
    pub(crate) like: Option<(usize, &'static Column)>,
}

/// An entity and its table.
#[derive(Debug)]
pub(crate) struct Mapped {
    pub(crate) table: &'static Table,
    pub(crate) place: usize,
}

/// A relation and its tables.
#[derive(Debug)]
pub(crate) struct Edge {
    pub(crate) def: &'static RelationDef,
    pub(crate) source: usize,
    pub(crate) target: usize,
    /// The association table.
    pub(crate) through: Option<usize>,
}

/// Columns of one table that equal columns of another one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hop {
    /// The table that a foreign key would be in, if there is one.
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) pairs: &'static [KeyPair],
}

/// What a load searches a table by.
#[derive(Debug, Clone)]
pub(crate) struct Search {
    pub(crate) place: usize,
    pub(crate) columns: Vec<&'static Column>,
    pub(crate) only: &'static [Condition],
}

impl Wanted {
    /// Walks over all relations that are reachable from these tables.
    pub(crate) fn new(roots: Vec<&'static Table>) -> Self {
        let mut wanted = Wanted::default();
        let mut open = roots;
        open.reverse();
        while let Some(table) = open.pop() {
            if wanted.knows(table) {
                continue;
            }
            let place = wanted.place(table.schema, table.name, table.entity);
            wanted.map(place, table);
            let mut next = Vec::new();
            for def in (table.relations)() {
                next.push((def.target)());
                next.extend(def.association().and_then(|association| association.entity).map(|entity| entity()));
            }
            open.extend(next.into_iter().rev());
        }
        // Once every entity has its place, so that an association table is bare only if no entity is mapped to it.
        for at in 0..wanted.mapped.len() {
            for def in (wanted.mapped[at].table.relations)() {
                wanted.relate(def, wanted.mapped[at].place);
            }
        }
        wanted
    }

    /// Two entities of one name that read other columns, or have other relations, are two.
    fn knows(&self, table: &Table) -> bool {
        let relations = |table: &Table| (table.relations)().iter().map(|def| def.name).collect::<Vec<_>>();
        self.mapped.iter().any(|known| {
            *known.table == *table && known.table.columns == table.columns && relations(known.table) == relations(table)
        })
    }

    fn place(&mut self, schema: Option<&'static str>, name: &'static str, entity: &'static str) -> usize {
        let known = self.places.iter().position(|place| place.schema == schema && place.name == name);
        known.unwrap_or_else(|| {
            let (through, columns, key) = (Vec::new(), Vec::new(), Vec::new());
            self.places.push(Place { schema, name, entity, through, columns, key });
            self.places.len() - 1
        })
    }

    fn map(&mut self, at: usize, table: &'static Table) {
        let place = &mut self.places[at];
        for column in table.columns {
            place.add(Wish { column, entity: table.entity, through: Vec::new(), like: None });
        }
        if place.key.is_empty() {
            place.key = table.key.iter().filter_map(|&at| table.columns.get(at)).map(|column| column.name).collect();
        }
        self.mapped.push(Mapped { table, place: at });
    }

    fn relate(&mut self, def: &'static RelationDef, source: usize) {
        let table = (def.target)();
        let target = self.place(table.schema, table.name, table.entity);
        let through = def.association().map(|association| {
            let (entity, relation) = ((def.source)().entity, path(def));
            let at = self.place(association.schema, association.table, entity);
            let bare = !self.mapped.iter().any(|mapped| mapped.place == at);
            let place = &mut self.places[at];
            let wish = |column, like| Wish { column, entity, through: vec![relation.clone()], like };
            for (side, pairs) in [(source, association.source), (target, association.target)] {
                for pair in pairs {
                    place.add(wish(pair.source, Some((side, pair.target))));
                    if bare && !place.key.contains(&pair.source.name) {
                        place.key.push(pair.source.name);
                    }
                }
            }
            association.only.iter().for_each(|condition| place.add(wish(condition.column, None)));
            if bare {
                place.through.push(relation);
            }
            at
        });
        self.relations.push(Edge { def, source, target, through });
    }

    /// The entities, each name once.
    pub(crate) fn entities(&self) -> Vec<&'static str> {
        let mut seen = HashSet::new();
        self.mapped.iter().map(|mapped| mapped.table.entity).filter(|name| seen.insert(*name)).collect()
    }

    /// Every column of every table, each with its table's position.
    pub(crate) fn columns(&self) -> Vec<(usize, &'static str)> {
        let of = |(at, place): (usize, &Place)| {
            place.columns.iter().map(move |wish| (at, wish.column.name)).collect::<Vec<_>>()
        };
        self.places.iter().enumerate().flat_map(of).collect()
    }
}

impl Place {
    /// The table's name, with its schema where there is one.
    pub(crate) fn qualified(&self) -> String {
        self.schema.map_or_else(|| self.name.to_owned(), |schema| format!("{schema}.{}", self.name))
    }

    fn add(&mut self, wish: Wish) {
        match self.columns.iter_mut().find(|known| known.column.name == wish.column.name) {
            // What an entity reads is the entity's.
            Some(known) if known.through.is_empty() => {}
            Some(known) => known.through.extend(wish.through),
            None => self.columns.push(wish),
        }
    }
}

impl Edge {
    /// The columns that it equates, table by table.
    pub(crate) fn hops(&self) -> Vec<Hop> {
        match (&self.def.link, self.through) {
            (Link::Through(association), Some(through)) => vec![
                Hop { from: through, to: self.source, pairs: association.source },
                Hop { from: through, to: self.target, pairs: association.target },
            ],
            (Link::Direct(pairs), _) => vec![Hop { from: self.source, to: self.target, pairs }],
            (Link::Through(_), None) => Vec::new(),
        }
    }

    /// The searches of a load, in their order.
    pub(crate) fn searches(&self) -> Vec<Search> {
        let columns = self.def.key_columns().collect();
        match (self.def.association(), self.through) {
            (Some(association), Some(through)) => vec![
                Search { place: through, columns, only: association.only },
                Search {
                    place: self.target,
                    columns: association.target.iter().map(|pair| pair.target).collect(),
                    only: self.def.only,
                },
            ],
            _ => vec![Search { place: self.target, columns, only: self.def.only }],
        }
    }

    /// The relation's name, with that of its entity.
    pub(crate) fn name(&self) -> String {
        path(self.def)
    }
}

/// `User.posts`.
fn path(def: &RelationDef) -> String {
    format!("{}.{}", (def.source)().entity, def.name)
}

//! What can be said of an entity's rows: columns and paths, also those behind steps that multiply rows.

use std::marker::PhantomData;
use std::rc::Rc;

use relata::Entity;
use relata::expr::Selectable;
use serde::Serialize;
use serde_json::Value as Json;

use super::super::asked::{Link, Relation, Table};
use super::across::Leads;
use super::combined::read_null;
use super::held::Selects;
use super::meaning::{At, Meaning};
use super::shapes::Shaped;
use super::sight::Both;
use super::term::Term;
use super::tuple::Tuple;
use super::values::{Cell, Ty, Val};
use super::within::Within;

/// Reads the cells of an item.
pub type Read = Rc<dyn Fn(&[Cell]) -> Result<Json, String>>;

/// An entity that is asked about.
pub trait Asked: Entity + Serialize {
    const ABOUT: &'static Table;
    /// The number of its lines: steps that multiply rows, in one row or side by side.
    const LINES: usize = 0;
    /// Its columns and paths, and with a line those behind the line's steps.
    fn catalog(line: Option<usize>) -> Catalog<Self>;
    /// Selections that are written down with their types.
    fn tuples() -> Vec<Rc<dyn Tuple<Self>>> {
        Vec::new()
    }
    /// What else its rows can be given as.
    fn shapes() -> Vec<Shaped<Self>> {
        Vec::new()
    }
    /// What a query around lends that starts from this table.
    fn lent(table: &'static str) -> Vec<Term<Self>>;
    /// What a query within one of these starts from.
    fn inner() -> Vec<Rc<dyn Within<Self>>>;
}

/// A step that multiplies rows.
#[derive(Clone)]
pub struct Step {
    pub from: At,
    pub relation: &'static Relation,
    pub or_null: bool,
}

impl Step {
    /// The server knows that a key of its rows tells all of their columns. It does not where targets are chosen first,
    /// each once.
    pub fn is_table(&self) -> bool {
        match &self.relation.link {
            Link::Direct(_) => true,
            Link::Through { near, far, entity, .. } => {
                let is_of_pair =
                    |column: &&str| [near, far].iter().any(|pair| pair.contains(&format!("{{a}}.{column} ")));
                !self.or_null && entity.is_some_and(|entity| entity.key.iter().all(is_of_pair))
            }
        }
    }
}

/// All that can be said of the rows of `E`.
pub struct Catalog<E> {
    pub terms: Vec<Term<E>>,
    /// The keys of the root and of each step.
    pub keys: Vec<Vec<Term<E>>>,
    pub paths: Vec<Rc<dyn Leads<E>>>,
    pub entities: Vec<Chosen<E>>,
    pub steps: Rc<[Step]>,
}

impl<E: Entity> Catalog<E> {
    /// The terms of a root, whose key is the first ones.
    pub fn new(terms: Vec<Term<E>>, key: usize) -> Self {
        let keys = vec![terms[..key].to_vec()];
        Catalog { terms, keys, paths: Vec::new(), entities: Vec::new(), steps: Rc::new([]) }
    }

    /// A step more, and where its rows are.
    pub fn step(&mut self, from: &At, relation: &'static Relation, or_null: bool) -> At {
        assert_eq!(from.table, relation.source.name);
        let text = format!("{}.{}.{}", from.text, relation.name, if or_null { "each_or_null()" } else { "each()" });
        let step = Step { from: from.clone(), relation, or_null };
        self.steps = self.steps.iter().cloned().chain([step]).collect();
        At::step(self.steps.len(), relation.target, text)
    }

    /// The terms of the last step, whose key is the first ones.
    pub fn behind(&mut self, terms: Vec<Term<E>>, key: usize) {
        self.keys.push(terms[..key].to_vec());
        // Before those of the root, which are more.
        self.terms.splice(0..0, terms);
    }
}

/// What is selected.
pub struct Chosen<E> {
    pub is: Meaning,
    pub items: Selects,
    /// Reads its cells, of which there are so many.
    pub read: Read,
    pub width: usize,
    /// The table of an entity.
    pub table: Option<&'static str>,
    root: PhantomData<E>,
}

impl<E: 'static> Chosen<E> {
    /// One column.
    pub fn new(is: Meaning, items: Selects, read: Read) -> Self {
        Chosen { is, items, read, width: 1, table: None, root: PhantomData }
    }

    pub fn term<K: 'static>(term: &Term<E, K>) -> Self {
        let (items, typed, promised) = (Rc::clone(&term.typed), Rc::clone(&term.typed), term.is.promised);
        Chosen {
            is: term.is.clone(),
            items: Rc::new(move |out| items.items(out)),
            read: Rc::new(move |cells| Ok(typed.read(&cells[0], promised)?.json())),
            width: 1,
            table: None,
            root: PhantomData,
        }
    }

    /// How it is read where something else may stand that is NULL; of a type if it is a value.
    pub fn read_as(&self, ty: Option<Ty>) -> Read {
        ty.map_or_else(|| Rc::clone(&self.read), read_null)
    }

    /// A condition as a value.
    pub fn condition(both: Both<E>) -> Self
    where
        E: Entity,
    {
        let Both { predicate, is } = both;
        Chosen {
            is: is.map(is.text.clone(), Val::of),
            items: Rc::new(move |out| Selectable::<E>::items(predicate.clone(), out)),
            read: Rc::new(|cells| Ok(cells[0].read::<bool>(true)?.json())),
            width: 1,
            table: None,
            root: PhantomData,
        }
    }

    /// An entity, where a path leads to it.
    pub fn entity<T: Entity, X: Selectable<E> + Clone + 'static>(entity: X, at: &At) -> Self {
        let table = <T as Entity>::TABLE;
        assert_eq!(table.name, at.table);
        let read = |cells: &[Cell]| {
            let key = table.key.iter().any(|&at| cells[at].plain().is_null());
            let columns = table.columns.iter().zip(cells);
            Ok(if key { Json::Null } else { columns.map(|(it, cell)| (it.name, cell.plain().json())).collect() })
        };
        Chosen {
            is: at.entity(),
            items: Rc::new(move |out| entity.clone().items(out)),
            read: Rc::new(read),
            width: table.columns.len(),
            table: Some(at.table),
            root: PhantomData,
        }
    }
}

impl<E> Clone for Chosen<E> {
    fn clone(&self) -> Self {
        let (is, items, read) = (self.is.clone(), Rc::clone(&self.items), Rc::clone(&self.read));
        Chosen { is, items, read, width: self.width, table: self.table, root: PhantomData }
    }
}

/// An entity whose rows are no more than a table's, with the number of its key's terms.
macro_rules! small {
    ($entity:ident $about:ident, $at:ident, $keys:literal [$($terms:tt)*] [$($paths:tt)*]) => {
        impl Asked for $entity {
            const ABOUT: &'static $crate::shared::oracle::asked::Table = &$about;

            fn catalog(_: Option<usize>) -> Catalog<Self> {
                let $at = At::root(&$about);
                let mut all = Catalog::new(vec![$($terms)*], $keys);
                all.entities = vec![Chosen::entity::<$entity, _>($entity, &$at)];
                all.paths = vec![$($paths)*];
                all
            }

            fn lent(table: &'static str) -> Vec<Term<Self>> {
                lent(table)
            }

            fn inner() -> Vec<std::rc::Rc<dyn $crate::shared::oracle::selections::within::Within<Self>>> {
                inner()
            }
        }
    };
}
pub(super) use small;

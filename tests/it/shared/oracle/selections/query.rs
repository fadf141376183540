//! A whole query as it was drawn: the crate's, and what it means.

use relata::expr::{Kind, PerRow};
use relata::{Entity, Order, Predicate, Query, Queryable, Select};

use super::ask::{Ask, Cond, Distinct, Expr, Item, OfGroup, Shape, Sort, Total};
use super::catalog::{Asked, Chosen};
use super::held::Drawn;
use super::meaning::At;
use super::naive::{Naive, Sorted};
use super::run::{Asks, drawn, entities};
use super::sight::Sight;
use super::source::{Part, Sourced};
use super::term::Term;
use super::values::Pick;
use super::windows::Seen;

/// The crate's query, and what it means.
pub struct Made {
    pub query: Box<dyn Asks>,
    pub naive: Naive,
}

/// A selection of items, and what they are.
pub struct Selecting<E, K> {
    pub select: Select<E, Drawn<E, K>>,
    pub chosen: Vec<Chosen<E>>,
    pub naive: Naive,
}

impl<E: Entity, K: Kind> Selecting<E, K> {
    pub fn made(self) -> Made {
        Made { query: drawn(self.select, &self.chosen), naive: self.naive }
    }
}

/// What is made of an `Ask` step by step.
pub struct Maker<E: Entity> {
    base: Query<E>,
    pub sight: Sight<E>,
    pub filters: Vec<Predicate<E>>,
    rows: [Option<u64>; 2],
    pub naive: Naive,
}

/// Conditions and an order of an entity's rows, and what they mean with the key that completes the order.
pub struct Ordered<E> {
    pub filters: Vec<Predicate<E>>,
    pub order: Vec<Order<E>>,
    pub naive: Naive,
}

/// Rows of an entity in an order that was drawn.
pub fn ordered<E: Asked>(filters: &[Cond], order: &[Sort<Expr>]) -> Ordered<E> {
    let sight = Sight::<E>::new(None, false);
    let (filters, naive) = plain(&sight, filters, true, Sourced::table(E::ABOUT));
    let mut maker = Maker { base: E::query(), sight, filters, rows: [None; 2], naive };
    let order = maker.completed(order);
    Ordered { filters: maker.filters, order, naive: maker.naive }
}

/// One side of a set operation: the rows of an entity, in an order that the key completes where they are counted off.
pub fn parted<E: Asked>(sight: Sight<E>, part: &Part) -> (Query<E>, Naive) {
    let (base, source) = sight.sourced(&part.source);
    let (filters, naive) = plain(&sight, &part.filters, true, source);
    let rows = counted(&sight, part.limit, part.offset);
    let mut maker = Maker { base, sight, filters, rows, naive };
    let query = maker.ordered(&part.order);
    (query, maker.naive)
}

/// The limit and the offset.
fn counted<E: Asked>(sight: &Sight<E>, limit: Option<Pick>, offset: Option<Pick>) -> [Option<u64>; 2] {
    let rows = |pick: Option<Pick>, all: [u64; 4]| {
        pick.map(|pick| *(if sight.is_twin() { pick.other() } else { pick }).from(&all))
    };
    [rows(limit, [1, 2, 5, 0]), rows(offset, [1, 0, 2, 1])]
}

/// Conditions on all rows of a source.
fn plain<E: Asked>(sight: &Sight<E>, filters: &[Cond], total: bool, source: Sourced) -> (Vec<Predicate<E>>, Naive) {
    let both = filters.iter().map(|cond| sight.condition(cond));
    let (predicates, filters) = both.map(|both| (both.predicate, both.is)).unzip();
    let naive = Naive {
        table: E::ABOUT.name,
        source,
        steps: sight.catalog.steps.clone(),
        filters,
        groups: None,
        having: Vec::new(),
        items: vec![At::root(E::ABOUT).entity()],
        panes: Vec::new(),
        distinct: false,
        distinct_on: Vec::new(),
        order: Vec::new(),
        total,
        limit: None,
        offset: None,
    };
    (predicates, naive)
}

/// A query, `twin` with other values in the places of those that were drawn.
pub fn make<E: Asked>(ask: &Ask, twin: bool) -> Made {
    made(Sight::<E>::new(line::<E>(ask), twin), ask)
}

/// The line of steps that multiply the rows.
pub fn line<E: Asked>(ask: &Ask) -> Option<usize> {
    let tuples = E::tuples();
    match &ask.shape {
        Shape::Entities { .. } => None,
        Shape::Tuple { .. } if tuples.is_empty() => None,
        Shape::Tuple { which, .. } => which.from(&tuples).line(),
        _ if E::LINES == 0 => None,
        _ => ask.line.map(|pick| pick.of(E::LINES)),
    }
}

/// What makes a query, from where it stands.
pub fn maker<E: Asked>(sight: Sight<E>, ask: &Ask) -> Maker<E> {
    let rows = counted(&sight, ask.limit, ask.offset);
    let (base, source) = sight.sourced(&ask.source);
    let (filters, naive) = plain(&sight, &ask.filters, ask.ordered, source);
    Maker { base, sight, filters, rows, naive }
}

/// A query, as it is seen from where it stands.
pub fn made<E: Asked>(sight: Sight<E>, ask: &Ask) -> Made {
    let (tuples, maker) = (E::tuples(), maker(sight, ask));
    match &ask.shape {
        Shape::Tuple { which, order } if !tuples.is_empty() => maker.tuple(*which, order),
        Shape::Entities { order, shape } => maker.entities(order, *shape),
        Shape::Tuple { order, .. } => maker.entities(order, None),
        Shape::Items { items, distinct, order } => maker.items(items, distinct, order).made(),
        Shape::Groups { whole, by, items, having, order, windows } => {
            maker.groups(*whole, by, (items, windows), having, order).made()
        }
        Shape::Whole { items, having } => maker.whole(items, having.as_ref()),
    }
}

impl<E: Asked> Maker<E> {
    /// A term of the order; where NULLs stand follows from the direction if it is not said.
    pub fn sorted<K: 'static>(
        &mut self,
        term: &Term<E, K>,
        descending: bool,
        nulls_first: Option<bool>,
    ) -> Order<E, K> {
        let order = term.typed.order(descending);
        self.naive.order.push(Sorted {
            by: term.is.clone(),
            descending,
            nulls_first: nulls_first.unwrap_or(descending),
        });
        match nulls_first {
            None => order,
            Some(true) => order.nulls_first(),
            Some(false) => order.nulls_last(),
        }
    }

    fn sorts(&mut self, sorts: &[Sort<Expr>]) -> Vec<Order<E>> {
        let one = |sort: &Sort<Expr>| {
            let term = self.sight.expr(&sort.by);
            self.sorted(&term, sort.descending, sort.nulls_first)
        };
        sorts.iter().map(one).collect()
    }

    /// The order that was drawn, and then the keys, if it is to be total.
    fn total_order(&mut self, sorts: &[Sort<Expr>]) -> Vec<Order<E>> {
        let mut order = self.sorts(sorts);
        let named = self.naive.named() << 1 | 1;
        for (at, keys) in self.sight.catalog.clone().keys.iter().enumerate() {
            let wanted = self.naive.total && named & (1 << at) != 0;
            for key in keys.iter().filter(|_| wanted) {
                order.push(self.sorted(key, false, None));
            }
        }
        order
    }

    /// The order that was drawn, which the crate completes by the key.
    fn completed(&mut self, sorts: &[Sort<Expr>]) -> Vec<Order<E>> {
        let order = self.sorts(sorts);
        for key in &self.sight.catalog.clone().keys[0] {
            let _ = self.sorted(key, false, None);
        }
        order
    }

    /// Limit and offset, where it is certain which rows they leave out.
    pub fn counted_off(&mut self) -> [Option<u64>; 2] {
        if self.naive.total {
            [self.naive.limit, self.naive.offset] = self.rows;
        }
        [self.naive.limit, self.naive.offset]
    }

    pub fn query(&mut self) -> Query<E> {
        std::mem::take(&mut self.filters).into_iter().fold(self.base.clone(), Query::filter)
    }

    pub fn made(self, query: Box<dyn Asks>) -> Made {
        Made { query, naive: self.naive }
    }

    fn entities(mut self, order: &[Sort<Expr>], shape: Option<Pick>) -> Made {
        let (query, shapes) = (self.ordered(order), E::shapes());
        let Some(pick) = shape.filter(|_| !shapes.is_empty()) else { return self.made(entities(query)) };
        let shape = pick.from(&shapes);
        self.naive.items = vec![shape.is.clone()];
        self.made((shape.asks)(query))
    }

    /// The rows themselves, in their order and counted off.
    fn ordered(&mut self, order: &[Sort<Expr>]) -> Query<E> {
        let query = self.query();
        // The key completes an order where rows are counted off.
        let counted = self.naive.total && self.rows.iter().any(Option::is_some);
        let order = if counted { self.completed(order) } else { self.total_order(order) };
        let query = order.into_iter().fold(query, Query::order_by);
        let [limit, offset] = self.counted_off();
        let query = limit.into_iter().fold(query, Query::limit);
        offset.into_iter().fold(query, Query::offset)
    }

    fn tuple(mut self, which: Pick, order: &[Sort<Expr>]) -> Made {
        let tuples = E::tuples();
        let tuple = which.from(&tuples);
        self.naive.items = tuple.is();
        let query = self.query();
        let order = self.total_order(order);
        let rows = self.counted_off();
        let query = tuple.select(query, order, rows);
        self.made(query)
    }

    pub fn items(mut self, items: &[Item], distinct: &Distinct, order: &[Sort<Expr>]) -> Selecting<E, PerRow> {
        let mut terms = Vec::new();
        let mut chosen = Vec::new();
        let mut windows = Vec::new();
        for item in items {
            chosen.push(match item {
                Item::Window(drawn) => {
                    let seen = |of: &OfGroup| {
                        Seen::Row(self.sight.expr(&Expr::Term(match of {
                            OfGroup::Common(pick) | OfGroup::Total(Total { value: pick, .. }) => *pick,
                        })))
                    };
                    let keys: Vec<Term<E>> = self.sight.catalog.keys.concat();
                    let (item, pane, shown) = self.sight.windowed(drawn, &seen, &keys, self.naive.source.doubles);
                    // Distinct rows have an order of their own.
                    let sorts = drawn.sorts.filter(|_| matches!(distinct, Distinct::No));
                    let at = sorts.map(|descending| {
                        windows.push((shown, descending));
                        self.naive.order.push(Sorted { by: item.is.clone(), descending, nulls_first: descending });
                        self.naive.order.len() - 1
                    });
                    self.naive.panes.push((chosen.len(), at, pane));
                    item
                }
                Item::Expr(expr) => {
                    terms.push(self.sight.expr(expr));
                    Chosen::term(&terms[terms.len() - 1])
                }
                Item::Entity(pick) => pick.from(&self.sight.catalog.entities).clone(),
                Item::Condition(cond) => Chosen::condition(self.sight.condition(cond)),
            });
        }
        self.naive.items = chosen.iter().map(|chosen| chosen.is.clone()).collect();
        let last = self.filters.pop();
        let select = self.query().select(Drawn::<E, PerRow>::new(chosen.iter().map(|item| item.items.clone())));
        let select = last.into_iter().fold(select, Select::filter);
        let select = windows.iter().fold(select, |select, (shown, descending)| (shown.sorts)(select, *descending));
        let mut select = match distinct {
            Distinct::No => self.total_order(order).into_iter().fold(select, Select::order_by),
            Distinct::All => {
                // By all that was selected, if it can be sorted by.
                self.naive.distinct = true;
                self.naive.total &= terms.len() == chosen.len();
                let mut select = select.distinct();
                let total = self.naive.total;
                for (at, term) in terms.iter().enumerate().filter(|_| total) {
                    let sort = order.get(at);
                    let descending = sort.is_some_and(|sort| sort.descending);
                    select = select.order_by(self.sorted(term, descending, sort.and_then(|sort| sort.nulls_first)));
                }
                select
            }
            Distinct::On(on) => {
                self.naive.total = true;
                let terms: Vec<Term<E>> = on.iter().map(|sort| self.sight.expr(&sort.by)).collect();
                self.naive.distinct_on = terms.iter().map(|term| term.is.clone()).collect();
                let columns = terms.iter().map(|term| Chosen::term(term).items);
                let select = select.distinct_on(Drawn::<E, PerRow>::new(columns));
                let all: Vec<Sort<Expr>> = on.iter().chain(order).cloned().collect();
                self.total_order(&all).into_iter().fold(select, Select::order_by)
            }
        };
        let [limit, offset] = self.counted_off();
        select = limit.into_iter().fold(select, Select::limit);
        select = offset.into_iter().fold(select, Select::offset);
        Selecting { select, chosen, naive: self.naive }
    }
}

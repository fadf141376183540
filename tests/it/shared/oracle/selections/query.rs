//! A whole query as it was drawn: the crate's, and what it means.

use relata::expr::PerRow;
use relata::{Order, Predicate, Query, Queryable, Select};

use super::ask::{Ask, Cond, Distinct, Expr, Item, Shape, Sort};
use super::catalog::{Asked, Chosen};
use super::held::Drawn;
use super::meaning::At;
use super::naive::{Naive, Sorted};
use super::run::{Asks, drawn, entities};
use super::sight::Sight;
use super::term::Term;
use super::values::Pick;

/// The crate's query, and what it means.
pub struct Made {
    pub query: Box<dyn Asks>,
    pub naive: Naive,
}

/// What is made of an `Ask` step by step.
pub struct Maker<E> {
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
    let (filters, naive) = plain(&sight, filters, true);
    let mut maker = Maker { sight, filters, rows: [None; 2], naive };
    let order = maker.completed(order);
    Ordered { filters: maker.filters, order, naive: maker.naive }
}

/// Conditions on all rows of a table.
fn plain<E: Asked>(sight: &Sight<E>, filters: &[Cond], total: bool) -> (Vec<Predicate<E>>, Naive) {
    let both = filters.iter().map(|cond| sight.condition(cond));
    let (predicates, filters) = both.map(|both| (both.predicate, both.is)).unzip();
    let naive = Naive {
        table: E::ABOUT.name,
        steps: sight.catalog.steps.clone(),
        filters,
        groups: None,
        having: Vec::new(),
        items: vec![At::root(E::ABOUT).entity()],
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
    let tuples = E::tuples();
    let line = match &ask.shape {
        Shape::Entities { .. } => None,
        Shape::Tuple { .. } if tuples.is_empty() => None,
        Shape::Tuple { which, .. } => which.from(&tuples).line(),
        _ if E::LINES == 0 => None,
        _ => ask.line.map(|pick| pick.of(E::LINES)),
    };
    let sight = Sight::<E>::new(line, twin);
    let rows =
        |pick: Option<Pick>, all: [u64; 4]| pick.map(|pick| *(if twin { pick.other() } else { pick }).from(&all));
    let rows = [rows(ask.limit, [1, 2, 5, 0]), rows(ask.offset, [1, 0, 2, 1])];
    let (filters, naive) = plain(&sight, &ask.filters, ask.ordered);
    let maker = Maker { sight, filters, rows, naive };
    match &ask.shape {
        Shape::Tuple { which, order } if !tuples.is_empty() => maker.tuple(*which, order),
        Shape::Entities { order } | Shape::Tuple { order, .. } => maker.entities(order),
        Shape::Items { items, distinct, order } => maker.items(items, distinct, order),
        Shape::Groups { whole, by, items, having, order } => maker.groups(*whole, by, items, having, order),
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
        std::mem::take(&mut self.filters).into_iter().fold(E::query(), Query::filter)
    }

    pub fn made(self, query: Box<dyn Asks>) -> Made {
        Made { query, naive: self.naive }
    }

    fn entities(mut self, order: &[Sort<Expr>]) -> Made {
        let query = self.query();
        // The key completes an order where rows are counted off.
        let counted = self.naive.total && self.rows.iter().any(Option::is_some);
        let order = if counted { self.completed(order) } else { self.total_order(order) };
        let query = order.into_iter().fold(query, Query::order_by);
        let [limit, offset] = self.counted_off();
        let query = limit.into_iter().fold(query, Query::limit);
        self.made(entities(offset.into_iter().fold(query, Query::offset)))
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

    fn items(mut self, items: &[Item], distinct: &Distinct, order: &[Sort<Expr>]) -> Made {
        let mut terms = Vec::new();
        let mut chosen = Vec::new();
        for item in items {
            chosen.push(match item {
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
        self.made(drawn(select, &chosen))
    }
}

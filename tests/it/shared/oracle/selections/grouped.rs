//! Queries of groups, and of aggregates of all rows.

use relata::expr::{PerGroup, PerRow};
use relata::{Predicate, Select};

use super::ask::{Expr, OfGroup, Sort, Total};
use super::by::By;
use super::catalog::{Asked, Chosen};
use super::held::Drawn;
use super::query::{Made, Maker, Selecting};
use super::run::drawn;
use super::sight::Both;
use super::term::Term;
use super::values::Pick;
use super::windows::{Seen, Windowed};

impl<E: Asked> Maker<E> {
    pub fn groups(
        mut self,
        whole: Option<Pick>,
        by: &[Expr],
        (items, windows): (&[OfGroup], &[Windowed]),
        having: &[(OfGroup, By, bool)],
        order: &[Sort<OfGroup>],
    ) -> Selecting<E, PerGroup> {
        let mut by: Vec<Term<E>> = by.iter().map(|expr| self.sight.expr(expr)).collect();
        let mut common = by.clone();
        if let Some(pick) = whole {
            let catalog = self.sight.catalog.clone();
            let slot = pick.of(catalog.keys.len());
            by.splice(0..0, catalog.keys[slot].iter().cloned());
            // The server knows it of a table, and not of what stands in its place.
            let of_table = self.naive.source.rows.is_none();
            let known = if slot == 0 { of_table } else { catalog.steps[slot - 1].is_table() };
            let columns = catalog.terms.iter().filter(|term| known && term.is.column_of == Some(slot));
            common = columns.cloned().chain(by.clone()).collect();
        }
        self.naive.groups = Some(by.iter().map(|term| term.is.clone()).collect());
        let mut chosen: Vec<Chosen<E>> = items
            .iter()
            .map(|item| match item {
                OfGroup::Common(pick) => Chosen::term(pick.from(&common)),
                OfGroup::Total(total) => Chosen::term(&self.sight.total(total)),
            })
            .collect();
        for drawn in windows {
            let seen = |of: &OfGroup| match of {
                OfGroup::Common(pick) => Seen::Row(pick.from(&common).clone()),
                OfGroup::Total(total) => Seen::Group(self.sight.total(total)),
            };
            let drawn = Windowed { filter: None, ..drawn.clone() };
            let (item, pane, _) = self.sight.windowed(&drawn, &seen, &by, false);
            self.naive.panes.push((chosen.len(), None, pane));
            chosen.push(item);
        }
        self.naive.items = chosen.iter().map(|chosen| chosen.is.clone()).collect();
        let last = self.filters.pop();
        let mut grouped =
            self.query().group_by(Drawn::<E, PerRow>::new(by.iter().map(|term| Chosen::term(term).items)));
        grouped = last.into_iter().fold(grouped, |grouped, filter| grouped.filter(filter));
        for (of, by_value, negated) in having {
            let by_value = self.sight.by(*by_value);
            grouped = match of {
                OfGroup::Common(pick) => grouped.having(self.having(pick.from(&common).compared(by_value), *negated)),
                OfGroup::Total(total) => {
                    grouped.having(self.having(self.sight.total(total).compared(by_value), *negated))
                }
            };
        }
        let mut select = grouped.select(Drawn::<E, PerGroup>::new(chosen.iter().map(|item| item.items.clone())));
        for sort in order {
            let (descending, nulls_first) = (sort.descending, sort.nulls_first);
            select = match &sort.by {
                OfGroup::Common(pick) => select.order_by(self.sorted(pick.from(&common), descending, nulls_first)),
                OfGroup::Total(total) => {
                    let total = self.sight.total(total);
                    select.order_by(self.sorted(&total, descending, nulls_first))
                }
            };
        }
        let total = self.naive.total;
        for term in by.iter().filter(|_| total) {
            select = select.order_by(self.sorted(term, false, None));
        }
        let [limit, offset] = self.counted_off();
        select = limit.into_iter().fold(select, Select::limit);
        select = offset.into_iter().fold(select, Select::offset);
        Selecting { select, chosen, naive: self.naive }
    }

    fn having<K: 'static>(&mut self, both: Both<E, K>, negated: bool) -> Predicate<E, K> {
        self.naive.having.push(if negated { both.is.not() } else { both.is });
        if negated { !both.predicate } else { both.predicate }
    }

    pub fn whole(mut self, items: &[Total], having: Option<&(Total, By)>) -> Made {
        let chosen: Vec<Chosen<E>> = items.iter().map(|total| Chosen::term(&self.sight.total(total))).collect();
        self.naive.groups = Some(Vec::new());
        self.naive.items = chosen.iter().map(|chosen| chosen.is.clone()).collect();
        let select = self.query().select(Drawn::<E, PerGroup>::new(chosen.iter().map(|item| item.items.clone())));
        let select = match having {
            None => select,
            Some((total, by)) => {
                let both = self.sight.total(total).compared(self.sight.by(*by));
                select.having(self.having(both, false))
            }
        };
        self.made(drawn(select, &chosen))
    }
}

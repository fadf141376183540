//! Paths that give several rows for one: where they may stand, and which of them beside another.

use super::Checked;
use super::names::{names, path_text};
use crate::expr::{Item, Rows, Step};
use crate::schema::Reach;

/// Rows of entities are not multiplied.
pub(super) fn entities(rows: &Rows) -> Checked {
    if rows.selection {
        return Ok(());
    }
    match multiplied(rows).first() {
        None => Ok(()),
        Some(path) => {
            let path = path_text(rows.table, path);
            Err(format!(
                "`{path}` gives several rows for one, which a query for entities has not: ask of them by `any`, `every` or \
                 `count`; or say by `select` what a row is"
            ))
        }
    }
}

/// Paths that give several rows for one are steps of one line, or under names of their own: two lines would multiply each
/// other.
pub(super) fn lines(rows: &Rows) -> Checked {
    let lines = multiplied(rows);
    for line in &lines {
        if let Some(at) = line.iter().position(|step| !step.multiplies() && step.relation.reach == Reach::Many) {
            let (whole, part) = (path_text(rows.table, line), path_text(rows.table, &line[..=at]));
            return Err(format!("`{whole}` goes on from `{part}`, which is several rows: `{part}.each()`"));
        }
    }
    for (at, one) in lines.iter().enumerate() {
        for other in &lines[at + 1..] {
            let common = one.iter().zip(*other).take_while(|(one, other)| one == other).count();
            let (Some(one_next), Some(other_next)) = (one.get(common), other.get(common)) else { continue };
            let same = one_next.relation == other_next.relation && one_next.alias == other_next.alias;
            let said = one[common..].iter().chain(&other[common..]).any(|step| step.alias.is_some());
            if same || !said {
                let (one, other) = (path_text(rows.table, one), path_text(rows.table, other));
                return Err(if same {
                    format!(
                        "`{one}` and `{other}` are one join that is asked for in two ways: write the same in both places, or \
                         name the second, `alias::<'b'>()`"
                    )
                } else {
                    format!(
                        "`{one}` and `{other}` would multiply each other: select one of them and count the other, or say that \
                         it is meant by a name for one, `alias::<'b'>()`"
                    )
                });
            }
        }
    }
    Ok(())
}

/// Whether a path gives several rows for one.
pub(super) fn multiplies(rows: &Rows) -> bool {
    !multiplied(rows).is_empty()
}

/// Rows are locked, and not multiplied by that.
pub(super) fn locked_lines(rows: &Rows, of: &[Vec<Step>]) -> Checked {
    let known = multiplied(rows);
    for path in of {
        let Some(last) = path.iter().rposition(Step::multiplies) else { continue };
        let line = &path[..=last];
        if !known.iter().any(|known| known.starts_with(line)) {
            let path = path_text(rows.table, line);
            return Err(format!("`{path}` is locked, and nothing of it is selected: it would only multiply the rows"));
        }
    }
    Ok(())
}

/// The paths that are named, as far as they multiply rows.
fn multiplied(rows: &Rows) -> Vec<&[Step]> {
    let mut paths: Vec<&[Step]> = Vec::new();
    for expr in rows.expressions() {
        names(expr, rows.table, &mut |name| paths.push(name.path()));
    }
    for item in rows.selected() {
        if let Item::Entity(path, _) = item {
            paths.push(path);
        }
    }
    paths.into_iter().filter_map(|path| path.iter().rposition(Step::multiplies).map(|last| &path[..=last])).collect()
}

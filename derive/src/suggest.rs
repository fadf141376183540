//! Lists of names in messages, and the name that was probably meant.
//!
//! It does not know what the names stand for.

/// `` `a`, `b`, `c` ``
pub(crate) fn list<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// `` ; did you mean `name`? `` if one of the names is close to what was written.
pub(crate) fn did_you_mean<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    closest(written, names).map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

fn closest<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let most = written.len().max(3) / 3;
    let lower = written.to_lowercase();
    names
        .into_iter()
        .map(|name| (distance(&lower, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Insertions, deletions, substitutions and swaps of neighbours between two names.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows = vec![(0..=other.len()).collect::<Vec<usize>>()];
    for i in 1..=one.len() {
        let mut row = vec![i];
        for j in 1..=other.len() {
            let substituted = rows[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
            let mut best = substituted.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn only_a_close_name_is_suggested() {
        let names = ["table", "schema", "rename_all"];
        assert_eq!(did_you_mean("tabel", names), "; did you mean `table`?");
        assert_eq!(did_you_mean("rename", names), "");
        assert_eq!(did_you_mean("renameAll", names), "; did you mean `rename_all`?");
        assert_eq!(did_you_mean("xyz", names), "");
    }
}
